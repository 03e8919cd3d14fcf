import type { Clock } from '#core';
import type { Checkpoint, Cursor } from '#journal';
import { covers, earliest, isBefore, latest, withoutGone } from './cursor.ts';
import { createLagBook, type LagBook, type LagPauses } from './lag-book.ts';
import type { Ledger } from './ledger.ts';
import type { ArchiveLengths } from './ports.ts';
import type { LoaderState } from './state.ts';

/** How far the loader is, and what it must not forget. Only one of its parts changes it at a time. */
export interface Progress {
  readonly cursor: Cursor;
  readonly lag: LagBook;
  readonly reverify: LoaderState['reverify'];
  readonly serverStartedAt: number | null;
  readonly savedAt: number;
  /** When the counts of the books began, epoch ms. */
  readonly countingSince: number;
  /** When the state was saved that this progress continues, epoch ms; the instant of its creation when there was none. */
  readonly continuedFrom: number;
  /** May an insert that is not in the books have brought this position? */
  isInDoubt(position: { readonly segment: string; readonly offset: number }): boolean;
  /** Rows up to `end` are going to be inserted: makes it durable that they are in doubt after a crash. */
  begin(end: Cursor): Promise<void>;
  /** Everything up to `end` is done, for the tenants that do not lag. */
  complete(end: Cursor, archive: ArchiveLengths): Promise<void>;
  /** The server was restarted at `startedAt`; what was loaded from `from` on is looked at once more. Null: nothing is. */
  serverRestarted(startedAt: number, from: Cursor | null): Promise<void>;
  /** The machine was restarted since the state was saved: what was loaded from `from` on is looked at once more. */
  machineRestarted(from: Cursor): void;
  /** The second look has come to `cursor`; null: it is done. */
  reverified(cursor: Cursor | null): Promise<void>;
  /** Every cursor that a segment must be before, to be deletable. */
  cursors(): readonly Cursor[];
  forgetGone(existing: ReadonlySet<string>): void;
  save(): Promise<void>;
}

/** Continues where the saved state ends. */
export const createProgress = (
  state: LoaderState,
  checkpoint: Pick<Checkpoint<LoaderState>, 'save'>,
  clock: Clock,
  pauses: LagPauses,
  ledger: Pick<Ledger, 'open' | 'toState' | 'since'>,
  bootId = '',
): Progress => {
  ledger.open(state.counts, clock.now());
  const lag = createLagBook(state.lagging, clock, pauses);
  const continuedFrom = state.savedAt > 0 ? state.savedAt : clock.now();
  let { cursor, intent, archive, reverify, serverStartedAt, savedAt } = state;

  const save = async (): Promise<void> => {
    savedAt = clock.now();
    const lagging = lag.toState();
    await checkpoint.save({
      version: 1,
      cursor,
      intent,
      archive,
      lagging,
      reverify,
      serverStartedAt,
      bootId,
      counts: ledger.toState(),
      savedAt,
    });
  };

  const lookAgainFrom = (from: Cursor): void => {
    reverify = { cursor: reverify === null ? from : earliest(reverify.cursor, from), until: cursor };
    for (const [tenant] of lag.entries()) lag.goBack(tenant, from);
  };

  return {
    get cursor() {
      return cursor;
    },
    lag,
    get reverify() {
      return reverify;
    },
    get serverStartedAt() {
      return serverStartedAt;
    },
    get savedAt() {
      return savedAt;
    },
    get countingSince() {
      return ledger.since();
    },
    continuedFrom,
    isInDoubt: (position) => intent !== null && isBefore(position, intent),
    begin: async (end) => {
      intent = intent === null ? end : latest(intent, end);
      await save();
    },
    complete: async (end, lengths) => {
      cursor = end;
      archive = lengths;
      // After a crash the rounds are cut in other places: the doubt ends where the interrupted one would have ended.
      if (intent !== null && covers(cursor, intent)) intent = null;
      await save();
    },
    serverRestarted: async (startedAt, from) => {
      serverStartedAt = startedAt;
      if (from !== null) lookAgainFrom(from);
      await save();
    },
    machineRestarted: lookAgainFrom,
    reverified: async (at) => {
      reverify = at === null || reverify === null ? null : { ...reverify, cursor: at };
      await save();
    },
    cursors: () => [
      cursor,
      ...lag.entries().map(([, entry]) => entry.cursor),
      ...(reverify === null ? [] : [reverify.cursor]),
    ],
    forgetGone: (existing) => {
      cursor = withoutGone(cursor, existing);
      if (intent !== null) intent = withoutGone(intent, existing);
      if (reverify !== null)
        reverify = {
          cursor: withoutGone(reverify.cursor, existing),
          until: withoutGone(reverify.until, existing),
        };
      lag.forgetGone(existing);
    },
    save,
  };
};
