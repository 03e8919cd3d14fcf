import type { ClickHouseClient } from '@clickhouse/client';
import { silentLog, systemClock } from '#core';
import type { TenantId } from '#tenants';
import { type EventRow, openViews, type ViewsOptions } from '#warehouse';
import type { Filter, Selection } from '../../../src/modules/reports/contract.ts';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import { ANSWERS } from '../../../src/modules/reports/openapi/answers.ts';
import type { Answered, Report } from '../../../src/modules/reports/report.ts';
import { openTenantViews } from '../../../src/modules/reports/tenant-views.ts';
import { createMigrator } from '../../../src/warehouse/migrator.ts';
import { insertBeaconRows } from '../../support/warehouse-rows.ts';
import type { TestWarehouse } from '../../support/warehouse.ts';
import { beaconsOf, type Visit } from './visits.ts';

/** Makes a tenant's tables and stores beacons. */
export const storeBeacons = async (
  { warehouse: { client } }: TestWarehouse,
  tenant: TenantId,
  rows: readonly EventRow[],
): Promise<void> => {
  const layout = { kind: 'server' } as const;
  await createMigrator({ client, layout, clock: systemClock, log: silentLog, parallel: 1 }).migrate([tenant]);
  for (let at = 0; at < rows.length; at += 2_000)
    await insertBeaconRows(client, tenant, rows.slice(at, at + 2_000));
};

/** Makes a tenant's tables and stores the beacons of visits. */
export const storeVisits = (
  world: TestWarehouse,
  tenant: TenantId,
  visits: readonly Visit[],
): Promise<void> => storeBeacons(world, tenant, beaconsOf(visits));

/** The report of this path. */
export const reportOf = (path: string): Report => {
  const report = REPORTS.find((each) => each.path === path);
  if (report === undefined) throw new Error(`no report ${path}`);
  return report;
};

/** Of whom and when reports are asked. */
export interface Asker {
  readonly client: ClickHouseClient;
  readonly tenant: TenantId;
  /** Epoch ms. */
  readonly now: number;
  /** That the users map gives the tenant. */
  readonly hostnames: readonly string[];
  /** Default: live hours are read from beacons. */
  readonly copies?: ViewsOptions['copies'];
}

/** Asks a report as the module does, for its answer and its lines. `path` is under `/reports`; `id`: the page view of the path. */
export const askWhole = async (
  { client, tenant, now, hostnames, copies }: Asker,
  path: string,
  query: URLSearchParams | string,
  id = '',
): Promise<Answered> => {
  const views = openTenantViews(
    { client, sources: openViews({ client, copies }), hostnames: () => hostnames, clock: systemClock },
    tenant,
    new AbortController().signal,
    null,
  );
  return reportOf(`/reports/${path}`).ask(new URLSearchParams(query), {
    tenant,
    params: { id },
    views,
    now,
  });
};

/** Asks a report as the module does; the answer is as its schema says, and its lines have its columns. */
export const asker =
  (
    { warehouse: { client } }: TestWarehouse,
    tenant: TenantId,
    now: number,
    hostnames: readonly string[],
    copies?: ViewsOptions['copies'],
  ) =>
  async <A>(path: string, query: URLSearchParams | string, id = ''): Promise<A> => {
    const { answer, columns, rows } = await askWhole(
      { client, tenant, now, hostnames, copies },
      path,
      query,
      id,
    );
    ANSWERS[`/reports/${path}`]?.parse(answer);
    const names = Object.keys(columns).toSorted().join();
    for (const line of rows())
      if (Object.keys(line).toSorted().join() !== names)
        throw new Error(`${path}: found a line of ${Object.keys(line).join()}, expected ${names}`);
    return answer as A;
  };

/** A selection as parameters. */
export const queryOf = (
  selection: Selection,
  more: Readonly<Record<string, string>> = {},
): URLSearchParams => {
  const query = new URLSearchParams({
    from: selection.from,
    to: selection.to,
    navigations: selection.navigations,
    percentile: String(selection.percentile),
    bots: selection.bots ? 'with' : 'without',
    ...(selection.site !== null && { site: selection.site }),
    ...more,
  });
  for (const filter of selection.filters) query.append('filter', filterText(filter));
  return query;
};

/** A filter as its parameter. */
const filterText = ({ dimension, op, values }: Filter): string =>
  `${dimension}:${op}:${values.map(encodeURIComponent).join('|')}`;
