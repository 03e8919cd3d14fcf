import type { TenantId } from '#tenants';
import type { Round } from './collect.ts';
import { type FillResult, type FillTask, fillTables } from './fill.ts';
import { keepBadRows, type LoadDeps, type LoadOptions, requireLock, TENANT_UNKNOWN } from './loading.ts';
import type { TablesPort } from './ports.ts';

/**
 * Brings one round into the tables and writes it into the books. Whatever happens to single tenants, the round ends: who could
 * not be filled lags from here on. False: given up because of a stop, nothing is written down.
 */
export const loadRound = async (
  round: Round,
  deps: LoadDeps,
  options: LoadOptions,
  signal: AbortSignal,
): Promise<boolean> => {
  const { progress, step, metrics, clock } = deps;
  const begun = clock.monotonic();
  await requireLock(deps);
  const plan = await planRound(round, deps);
  const { tasks } = plan;
  if (tasks.length > 0) {
    await step('before_intent');
    await progress.begin(round.end);
    await step('intent_saved');
  }
  const results = await fillTables(tasks, deps, options, signal);
  // Stopped in the middle: nothing is written down, and the intent says what is in doubt at the next start.
  if (signal.aborted && results.some(({ settlement }) => settlement.kind === 'behind')) return false;

  await keepBadRows(results, deps);
  await step('inserted');
  await requireLock(deps);
  for (const tenant of plan.waiting) wait(deps, tenant, round);
  for (const tenant of plan.unknown)
    progress.lag.leave(tenant, round.start, TENANT_UNKNOWN, round.counts.read.get(tenant) ?? 0);
  for (const result of results) conclude(deps, round, result);
  // In the books before the checkpoint that they are saved with.
  countRound(round, plan, results, deps);
  await step('before_checkpoint');
  await progress.complete(round.end, round.archive);
  await step('checkpoint_saved');

  deps.hostnames.note(round.groups.filter(({ tenant }) => !progress.lag.has(tenant)));
  metrics.roundSeconds.observe((clock.monotonic() - begun) / 1_000);
  metrics.freshness.observe(Math.max(0, clock.now() - round.oldest) / 1_000);
  releaseRows(round, results, deps);
  return true;
};

/** An insert that goes on in the background may need its rows again. */
const releaseRows = (round: Round, results: readonly FillResult[], { release }: LoadDeps): void => {
  if (release === undefined || results.some(({ running }) => running !== null)) return;
  for (const { rows } of round.groups) release(rows.map(({ content }) => content));
};

interface Plan {
  readonly tasks: readonly FillTask[];
  /** Tenants with beacons in this round that lag. */
  readonly waiting: ReadonlySet<TenantId>;
  /** Tenants that the users map does not name (yet, or any more) and that have no tables. */
  readonly unknown: ReadonlySet<TenantId>;
  /** Beacons that are in quarantine already, because they were met before a crash; they are not offered again. */
  readonly quarantinedBefore: ReadonlyMap<TenantId, number>;
}

const planRound = async (round: Round, deps: LoadDeps): Promise<Plan> => {
  const { progress, tenants, tables, quarantine } = deps;
  const waiting = new Set<TenantId>();
  for (const folder of round.counts.read.keys()) {
    if (folder === 'unknown' || folder === 'expired') continue;
    if (progress.lag.has(folder) || round.skipped.has(folder)) waiting.add(folder);
  }
  const unknown = new Set<TenantId>();
  const tasks: FillTask[] = [];
  const quarantinedBefore = new Map<TenantId, number>();
  for (const group of round.groups) {
    const { tenant } = group;
    if (waiting.has(tenant)) continue;
    if (tenants.byId(tenant) === undefined && !(await hasTables(tables, tenant))) unknown.add(tenant);
    else {
      const rows = group.rows.filter((row) => !quarantine.has(row));
      if (rows.length < group.rows.length) quarantinedBefore.set(tenant, group.rows.length - rows.length);
      tasks.push({ tenant, rows, inDoubt: rows.filter((row) => progress.isInDoubt(row)) });
    }
  }
  return { tasks, waiting, unknown, quarantinedBefore };
};

/** When the server cannot tell, yes: filling then waits for the server, or the tenant lags. */
const hasTables = async (tables: TablesPort, tenant: TenantId): Promise<boolean> => {
  try {
    return await tables.exists(tenant);
  } catch {
    return true;
  }
};

const wait = ({ progress }: LoadDeps, tenant: TenantId, round: Round): void => {
  const beacons = round.counts.read.get(tenant) ?? 0;
  if (progress.lag.has(tenant)) progress.lag.addPending(tenant, beacons);
  // It has caught up while this round was collected without it.
  else progress.lag.wait(tenant, round.start, beacons);
};

const conclude = (
  { progress, gate, log }: LoadDeps,
  round: Round,
  { task, settlement, running }: FillResult,
): void => {
  if (settlement.kind === 'settled') return;
  const { code, reason } = settlement;
  progress.lag.leave(task.tenant, round.start, settlement, round.counts.read.get(task.tenant) ?? 0);
  if (running !== null) progress.lag.awaitInsert(task.tenant, running);
  // One cause, one alarm: when the server refuses many tables, the lines of the single ones are no news.
  log[gate.isTold(code) ? 'info' : 'warn']('tenant_left_behind', {
    tenant: task.tenant,
    code,
    reason,
    rows: task.rows.length,
  });
};

/** Beacons of tenants that lag are counted as what they become when they have caught up. */
const countRound = (
  round: Round,
  { waiting, unknown, quarantinedBefore }: Plan,
  results: readonly FillResult[],
  { metrics, log }: LoadDeps,
): void => {
  const { read, archivedOnly, refused } = round.counts;
  const late = new Set([...waiting, ...unknown]);
  for (const { task, settlement } of results) {
    if (settlement.kind === 'behind') late.add(task.tenant);
    else metrics.stored.inc({ tenant: task.tenant }, task.rows.length - settlement.bad.length);
  }
  for (const [folder, beacons] of read) metrics.read.inc({ folder }, beacons);
  for (const [folder, beacons] of archivedOnly) metrics.archivedOnly.inc({ folder }, beacons);
  for (const [tenant, reasons] of refused) {
    if (late.has(tenant)) continue;
    for (const [reason, beacons] of reasons) metrics.refused.inc({ tenant, reason }, beacons);
  }
  for (const [tenant, beacons] of quarantinedBefore)
    if (!late.has(tenant)) metrics.quarantined.inc({ tenant, reason: 'earlier' }, beacons);
  const total = [...read.values()].reduce((sum, beacons) => sum + beacons, 0);
  metrics.roundRows.observe(total);
  log.debug('round_loaded', { beacons: total, tenants: results.length });
};
