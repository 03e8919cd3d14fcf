import type { ReasonCount } from './health.ts';

/** POST /operations/replays */
export interface ReplayRequest {
  /** `unknown`, `expired`, or an organization's. */
  readonly folder: string;
  readonly tenant?: string;
  readonly trace?: string;
  /** Received from (inclusive) to (exclusive). */
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
}

/** GET /operations/replays/{id}. One runs at a time. It may be begun again at any time: what is there already is not inserted again. */
export interface ReplayJob {
  readonly id: string;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly folder: string;
  readonly tenant: string | null;
  readonly trace: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly dryRun: boolean;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: Progress & { readonly current: string };
  /** What it did, or in a dry run would do; null: it is not at its end. */
  readonly result: ReplayResult | null;
  /** Why it failed; '' otherwise. */
  readonly error: string;
}

/** What a replay came to, in beacons. */
export interface ReplayResult {
  readonly read: number;
  readonly tenants: readonly {
    readonly tenant: string;
    readonly inserted: number;
    readonly existing: number;
    readonly quarantined: number;
    readonly notAccepted: number;
  }[];
  /** Beacons that stay where they are, by why. */
  readonly left: readonly ReasonCount[];
  readonly badLines: number;
  readonly stopped: boolean;
}

/** How far a job is. */
export interface Progress {
  /** Bytes of files. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly beacons: number;
}
