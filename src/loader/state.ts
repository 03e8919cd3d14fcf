import { z } from 'zod';
import { AppError } from '#core';
import type { Cursor } from '#journal';
import { type Counts, countsSchema } from './ledger.ts';

const cursor = z.record(z.string().regex(/^[0-9a-f]{16}$/), z.int().nonnegative());

const lagging = z.strictObject({
  /** Everything of the tenant before it is in its table. */
  cursor,
  /** Epoch ms. */
  since: z.number(),
  code: z.string(),
  reason: z.string(),
  attempts: z.int().nonnegative(),
  /** Beacons that wait. */
  pending: z.int().nonnegative(),
});

const schema = z.strictObject({
  version: z.literal(1),
  cursor,
  intent: cursor.nullable(),
  archive: z.record(z.string(), z.int().nonnegative()),
  lagging: z.record(z.string(), lagging),
  reverify: z.strictObject({ cursor, until: cursor }).nullable(),
  serverStartedAt: z.number().nullable(),
  /** Not in checkpoints of earlier versions. */
  bootId: z.string().default(''),
  /** Not in checkpoints of earlier versions. */
  counts: countsSchema.default({ since: 0, accounts: {} }),
  savedAt: z.number(),
});

/** A tenant whose rows could not be loaded yet, and from where they have to be read again. */
export type Lagging = Readonly<z.infer<typeof lagging>>;

/** What the loader must not forget; saved after each round. */
export interface LoaderState {
  readonly version: 1;
  /** Everything before it is in the archive, and in the tables of all tenants that do not lag. */
  readonly cursor: Cursor;
  /** Between `cursor` and here rows may be in tables already: a round was begun, or a start found them in the journal. Null: nothing is. */
  readonly intent: Cursor | null;
  /** Lengths of the archive's files that belong to `cursor`. */
  readonly archive: Readonly<Record<string, number>>;
  readonly lagging: Readonly<Record<string, Lagging>>;
  /** What is looked at once more because the server or the machine was restarted, from where to where. */
  readonly reverify: { readonly cursor: Cursor; readonly until: Cursor } | null;
  /** When the server started, epoch ms; null: not seen yet. */
  readonly serverStartedAt: number | null;
  /** Which start of the machine this was written in; '': not known, or of no interest. */
  readonly bootId: string;
  /** What became of the beacons before `cursor`, since the first start. */
  readonly counts: Counts;
  /** Epoch ms. */
  readonly savedAt: number;
}

/** The state of a loader that has never run. */
export const emptyState: LoaderState = {
  version: 1,
  cursor: {},
  intent: null,
  archive: {},
  lagging: {},
  reverify: null,
  serverStartedAt: null,
  bootId: '',
  counts: { since: 0, accounts: {} },
  savedAt: 0,
};

/** Reads a saved state. Throws `LOADER_CHECKPOINT_UNREADABLE`. */
export const parseState = (value: unknown): LoaderState => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'LOADER_CHECKPOINT_UNREADABLE',
    `reading the loader's checkpoint: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    {
      hint: 'move the file aside to start without it: everything in the journal is then compared with the tables',
    },
  );
};
