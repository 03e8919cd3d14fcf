import type { ClickHouseClient } from '@clickhouse/client';
import { createManualClock, type ManualClock, silentLog, systemClock } from '#core';
import type { Tenant, TenantId } from '#tenants';
import { type EventRow, openViews, pageViewsSelect, type Period, type ViewsSource } from '#warehouse';
import { createMigrator } from '../../src/warehouse/migrator.ts';
import { ROLLUP_COLUMNS } from '../../src/warehouse/rollup/columns.ts';
import { pageViewRows } from '../../src/warehouse/rollup/page-view-rows.ts';
import {
  createTenantRollup,
  type TenantRollup,
  type TenantRollupOptions,
} from '../../src/warehouse/rollup/tenant-rollup.ts';
import { beaconRow, insertBeaconRows } from './warehouse-rows.ts';
import { startTestWarehouse, type TestWarehouse } from './warehouse.ts';

/** A row of a source, columns by name. */
export type SourceRow = Readonly<Record<string, string | number>>;

/** An embedded warehouse, and roll-ups that a test makes step by step. */
export interface RollupWorld extends TestWarehouse {
  readonly client: ClickHouseClient;
  makeTables(tenant: Tenant): Promise<void>;
  insert(tenantId: TenantId, rows: readonly Partial<EventRow>[]): Promise<void>;
  source(tenantId: TenantId, period: Period): Promise<ViewsSource>;
  /** What reports see of a period, in a fixed order. */
  seen(tenantId: TenantId, period: Period): Promise<readonly SourceRow[]>;
  /** The same without any roll-up: from all beacons of the tenant. */
  live(tenantId: TenantId, period: Period): Promise<readonly SourceRow[]>;
  rollup(tenant: Tenant, clock: ManualClock, options?: Partial<TenantRollupOptions>): TenantRollup;
  /** Looks and works until nothing is left; gives the number of steps. */
  settle(rollup: TenantRollup, tenant: Tenant): Promise<number>;
}

/** Starts one; `stop` removes it. */
export const startRollupWorld = async (): Promise<RollupWorld> => {
  const world = await startTestWarehouse();
  const { client } = world.warehouse;
  const views = openViews({ client });
  const rowsOf = (sql: string): Promise<SourceRow[]> =>
    world.rows(`SELECT ${SHOWN} FROM ${sql} ORDER BY ALL`);
  return {
    ...world,
    client,
    makeTables: async (tenant) => {
      await createMigrator({
        client,
        layout: { kind: 'server' },
        clock: systemClock,
        log: silentLog,
        parallel: 1,
      }).migrate([tenant.id]);
    },
    insert: (tenantId, rows) => insertBeaconRows(client, tenantId, rows),
    source: (tenantId, period) => views.source(tenantId, period),
    seen: async (tenantId, period) => rowsOf((await views.source(tenantId, period)).sql),
    live: (tenantId, { from, to }) => {
      const [begin, end] = [Math.floor(from / 1_000), Math.floor(to / 1_000)];
      const having = `started_at >= toDateTime(${begin}) AND started_at < toDateTime(${end})`;
      return rowsOf(
        `(${pageViewRows(tenantId, { where: '1', having }, ROLLUP_COLUMNS, pageViewsSelect(tenantId, { having }))})`,
      );
    },
    rollup: (tenant, clock, options = {}) =>
      createTenantRollup(tenant, {
        client,
        layout: { kind: 'server' },
        clock,
        maxBeacons: 100_000,
        ...options,
      }),
    settle: async (rollup, tenant) => {
      await rollup.look(tenant);
      let steps = 0;
      while (await rollup.work()) steps++;
      return steps;
    },
  };
};

/** Hashes as text: they do not fit into a number. */
const SHOWN = ROLLUP_COLUMNS.map(({ name, type }) =>
  type === 'UInt64' ? `toString(${name}) AS ${name}` : name,
).join(', ');

const HOUR_MS = 3_600_000;

/** A clock that stands some time after an hour of 2026 has begun. */
export const clockAt = (epochMs: number): ManualClock => createManualClock(epochMs);

/** The beacons of one page life: a load, then quit and others; offsets in ms after the load. */
export const pageLife = (
  place: { readonly host?: string; readonly session: string; readonly page: string; readonly at: number },
  later: readonly (Partial<EventRow> & { readonly after: number })[] = [],
  load: Partial<EventRow> = {},
): readonly EventRow[] => {
  const base = {
    hostname: place.host ?? 'shop.example',
    session_id: place.session,
    page_id: place.page,
    url_path: `/${place.page}`,
    journal_segment: BigInt(place.at),
  };
  return [
    beaconRow({
      event_type: 'visit_page',
      is_page_view: true,
      session_length: 1,
      ...base,
      beacon_no: 1,
      received_at: place.at,
      journal_offset: 0,
      ...load,
    }),
    ...later.map(({ after, ...values }, index) =>
      beaconRow({
        event_type: 'quit_page',
        ...base,
        beacon_no: index + 2,
        received_at: place.at + after,
        journal_offset: index + 1,
        ...values,
      }),
    ),
  ];
};

/** Begin of an hour of 22 November 2026, UTC; negative and large hours are other days. */
export const hourAt = (hour: number): number => Date.UTC(2026, 10, 22) + hour * HOUR_MS;
