import type { Cursor, JournalEntry } from '#journal';
import type { TenantId } from '#tenants';
import { fillTables } from './fill.ts';
import { keepBadRows, type LoadDeps, type LoadOptions } from './loading.ts';
import type { SegmentFacts } from './ports.ts';
import { rereadUntil } from './reread.ts';
import { compareWithTable, rangeOf, type Row, type RowPlace } from './rows.ts';

/** A server may lose what it acknowledged shortly before it (or its machine) went down. */
const LOOK_BACK_MS = 30 * 60_000;

/** Where to begin looking again after a loss that happened after `wellAt` (epoch ms): at the segments that were written shortly before, or later. */
export const lookBackCursor = (segments: readonly SegmentFacts[], wellAt: number): Cursor =>
  Object.fromEntries(
    segments.map(({ segment, bytes, changedAt }) => [
      segment,
      changedAt >= wellAt - LOOK_BACK_MS ? 0 : bytes,
    ]),
  );

/**
 * One bounded turn of looking again at what was loaded before the server was restarted: compares positions with the tables and
 * inserts what is missing. True: there is more to look at.
 */
export const lookAgain = async (
  deps: LoadDeps,
  options: LoadOptions,
  signal: AbortSignal,
): Promise<boolean> => {
  const { progress, journal, metrics, log } = deps;
  if (progress.reverify === null) return false;
  const existing = new Set((await journal.segments()).map(({ segment }) => segment));
  const limits = { maxEntries: options.turnEntries, maxBytes: options.turnBytes };
  const { cursor: from, until } = progress.reverify;
  const { entries, cursor, complete } = await rereadUntil(journal, from, until, limits, existing);
  const tasks = [];
  for (const [tenant, own] of byTenant(entries, deps)) {
    const rows = await lostRows(tenant, own, deps);
    if (rows.length > 0) tasks.push({ tenant, rows, inDoubt: rows });
  }
  const results = await fillTables(tasks, deps, options, signal);
  if (signal.aborted) return false;
  await keepBadRows(results, deps);
  for (const { task, settlement, running } of results) {
    if (settlement.kind === 'settled') {
      metrics.healed.inc({ tenant: task.tenant }, settlement.inserted);
      log.error('lost_rows_inserted_again', { tenant: task.tenant, rows: settlement.inserted });
    } else {
      // Its rows are looked at once more when it catches up.
      progress.lag.leave(task.tenant, from, settlement, 0);
      if (running !== null) progress.lag.awaitInsert(task.tenant, running);
    }
  }
  await progress.reverified(complete ? null : cursor);
  return !complete;
};

/** Tenants that lag are looked at from the same place when they catch up. */
const byTenant = (
  entries: readonly JournalEntry[],
  { progress, quarantine }: LoadDeps,
): ReadonlyMap<TenantId, readonly JournalEntry[]> => {
  const groups = new Map<TenantId, JournalEntry[]>();
  for (const entry of entries) {
    const { destination } = entry.record;
    if (destination === 'unknown' || destination === 'expired') continue;
    if (progress.lag.has(destination) || quarantine.has(entry)) continue;
    const group = groups.get(destination);
    if (group === undefined) groups.set(destination, [entry]);
    else group.push(entry);
  }
  return groups;
};

/** Rows are only made of beacons that are missing. */
const lostRows = async (
  tenant: TenantId,
  entries: readonly JournalEntry[],
  { warehouse, tables, tenants, encode }: LoadDeps,
): Promise<readonly Row[]> => {
  if (!(await tables.exists(tenant))) return [];
  const places = entries.map((entry) => ({ entry, ...placeOf(entry) }));
  const { missing } = compareWithTable(places, await warehouse.existingPositions(tenant, rangeOf(places)));
  return missing.flatMap(({ entry }) => {
    const outcome = encode(entry, tenants.byId(tenant));
    return outcome.kind === 'row' ? [{ ...placeOf(entry), content: outcome.content }] : [];
  });
};

const placeOf = ({ segment, offset, record }: JournalEntry): RowPlace => ({
  segment,
  offset,
  receivedAt: record.receivedAt,
});
