import type { TenantId } from '#tenants';
import type { ArchivedBeacon } from './beacon.ts';

/** Beacons of one tenant and one month, each position once. */
export interface ReplayBatch {
  readonly tenant: TenantId;
  readonly beacons: readonly ArchivedBeacon[];
}

/** Collects beacons into batches that a table takes well: one tenant, one partition. */
export interface ReplayBatches {
  /** Adds a beacon; gives a batch when one is full. `repeated`: its position is in the batch already. */
  add(tenant: TenantId, beacon: ArchivedBeacon): ReplayBatch | 'repeated' | null;
  /** All that is left. */
  takeAll(): readonly ReplayBatch[];
  /** Bytes of the requests that wait. */
  bytes(): number;
}

/** Limits of one batch. Lines of others have an identity each, and the question which of them exist names all of them. */
export interface BatchLimits {
  readonly beacons: number;
  readonly bytes: number;
}

/** Creates empty batches. */
export const createReplayBatches = (limits: BatchLimits): ReplayBatches => {
  const batches = new Map<
    string,
    { tenant: TenantId; beacons: Map<string, ArchivedBeacon>; bytes: number }
  >();
  let bytes = 0;
  const take = (key: string): ReplayBatch | null => {
    const batch = batches.get(key);
    if (batch === undefined) return null;
    batches.delete(key);
    bytes -= batch.bytes;
    return { tenant: batch.tenant, beacons: [...batch.beacons.values()] };
  };
  return {
    add: (tenant, beacon) => {
      const month = new Date(beacon.record.receivedAt).toISOString().slice(0, 7);
      const key = `${tenant} ${month}`;
      let batch = batches.get(key);
      if (batch === undefined) {
        batch = { tenant, beacons: new Map(), bytes: 0 };
        batches.set(key, batch);
      }
      const position = `${beacon.segment}:${beacon.offset}`;
      // Both forms of a day are read when both are there.
      if (batch.beacons.has(position)) return 'repeated';
      const weight = beacon.record.body.length + beacon.record.query.length;
      batch.beacons.set(position, beacon);
      batch.bytes += weight;
      bytes += weight;
      return batch.beacons.size >= limits.beacons || batch.bytes >= limits.bytes ? take(key) : null;
    },
    takeAll: () => [...batches.keys()].map(take).filter((batch) => batch !== null),
    bytes: () => bytes,
  };
};
