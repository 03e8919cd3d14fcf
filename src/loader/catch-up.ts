import { errorText } from '#core';
import type { JournalEntry } from '#journal';
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
  const { progress, journal } = deps;
  const ready = await withTables(progress.lag.due(progress.cursor), deps, options);
  if (ready.length === 0) return false;
  const existing = new Set((await journal.segments()).map(({ segment }) => segment));
  const from = ready.map((tenant) => cursorOf(deps, tenant)).reduce(earliest);
  const limits = { maxEntries: options.turnEntries, maxBytes: options.turnBytes };
  const { entries, cursor } = await rereadUntil(journal, from, progress.cursor, limits, existing);

  const parts = new Map(ready.map((tenant) => [tenant, ownPart(tenant, entries, deps)]));
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
  const ready: TenantId[] = [];
  if (due.some((tenant) => deps.tenants.byId(tenant) === undefined)) await deps.tenants.refresh();
  for (const tenant of due) {
    const trouble = await troubleWithTables(tenant, deps);
    if (trouble === null) ready.push(tenant);
    else if (trouble === TENANT_UNKNOWN && isOver(tenant, deps, options)) leaveToArchive(tenant, deps);
    else progress.lag.leave(tenant, progress.cursor, trouble, 0);
  }
  return ready;
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

interface Part {
  readonly tenant: TenantId;
  readonly rows: readonly Row[];
  /** Beacons of the tenant in the piece that was read. */
  readonly beacons: number;
  readonly quarantinedBefore: number;
  readonly refused: ReadonlyMap<string, number>;
}

const ownPart = (tenant: TenantId, entries: readonly JournalEntry[], deps: LoadDeps): Part => {
  const cursor = cursorOf(deps, tenant);
  const own = entries.filter((entry) => entry.record.destination === tenant && !isBefore(entry, cursor));
  const refused = new Map<string, number>();
  const rows: Row[] = [];
  let quarantinedBefore = 0;
  for (const entry of own) {
    const outcome = deps.encode(entry, deps.tenants.byId(tenant));
    const { segment, offset, record } = entry;
    if (outcome.kind === 'refused') refused.set(outcome.reason, (refused.get(outcome.reason) ?? 0) + 1);
    else if (deps.quarantine.has(entry)) quarantinedBefore++;
    else rows.push({ segment, offset, receivedAt: record.receivedAt, bytes: outcome.bytes });
  }
  return { tenant, rows, beacons: own.length, quarantinedBefore, refused };
};

const conclude = (
  { tenant, rows, beacons, refused, quarantinedBefore }: Part,
  result: FillResult | undefined,
  cursor: Readonly<Record<string, number>>,
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
