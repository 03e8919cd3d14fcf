import { AppError, type Clock, type Log } from '#core';
import type { JournalEntry, Position } from '#journal';
import { positionKey } from './cursor.ts';
import type { FillDeps, FillOptions, FillResult } from './fill.ts';
import type { HostnameWriter } from './hostname-writer.ts';
import type { LoaderMetrics } from './loader-metrics.ts';
import type {
  EncodeBeacon,
  InsertTrouble,
  JournalPort,
  ReleaseRows,
  TablesPort,
  TenantsPort,
  WarehousePort,
} from './ports.ts';
import type { Progress } from './progress.ts';
import type { Quarantine, QuarantinedBeacon } from './quarantine.ts';

/** Moments of loading, in their order; tests end the process there. */
export type LoadStep =
  | 'round_collected'
  | 'before_intent'
  | 'intent_saved'
  | 'before_insert'
  | 'after_insert'
  | 'before_verify'
  | 'after_verify'
  | 'quarantined'
  | 'inserted'
  | 'before_checkpoint'
  | 'checkpoint_saved'
  | 'before_remove'
  | 'segment_removed';

/** What the ways of loading (rounds, catching up, looking again) share. */
export interface LoadDeps extends FillDeps {
  readonly journal: JournalPort;
  readonly warehouse: WarehousePort;
  readonly tables: TablesPort;
  readonly tenants: TenantsPort;
  readonly encode: EncodeBeacon;
  readonly release?: ReleaseRows;
  readonly quarantine: Quarantine;
  readonly progress: Progress;
  readonly hostnames: HostnameWriter;
  readonly metrics: LoaderMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly step: (step: LoadStep) => void | Promise<void>;
  readonly isHeld: () => Promise<boolean>;
}

/** Limits that they share. */
export interface LoadOptions extends FillOptions {
  /** Records that one turn of catching up or looking again reads at most. */
  readonly turnEntries: number;
  readonly turnBytes: number;
  /** So long it is waited for the users map to name a tenant that the door knew; then its beacons are only archived. */
  readonly unknownTenantMs: number;
}

/** Puts the rows that were refused into quarantine, durably. */
export const keepBadRows = async (
  results: readonly FillResult[],
  { journal, quarantine, metrics, log, clock, step }: LoadDeps,
): Promise<void> => {
  const beacons: QuarantinedBeacon[] = [];
  for (const { task, settlement } of results) {
    if (settlement.kind !== 'settled') continue;
    for (const { row, code, reason } of settlement.bad) {
      const { segment, offset } = row;
      const entry = await readOne(journal, row);
      // The segment is damaged since, or gone: what can be said is in the log, the beacon itself is in the archive.
      if (entry === null) {
        log.error('beacon_not_quarantined', {
          tenant: task.tenant,
          position: positionKey(row),
          code,
          reason,
        });
        metrics.quarantined.inc({ tenant: task.tenant, reason: 'unreadable' });
        continue;
      }
      beacons.push({ tenant: task.tenant, segment, offset, code, reason, record: entry.record });
      log.warn('beacon_quarantined', { tenant: task.tenant, position: positionKey(row), code });
    }
  }
  if (beacons.length === 0) return;
  await quarantine.add(beacons, clock.now());
  for (const { tenant, code } of beacons) metrics.quarantined.inc({ tenant, reason: code });
  await step('quarantined');
};

const readOne = async (journal: JournalPort, { segment, offset }: Position): Promise<JournalEntry | null> => {
  const others = Object.fromEntries(
    (await journal.segments()).map((facts) => [facts.segment, Number.MAX_SAFE_INTEGER]),
  );
  const { entries } = await journal.read({ ...others, [segment]: offset }, { maxEntries: 1, maxBytes: 1 });
  const [entry] = entries;
  return entry !== undefined && entry.segment === segment && entry.offset === offset ? entry : null;
};

/** No tenant of this name in the users map, and no tables. */
export const TENANT_UNKNOWN: InsertTrouble = {
  code: 'LOADER_TENANT_UNKNOWN',
  reason: 'the users map does not name it and it has no tables',
};

/** Throws `LOADER_LOCK_LOST` when another loader has taken the data folder over: this one was stopped for long. */
export const requireLock = async ({ isHeld }: Pick<LoadDeps, 'isHeld'>): Promise<void> => {
  if (!(await isHeld()))
    throw new AppError('LOADER_LOCK_LOST', 'loading: another loader has taken over the data folder');
};
