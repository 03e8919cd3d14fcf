import type { Log } from '#core';
import type { TenantId } from '#tenants';
import type { InsertBudget } from './budget.ts';
import { positionKey } from './cursor.ts';
import type { WarehouseGate } from './gate.ts';
import type { InsertOutcome, InsertTrouble, TablesPort, WarehousePort } from './ports.ts';
import { compareWithTable, rangeOf, type Row } from './rows.ts';

/** A row that the warehouse refuses, and why. */
export interface BadRow extends InsertTrouble {
  readonly row: Row;
}

/**
 * How it ended for some rows of one tenant. `settled`: each is in the table exactly once, or in `bad`. `behind`: not all are,
 * and it has to be tried again later, every row in doubt.
 */
export type Settlement =
  | {
      readonly kind: 'settled';
      readonly inserted: number;
      readonly found: number;
      readonly bad: readonly BadRow[];
    }
  | ({ readonly kind: 'behind' } & InsertTrouble);

/** Code of the one thing that must never happen: a beacon is in its table twice. */
export const DOUBLED = 'LOADER_ROWS_DOUBLED';

/** What settling needs. */
export interface SettleDeps {
  readonly warehouse: WarehousePort;
  readonly tables: TablesPort;
  readonly gate: WarehouseGate;
  readonly budget: InsertBudget;
  readonly log: Log;
  /** A batch id that was never used, UInt64. */
  readonly newBatchId: () => bigint;
  /** Is the claim on the data folder still ours? Asked right before each insert. Default: there is none that could be lost. */
  readonly isHeld?: () => Promise<boolean>;
  /** Failpoints and measurements of tests and metrics. */
  readonly onStep?: (step: SettleStep, tenant: TenantId) => void | Promise<void>;
  readonly onInsert?: (outcome: InsertOutcome, rows: number, seconds: number) => void;
}

/** Moments of an insert, for failpoints. */
export type SettleStep = 'before_insert' | 'after_insert' | 'before_verify' | 'after_verify';

/** Limits of settling. */
export interface SettleOptions {
  readonly insertTimeoutMs: number;
  /** How long a possibly running insert is waited for. */
  readonly quietTimeoutMs: number;
  /** Doubtful outcomes, with a working server, after which a tenant is left behind. */
  readonly attempts: number;
  /** Inserts that need more memory than the server has are halved down to so many rows. Default 1,000. */
  readonly smallestInsert?: number;
}

/** ClickHouse's `MEMORY_LIMIT_EXCEEDED`. */
const MEMORY_LIMIT = '241';
const SMALLEST_INSERT = 1_000;
/** So often the whole is tried: other statements may need the memory only for a moment. */
const TRIES_OF_THE_WHOLE = 2;

/** With this many bad rows and not one good, it is the table that is at fault and not the rows. */
const MANY_BAD = 16;

/**
 * Puts rows of one tenant into its table, each exactly once, whatever happens to inserts on the way. `inDoubt` are those of
 * the rows that an earlier insert may have brought. Waits while the warehouse is down; never throws for its troubles. `onTrouble` is
 * told what the server said to each insert that did not work.
 */
export const createSettle =
  (deps: SettleDeps, options: SettleOptions) =>
  async (
    tenant: TenantId,
    rows: readonly Row[],
    inDoubt: readonly Row[],
    signal: AbortSignal,
    onTrouble: (trouble: InsertTrouble) => void = () => undefined,
  ): Promise<Settlement> => {
    const tally = { inserted: 0, bad: [] as BadRow[], failures: 0 };
    const trouble = await settleRows({ deps, options, tenant, signal, onTrouble, tally }, rows, inDoubt);
    if (trouble !== null) return { kind: 'behind', code: trouble.code, reason: trouble.reason };
    const { inserted, bad } = tally;
    return { kind: 'settled', inserted, found: rows.length - inserted - bad.length, bad };
  };

interface Work {
  readonly deps: SettleDeps;
  readonly options: SettleOptions;
  readonly tenant: TenantId;
  readonly signal: AbortSignal;
  readonly onTrouble: (trouble: InsertTrouble) => void;
  readonly tally: { inserted: number; readonly bad: BadRow[]; failures: number };
}

const LOCK_LOST: InsertTrouble = {
  code: 'LOADER_LOCK_LOST',
  reason: 'another loader has taken over the data folder',
};
const STOPPED: InsertTrouble = { code: 'LOADER_STOPPED', reason: 'the loader was stopped' };

const settleRows = async (
  work: Work,
  rows: readonly Row[],
  inDoubt: readonly Row[],
  triesOfTheWhole = TRIES_OF_THE_WHOLE,
): Promise<InsertTrouble | null> => {
  const { deps, options, tenant, signal, tally } = work;
  let todo = rows;
  let doubt = inDoubt;
  let uncertain = 0;
  let everInDoubt = doubt.length > 0;
  while (!signal.aborted) {
    const state = await stateOfTable(work);
    if (state !== null) {
      if (state === 'again') continue;
      return state;
    }
    if (doubt.length > 0) {
      const check = await compare(work, doubt);
      if (check.kind === 'again') continue;
      if (check.kind === 'behind') return check.trouble;
      const missing = new Set(check.missing.map(positionKey));
      const doubted = new Set(doubt.map(positionKey));
      todo = todo.filter((row) => !doubted.has(positionKey(row)) || missing.has(positionKey(row)));
      doubt = [];
    }
    if (todo.length === 0) return null;

    const outcome = await insert(work, todo);
    if (outcome.kind !== 'done' && isFromServer(outcome)) work.onTrouble(outcome);
    switch (outcome.kind) {
      case 'done':
        deps.gate.worked();
        tally.inserted += todo.length;
        // An insert that was given up may still have arrived between the look at the table and this one.
        return everInDoubt ? await nothingDoubled(work, rows) : null;
      case 'rejected':
        if (outcome.because === 'table') {
          deps.gate.refused(outcome, 'table');
          deps.tables.forget(tenant);
          return outcome;
        }
        return (await halve(work, todo, outcome)) ?? (everInDoubt ? await nothingDoubled(work, rows) : null);
      case 'unavailable':
        if (isFromServer(outcome)) deps.gate.refused(outcome, outcome.scope);
        if (outcome.scope === 'table') return outcome;
        await deps.gate.waitUntilUp(`${outcome.code}: ${outcome.reason}`, signal);
        break;
      case 'uncertain':
        doubt = todo;
        everInDoubt = true;
        await deps.gate.waitUntilUp(`${outcome.code}: ${outcome.reason}`, signal);
        uncertain++;
        if (outcome.code === MEMORY_LIMIT && uncertain >= triesOfTheWhole && isDivisible(work, todo))
          return (await inHalves(work, todo)) ?? (await nothingDoubled(work, rows));
        if (uncertain < options.attempts) break;
        if (isFromServer(outcome)) deps.gate.refused(outcome, 'table');
        return outcome;
    }
  }
  return STOPPED;
};

/** ClickHouse's error numbers; what Node and we say has names. */
const isFromServer = ({ code }: InsertTrouble): boolean => /^\d+$/.test(code);

/** Null: ready. Otherwise why not, or `again` after an outage. */
const stateOfTable = async (work: Work): Promise<InsertTrouble | 'again' | null> => {
  try {
    const state = await work.deps.tables.ensure(work.tenant);
    if (state === 'ready') return null;
    return { code: 'LOADER_TABLE_NOT_READY', reason: `the tenant's tables are ${state}` };
  } catch (error) {
    return await afterFailure(work, error);
  }
};

/** A question to the server failed: because the server was away (then `again`, when it is back), or for this table only. */
const afterFailure = async (work: Work, error: unknown): Promise<InsertTrouble | 'again'> => {
  const reason = error instanceof Error ? error.message : String(error);
  const outages = work.deps.gate.outages;
  await work.deps.gate.waitUntilUp(reason, work.signal);
  if (work.deps.gate.outages > outages) return 'again';
  work.tally.failures++;
  return work.tally.failures < work.options.attempts ? 'again' : { code: 'LOADER_TABLE_UNREADABLE', reason };
};

type Comparison =
  | { readonly kind: 'known'; readonly missing: readonly Row[] }
  | { readonly kind: 'again' }
  | { readonly kind: 'behind'; readonly trouble: InsertTrouble };

const compare = async (work: Work, rows: readonly Row[]): Promise<Comparison> => {
  const { deps, options, tenant } = work;
  await deps.onStep?.('before_verify', tenant);
  try {
    // First no insert may be running, otherwise what is missing now could appear a moment later.
    if (!(await deps.warehouse.waitUntilNoInsertRuns(tenant, options.quietTimeoutMs)))
      return {
        kind: 'behind',
        trouble: { code: 'LOADER_INSERT_STILL_RUNS', reason: 'an earlier insert has not ended yet' },
      };
    const existing = await deps.warehouse.existingPositions(tenant, rangeOf(rows));
    const { missing, doubled } = compareWithTable(rows, existing);
    await deps.onStep?.('after_verify', tenant);
    if (doubled.length > 0) return { kind: 'behind', trouble: alarm(work, doubled) };
    return { kind: 'known', missing };
  } catch (error) {
    const trouble = await afterFailure(work, error);
    return trouble === 'again' ? { kind: 'again' } : { kind: 'behind', trouble };
  }
};

const nothingDoubled = async (work: Work, rows: readonly Row[]): Promise<InsertTrouble | null> => {
  for (;;) {
    const check = await compare(work, rows);
    if (check.kind === 'known') {
      const bad = new Set(work.tally.bad.map(({ row }) => positionKey(row)));
      const lost = check.missing.filter((row) => !bad.has(positionKey(row)));
      return lost.length === 0
        ? null
        : { code: 'LOADER_ROWS_LOST', reason: `${lost.length} rows of an acknowledged insert are missing` };
    }
    if (check.kind === 'behind') return check.trouble;
    if (work.signal.aborted) return STOPPED;
  }
};

const alarm = ({ deps, tenant }: Work, doubled: readonly Row[]): InsertTrouble => {
  const first = doubled[0];
  deps.log.error('rows_doubled', {
    tenant,
    rows: doubled.length,
    position: first === undefined ? '' : positionKey(first),
  });
  return { code: DOUBLED, reason: `${doubled.length} beacons are in the table more than once` };
};

const insert = async (
  { deps, options, tenant, signal }: Work,
  rows: readonly Row[],
): Promise<InsertOutcome> => {
  await deps.budget.take(signal);
  if (signal.aborted) return { kind: 'unavailable', scope: 'table', ...STOPPED };
  const batchId = deps.newBatchId();
  await deps.onStep?.('before_insert', tenant);
  // Whoever stood still for so long that another loader took over must not insert what that one has inserted.
  if ((await deps.isHeld?.()) === false) return { kind: 'unavailable', scope: 'table', ...LOCK_LOST };
  const begin = performance.now();
  const outcome = await deps.warehouse.insertRows(
    { tenant, batchId, rows: rows.map(({ content }) => content) },
    { timeoutMs: options.insertTimeoutMs },
  );
  deps.onInsert?.(outcome, rows.length, (performance.now() - begin) / 1_000);
  await deps.onStep?.('after_insert', tenant);
  return outcome;
};

const isDivisible = ({ options }: Work, rows: readonly Row[]): boolean =>
  rows.length > (options.smallestInsert ?? SMALLEST_INSERT);

/** The server has not enough memory for the rows together: each half is looked up in the table, then inserted as a batch of its own. */
const inHalves = async (work: Work, rows: readonly Row[]): Promise<InsertTrouble | null> => {
  const middle = Math.ceil(rows.length / 2);
  for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
    const trouble = await settleRows(work, half, half, 1);
    if (trouble !== null) return trouble;
  }
  return null;
};

/** Some of the rows are refused: finds which, by halves with a batch id of their own, and stores the others. */
const halve = async (
  work: Work,
  rows: readonly Row[],
  refusal: InsertTrouble,
): Promise<InsertTrouble | null> => {
  const { tally } = work;
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) {
    tally.bad.push({ row: only, code: refusal.code, reason: refusal.reason });
    const tableAtFault = tally.bad.length >= MANY_BAD && tally.inserted === 0;
    return tableAtFault ? { code: refusal.code, reason: `every row is refused: ${refusal.reason}` } : null;
  }
  const middle = Math.ceil(rows.length / 2);
  return (
    (await settleRows(work, rows.slice(0, middle), [])) ?? (await settleRows(work, rows.slice(middle), []))
  );
};
