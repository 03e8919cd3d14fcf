import type { Clock } from '#core';
import type { Cursor } from '#journal';
import type { TenantId } from '#tenants';
import { covers, earliest, withoutGone } from './cursor.ts';
import type { InsertTrouble } from './ports.ts';
import { DOUBLED } from './settle.ts';
import type { Lagging } from './state.ts';

/** The tenants whose rows could not be loaded yet. */
export interface LagBook {
  has(tenant: string): boolean;
  get(tenant: string): Lagging | undefined;
  readonly size: number;
  entries(): readonly (readonly [TenantId, Lagging])[];
  /** Rows of `tenant` from `cursor` on have to be loaded later; `pending` beacons more than before wait. Pauses grow with each failure. */
  leave(tenant: TenantId, cursor: Cursor, trouble: InsertTrouble, pending: number): void;
  /** `tenant` has all rows before `cursor`. */
  advance(tenant: TenantId, cursor: Cursor, settledEntries: number): void;
  /** Rows of the tenant from `cursor` on have to be looked at again. */
  goBack(tenant: TenantId, cursor: Cursor): void;
  /** More beacons of the tenant wait. */
  addPending(tenant: TenantId, entries: number): void;
  /** `tenant` was made to wait by no fault of its own: it is tried at once. */
  wait(tenant: TenantId, cursor: Cursor, pending: number): void;
  /** What waits for `tenant` up to `cursor` is left to the archive; it goes on from there when it can. Returns the beacons. */
  giveUp(tenant: TenantId, cursor: Cursor): number;
  /** `tenant` is where the others are. */
  rejoin(tenant: TenantId): void;
  /** Nothing may be tried for the tenant until this insert has ended. */
  awaitInsert(tenant: TenantId, ended: Promise<unknown>): void;
  /** Tenants that have failed several times in a row: their rows need not be made. */
  hopeless(): ReadonlySet<string>;
  /** Tenants that may be tried again now and are not where `cursor` is. */
  due(cursor: Cursor): readonly TenantId[];
  /** Try at the next opportunity (a migration has just ended, a table is back). */
  hurry(tenant: TenantId): void;
  /** Segments that are gone are forgotten. */
  forgetGone(existing: ReadonlySet<string>): void;
  /** As it is saved. */
  toState(): Readonly<Record<string, Lagging>>;
}

/** Pauses between attempts for one tenant. */
export interface LagPauses {
  readonly firstMs: number;
  readonly longestMs: number;
  /** After doubled rows: only a person can remove them. */
  readonly afterDoubledMs: number;
  /** 0 to 1; spreads the pauses. */
  readonly random: () => number;
}

const HOPELESS = 3;

/** Opens the book as it was saved; every tenant in it may be tried at once. */
export const createLagBook = (
  saved: Readonly<Record<string, Lagging>>,
  clock: Clock,
  pauses: LagPauses,
): LagBook => {
  const book = new Map<TenantId, Lagging>(
    Object.entries(saved).map(([tenant, entry]) => [tenant as TenantId, entry]),
  );
  const retryAt = new Map<TenantId, number>();
  const running = new Set<TenantId>();

  const pauseMs = (code: string, attempts: number): number => {
    if (code === DOUBLED) return pauses.afterDoubledMs;
    const ceiling = Math.min(pauses.longestMs, pauses.firstMs * 2 ** Math.min(attempts - 1, 30));
    return ceiling * (0.5 + pauses.random() / 2);
  };

  const change = (tenant: TenantId, changes: Partial<Lagging>): void => {
    const entry = book.get(tenant);
    if (entry !== undefined) book.set(tenant, { ...entry, ...changes });
  };

  return {
    has: (tenant) => book.has(tenant as TenantId),
    get: (tenant) => book.get(tenant as TenantId),
    get size() {
      return book.size;
    },
    entries: () => [...book],
    leave: (tenant, cursor, { code, reason }, pending) => {
      const before = book.get(tenant);
      const attempts = (before?.attempts ?? 0) + 1;
      book.set(tenant, {
        cursor: before?.cursor ?? cursor,
        since: before?.since ?? clock.now(),
        code,
        reason: reason.slice(0, 500),
        attempts,
        pending: (before?.pending ?? 0) + pending,
      });
      retryAt.set(tenant, clock.monotonic() + pauseMs(code, attempts));
    },
    advance: (tenant, cursor, settledEntries) => {
      change(tenant, {
        cursor,
        attempts: 0,
        pending: Math.max(0, (book.get(tenant)?.pending ?? 0) - settledEntries),
      });
      retryAt.delete(tenant);
    },
    goBack: (tenant, cursor) =>
      change(tenant, { cursor: earliest(book.get(tenant)?.cursor ?? cursor, cursor) }),
    addPending: (tenant, entries) => change(tenant, { pending: (book.get(tenant)?.pending ?? 0) + entries }),
    wait: (tenant, cursor, pending) => {
      const since = clock.now();
      book.set(tenant, { cursor, since, code: 'LOADER_CATCHING_UP', reason: '', attempts: 0, pending });
    },
    giveUp: (tenant, cursor) => {
      const pending = book.get(tenant)?.pending ?? 0;
      change(tenant, { cursor, pending: 0, since: clock.now() });
      return pending;
    },
    rejoin: (tenant) => {
      book.delete(tenant);
      retryAt.delete(tenant);
    },
    awaitInsert: (tenant, ended) => {
      running.add(tenant);
      void ended.catch(() => undefined).then(() => running.delete(tenant));
    },
    due: (cursor) => {
      const now = clock.monotonic();
      return [...book]
        .filter(([tenant, entry]) => !running.has(tenant) && !covers(entry.cursor, cursor))
        .map(([tenant]) => tenant)
        .filter((tenant) => (retryAt.get(tenant) ?? 0) <= now);
    },
    hopeless: () =>
      new Set([...book].filter(([, { attempts }]) => attempts >= HOPELESS).map(([tenant]) => tenant)),
    hurry: (tenant) => {
      retryAt.delete(tenant);
    },
    forgetGone: (existing) => {
      for (const [tenant, entry] of book)
        book.set(tenant, { ...entry, cursor: withoutGone(entry.cursor, existing) });
    },
    toState: () => Object.fromEntries(book),
  };
};
