import { z } from 'zod';

/** What became of the beacons of one destination, since the first start. */
const account = z.strictObject({
  read: z.int().nonnegative().default(0),
  stored: z.int().nonnegative().default(0),
  archivedOnly: z.int().nonnegative().default(0),
  /** By reason. */
  refused: z.record(z.string(), z.int().nonnegative()).default({}),
  /** By error number. */
  quarantined: z.record(z.string(), z.int().nonnegative()).default({}),
});

/** Shape of saved counts. */
export const countsSchema = z.strictObject({
  /** When counting began, epoch ms; 0: not yet. */
  since: z.number().default(0),
  /** By tenant, `unknown` or `expired`. */
  accounts: z.record(z.string(), account).default({}),
});

/** Counts as they are saved with the checkpoint: they say what became of the beacons before its cursor, no more and no less. */
export type Counts = Readonly<z.infer<typeof countsSchema>>;

/** A counter that is in the books. */
export type Counted = 'read' | 'stored' | 'archivedOnly' | 'refused' | 'quarantined';

/** The books of the loader: counts that outlive it. */
export interface Ledger {
  /** `reason`: for those that are counted by reason. */
  add(what: Counted, destination: string, count: number, reason: string): void;
  /** Takes over what was saved; `now` is the beginning when nothing was. Before the first `add`. */
  open(saved: Counts, now: number): void;
  toState(): Counts;
  /** When counting began, epoch ms. */
  since(): number;
}

type Account = z.infer<typeof account>;

/** Creates empty books. `post` is told of what is taken over, too. */
export const createLedger = (
  post: (what: Counted, destination: string, count: number, reason: string) => void,
): Ledger => {
  const accounts = new Map<string, Account>();
  let since = 0;

  const accountOf = (destination: string): Account => {
    let found = accounts.get(destination);
    if (found === undefined) {
      found = { read: 0, stored: 0, archivedOnly: 0, refused: {}, quarantined: {} };
      accounts.set(destination, found);
    }
    return found;
  };

  const add: Ledger['add'] = (what, destination, count, reason) => {
    if (count === 0) return;
    const own = accountOf(destination);
    if (what === 'refused' || what === 'quarantined') own[what][reason] = (own[what][reason] ?? 0) + count;
    else own[what] += count;
    post(what, destination, count, reason);
  };

  return {
    add,
    open: (saved, now) => {
      since = saved.since === 0 ? now : saved.since;
      for (const [destination, own] of Object.entries(saved.accounts)) {
        for (const what of ['read', 'stored', 'archivedOnly'] as const) add(what, destination, own[what], '');
        for (const what of ['refused', 'quarantined'] as const)
          for (const [reason, count] of Object.entries(own[what])) add(what, destination, count, reason);
      }
    },
    toState: () => ({ since, accounts: Object.fromEntries(accounts) }),
    since: () => since,
  };
};
