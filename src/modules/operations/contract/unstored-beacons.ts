import type { Progress } from './replays.ts';

/** GET /operations/quarantine[?tenant=&limit=20]: beacons that the warehouse refused. */
export interface QuarantineAnswer {
  readonly files: readonly {
    readonly tenant: string;
    /** Day of the quarantine, UTC. */
    readonly day: string;
    readonly bytes: number;
  }[];
  /** The newest first. */
  readonly beacons: readonly QuarantineLine[];
}

/** A beacon in quarantine. */
export interface QuarantineLine {
  readonly tenant: string;
  readonly day: string;
  readonly code: string;
  readonly reason: string;
  readonly receivedAt: string | null;
  /** Address of the page without its query; '' when it cannot be read. */
  readonly address: string;
  readonly segment: string;
  readonly offset: number;
}

/** GET /operations/unclaimed?folder=unknown|expired[&from=&to=]: beacons of nobody, by their trace. Ask again while it is `running`. */
export interface UnclaimedAnswer {
  readonly folder: 'unknown' | 'expired';
  readonly from: string;
  readonly to: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly reason: string;
  readonly progress: Progress;
  /** Not everything was read: the bound of one look was reached. Ask for a shorter period. */
  readonly cut: boolean;
  /** Most beacons first, at most 500. */
  readonly groups: readonly UnclaimedGroup[];
  /** Beacons of groups that are not listed. */
  readonly otherBeacons: number;
}

/** Beacons with one trace; without one, those of one host. */
export interface UnclaimedGroup {
  /** '': they carry none. */
  readonly trace: string;
  readonly hostnames: readonly string[];
  readonly beacons: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Addresses of pages without their query, at most 3. */
  readonly samples: readonly string[];
  /** Whose trace it is now; null: nobody's. */
  readonly owner: { readonly id: string; readonly name: string; readonly state: 'active' | 'expired' } | null;
}
