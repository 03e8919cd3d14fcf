import type { MigrationProgress } from '#warehouse';
import type { WarehouseGate } from './gate.ts';
import type { Progress } from './progress.ts';
import type { LastRound, Watch } from './watch.ts';

/** How the loader is, for the health page, the metrics and `rumbrella doctor`. */
export interface LoaderStatus {
  /** `waiting`: another loader holds the folder; `down`: it failed and is started again. */
  readonly state: 'starting' | 'running' | 'waiting' | 'down' | 'stopped';
  /** Why it is not running; '' when it is. */
  readonly reason: string;
  /** Age of the oldest beacon that was read and is not loaded, seconds. */
  readonly lagSeconds: number;
  /** Bytes of the journal that were not loaded at the last look. */
  readonly pendingBytes: number;
  /** `refuses`: it answers, and takes no inserts; the reason is ClickHouse's. */
  readonly warehouse: { readonly up: boolean; readonly reason: string; readonly refuses: boolean };
  readonly lastRound: LastRound | null;
  readonly lagging: readonly LaggingTenant[];
  /** Rows of before a restart of the server or the machine are being looked at once more. */
  readonly lookingAgain: boolean;
  /** Tables of how many tenants are being migrated after a start; null: no such work is under way. */
  readonly migrating: MigrationProgress | null;
  /** The counters of beacons count from here, over restarts, epoch ms; 0: not known. */
  readonly countingSince: number;
  /** When the checkpoint was saved last, epoch ms; 0: not yet. */
  readonly savedAt: number;
}

/** A tenant whose rows could not be loaded yet, and why. */
export interface LaggingTenant {
  readonly tenant: string;
  /** Epoch ms. */
  readonly since: number;
  readonly code: string;
  readonly reason: string;
  /** Failures in a row. */
  readonly attempts: number;
  /** Beacons that wait. */
  readonly pending: number;
}

/** The status of a loader that does nothing yet. */
export const idleStatus = (state: LoaderStatus['state'], reason: string): LoaderStatus => ({
  state,
  reason,
  lagSeconds: 0,
  pendingBytes: 0,
  warehouse: { up: false, reason: '', refuses: false },
  lastRound: null,
  lagging: [],
  lookingAgain: false,
  migrating: null,
  countingSince: 0,
  savedAt: 0,
});

/** The status of a running loader at this instant (epoch ms). */
export const statusOf = (
  progress: Progress,
  gate: WarehouseGate,
  watch: Watch,
  pendingBytes: number,
  now: number,
): LoaderStatus => {
  const oldest = watch.oldestWaiting();
  return {
    state: 'running',
    reason: '',
    lagSeconds: oldest === null ? 0 : Math.max(0, now - oldest) / 1_000,
    pendingBytes,
    warehouse: {
      up: gate.up,
      reason: gate.up ? refusalText(gate) : gate.reason,
      refuses: gate.refusal !== null,
    },
    lastRound: watch.lastRound(),
    lagging: progress.lag.entries().map(([tenant, { since, code, reason, attempts, pending }]) => ({
      tenant,
      since,
      code,
      reason,
      attempts,
      pending,
    })),
    lookingAgain: progress.reverify !== null,
    migrating: null,
    countingSince: progress.countingSince,
    savedAt: progress.savedAt,
  };
};

const refusalText = ({ refusal }: WarehouseGate): string =>
  refusal === null ? '' : `${refusal.code}: ${refusal.reason}`;
