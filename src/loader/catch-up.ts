import { errorText } from '#core';
import type { Cursor, JournalEntry } from '#journal';
import type { TenantId } from '#tenants';
import { covers, earliest, isBefore, latest } from './cursor.ts';
import { type FillResult, fillTables } from './fill.ts';
import { keepBadRows, type LoadDeps, type LoadOptions, TENANT_UNKNOWN } from './loading.ts';
import type { InsertTrouble } from './ports.ts';
import { rereadUntil } from './reread.ts';
import type { Row } from './rows.ts';

/**
 * One bounded turn for the tenants that lag and may be tried again: reads on from the one that is furthest behind, fills their
 * tables, every row in doubt, and moves each that worked forward. True: there is more to do at once.
 */
export const catchUp = async (
  deps: LoadDeps,
  options: LoadOptions,
  signal: AbortSignal,
): Promise<boolean> => {
  const { progress } = deps;
  const ready = await withTables(progress.lag.due(progress.cursor), deps, options);
  if (ready.length === 0) return false;
  const { parts, cursor } = await readParts(ready, deps, options, signal);
  const tasks = [...parts.values()]
    .filter(({ rows }) => rows.length > 0)
    .map(({ tenant, rows }) => ({ tenant, rows, inDoubt: rows }));
  const results = new Map(
    (await fillTables(tasks, deps, options, signal)).map((one) => [one.task.tenant, one]),
  );
  if (signal.aborted) return false;
  await keepBadRows([...results.values()], deps);
  for (const part of parts.values()) conclude(part, results.get(part.tenant), cursor, deps);
  await progress.save();
  return true;
};

const cursorOf = ({ progress }: LoadDeps, tenant: TenantId) => progress.lag.get(tenant)?.cursor ?? {};

/** Those whose tables are ready; the others wait longer. Asked before the journal is read for them. */
const withTables = async (
  due: readonly TenantId[],
  deps: LoadDeps,
  options: LoadOptions,
): Promise<readonly TenantId[]> => {
  const { progress } = deps;
  if (due.some((tenant) => deps.tenants.byId(tenant) === undefined)) await deps.tenants.refresh();
  const troubles = await Promise.all(due.map((tenant) => troubleWithTables(tenant, deps)));
  return due.filter((tenant, index) => {
    const trouble = troubles[index] ?? null;
    if (trouble === null) return true;
    if (trouble === TENANT_UNKNOWN && isOver(tenant, deps, options)) leaveToArchive(tenant, deps);
    else progress.lag.leave(tenant, progress.cursor, trouble, 0);
    return false;
  });
};

const troubleWithTables = async (
  tenant: TenantId,
  { tables, tenants }: LoadDeps,
): Promise<InsertTrouble | null> => {
  const code = 'LOADER_TABLE_NOT_READY';
  try {
    if (tenants.byId(tenant) === undefined && !(await tables.exists(tenant))) return TENANT_UNKNOWN;
    const state = await tables.ensure(tenant);
    return state === 'ready' ? null : { code, reason: `the tenant's tables are ${state}` };
  } catch (error) {
    return { code, reason: errorText(error) };
  }
};

const isOver = (tenant: TenantId, { progress, clock }: LoadDeps, { unknownTenantMs }: LoadOptions): boolean =>
  clock.now() - (progress.lag.get(tenant)?.since ?? 0) >= unknownTenantMs;

/** It left the users map together with its tables: its beacons are in the archive, and that is all. */
const leaveToArchive = (tenant: TenantId, { progress, metrics, log }: LoadDeps): void => {
  const beacons = progress.lag.get(tenant)?.pending ?? 0;
  metrics.archivedOnly.inc({ folder: tenant }, beacons);
  progress.lag.rejoin(tenant);
  log.warn('tenant_unknown', { tenant, beacons });
};

/** What one tenant has in the piece of the journal that a turn reads. */
interface Part {
  readonly tenant: TenantId;
  readonly rows: Row[];
  beacons: number;
  quarantinedBefore: number;
  readonly refused: Map<string, number>;
}

/** A tenant with a small share of the beacons: so many times as many are read, so that its inserts are not tiny. */
const READS_IN_A_TURN = 20;

const readParts = async (
  ready: readonly TenantId[],
  deps: LoadDeps,
  options: LoadOptions,
  signal: AbortSignal,
): Promise<{ readonly parts: ReadonlyMap<TenantId, Part>; readonly cursor: Cursor }> => {
  const { progress, journal } = deps;
  const parts = new Map(ready.map((tenant) => [tenant, emptyPart(tenant)]));
  const existing = new Set((await journal.segments()).map(({ segment }) => segment));
  const limits = { maxEntries: options.turnEntries, maxBytes: options.turnBytes };
  let cursor = ready.map((tenant) => cursorOf(deps, tenant)).reduce(earliest);
  let rows = 0;
  for (let read = 0; read < READS_IN_A_TURN && rows < options.turnEntries && !signal.aborted; read++) {
    const piece = await rereadUntil(journal, cursor, progress.cursor, limits, existing);
    for (const entry of piece.entries) rows += addEntry(entry, parts, deps);
    cursor = piece.cursor;
    if (piece.complete) break;
  }
  return { parts, cursor };
};

const emptyPart = (tenant: TenantId): Part => ({
  tenant,
  rows: [],
  beacons: 0,
  quarantinedBefore: 0,
  refused: new Map(),
});

/** Returns the number of rows that were added. */
const addEntry = (entry: JournalEntry, parts: ReadonlyMap<string, Part>, deps: LoadDeps): number => {
  const { segment, offset, record } = entry;
  const part = parts.get(record.destination);
  if (part === undefined || isBefore(entry, cursorOf(deps, part.tenant))) return 0;
  part.beacons++;
  const outcome = deps.encode(entry, deps.tenants.byId(part.tenant));
  if (outcome.kind === 'refused') {
    part.refused.set(outcome.reason, (part.refused.get(outcome.reason) ?? 0) + 1);
    return 0;
  }
  if (deps.quarantine.has(entry)) {
    part.quarantinedBefore++;
    return 0;
  }
  part.rows.push({ segment, offset, receivedAt: record.receivedAt, content: outcome.content });
  return 1;
};

const conclude = (
  { tenant, rows, beacons, refused, quarantinedBefore }: Part,
  result: FillResult | undefined,
  cursor: Cursor,
  { progress, metrics, log }: LoadDeps,
): void => {
  const { lag } = progress;
  if (result !== undefined && result.settlement.kind === 'behind') {
    lag.leave(tenant, progress.cursor, result.settlement, 0);
    if (result.running !== null) lag.awaitInsert(tenant, result.running);
    return;
  }
  const bad = result?.settlement.kind === 'settled' ? result.settlement.bad.length : 0;
  // Rows that were counted before (the tenant had to be looked at again from an earlier place) are not counted twice.
  metrics.stored.inc({ tenant }, Math.min(rows.length - bad, lag.get(tenant)?.pending ?? 0));
  if (quarantinedBefore > 0) metrics.quarantined.inc({ tenant, reason: 'earlier' }, quarantinedBefore);
  for (const [reason, count] of refused) metrics.refused.inc({ tenant, reason }, count);
  lag.advance(tenant, latest(lag.get(tenant)?.cursor ?? {}, cursor), beacons);
  if (!covers(lag.get(tenant)?.cursor ?? {}, progress.cursor)) return;
  lag.rejoin(tenant);
  log.info('tenant_caught_up', { tenant });
};
