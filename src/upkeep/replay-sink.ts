import { type ArchivedBeacon, REPLAY_TAKEN_OVER, type ReplaySink, type SinkResult } from '#archive';
import { AppError } from '#core';
import {
  compareWithTable,
  type EncodeBeacon,
  type HostnameWriter,
  type QuarantinedBeacon,
  rangeOf,
  type Row,
  type createSettle,
  type WarehousePort,
} from '#loader';
import type { Snapshot, TenantId } from '#tenants';
import type { TenantTables } from '#warehouse';
import type { LoaderProgress } from './loader-progress.ts';

/** What the way into the tables is made of: the loader's own parts. */
export interface ReplaySinkDeps {
  readonly snapshot: Snapshot;
  readonly encode: EncodeBeacon;
  readonly settle: ReturnType<typeof createSettle>;
  readonly warehouse: Pick<WarehousePort, 'existingPositions'>;
  readonly tables: Pick<TenantTables, 'ensure' | 'exists'>;
  readonly hostnames: HostnameWriter;
  /** Keeps rows that the warehouse refuses. */
  readonly quarantine: (beacons: readonly QuarantinedBeacon[]) => Promise<void>;
  readonly progress: LoaderProgress;
  /** Is the claim of this replay on the data folder still ours? */
  readonly isHeld: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Brings replayed beacons into the tables by the same way as fresh ones: same rows, same verification, same quarantine. */
export const createReplaySink = (deps: ReplaySinkDeps): ReplaySink => {
  const rowsOf = (tenant: TenantId, beacons: readonly ArchivedBeacon[]): EncodedBeacons => {
    const facts = deps.snapshot.byId(tenant);
    const rows: Row[] = [];
    const hostnames = new Set<string>();
    for (const beacon of beacons) {
      const outcome = deps.encode(beacon, facts);
      if (outcome.kind === 'refused') continue;
      const { segment, offset } = beacon;
      rows.push({ segment, offset, receivedAt: beacon.record.receivedAt, content: outcome.content });
      if (outcome.hostname !== '') hostnames.add(outcome.hostname);
    }
    return { rows, hostnames, refused: beacons.length - rows.length };
  };

  return {
    insertMissing: async (tenant, beacons) => {
      await deps.progress.refresh();
      const { rows, hostnames, refused } = rowsOf(tenant, beacons);
      if (rows.length === 0) return { ...NOTHING, refused };
      // An organization that was added just now may have to wait for its tables here, or to be told why it gets none.
      const facts = deps.snapshot.byId(tenant);
      if (facts !== undefined) await deps.tables.ensure(facts);
      const settlement = await deps.settle(tenant, rows, rows, deps.signal);
      if (settlement.kind === 'behind' && !(await deps.isHeld())) throw takenOver();
      if (settlement.kind === 'behind')
        throw new AppError(settlement.code, `inserting beacons of ${tenant}: ${settlement.reason}`);
      const { inserted, found, bad } = settlement;
      const byKey = new Map(beacons.map((beacon) => [keyOf(beacon), beacon]));
      await deps.quarantine(
        bad.flatMap(({ row, code, reason }) => {
          const record = byKey.get(keyOf(row))?.record;
          const { segment, offset } = row;
          return record === undefined ? [] : [{ tenant, segment, offset, code, reason, record }];
        }),
      );
      deps.hostnames.note([{ tenant, hostnames }]);
      return { inserted, existing: found, quarantined: bad.length, refused };
    },
    countMissing: async (tenant, beacons) => {
      const { rows, refused } = rowsOf(tenant, beacons);
      // A dry run makes no tables: what is not there holds nothing.
      if (rows.length === 0 || !(await deps.tables.exists(tenant)))
        return { ...NOTHING, inserted: rows.length, refused };
      const existing = await deps.warehouse.existingPositions(tenant, rangeOf(rows));
      const { missing } = compareWithTable(rows, existing);
      return { inserted: missing.length, existing: rows.length - missing.length, quarantined: 0, refused };
    },
    isLoaderBusyWith: (tenant, beacon) => deps.progress.isBusyWith(tenant, beacon),
  };
};

const takenOver = (): AppError =>
  new AppError(REPLAY_TAKEN_OVER, 'another replay has taken over: this one stood still for too long', {
    hint: 'what was inserted before stays; look whether the other one has come to its end, and run this one again if not',
  });

interface EncodedBeacons {
  readonly rows: readonly Row[];
  readonly hostnames: ReadonlySet<string>;
  readonly refused: number;
}

const NOTHING: SinkResult = { inserted: 0, existing: 0, quarantined: 0, refused: 0 };

const keyOf = ({ segment, offset }: { readonly segment: string; readonly offset: number }): string =>
  `${segment}:${offset}`;
