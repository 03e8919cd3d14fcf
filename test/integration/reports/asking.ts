import { silentLog, systemClock } from '#core';
import type { TenantId } from '#tenants';
import { openViews } from '#warehouse';
import type { Filter, Selection } from '../../../src/modules/reports/contract.ts';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import { openTenantViews } from '../../../src/modules/reports/tenant-views.ts';
import { createMigrator } from '../../../src/warehouse/migrator.ts';
import { insertBeaconRows } from '../../support/warehouse-rows.ts';
import type { TestWarehouse } from '../../support/warehouse.ts';
import { beaconsOf, type Visit } from './visits.ts';

/** Makes a tenant's tables and stores the beacons of visits. */
export const storeVisits = async (
  { warehouse: { client } }: TestWarehouse,
  tenant: TenantId,
  visits: readonly Visit[],
): Promise<void> => {
  const layout = { kind: 'server' } as const;
  await createMigrator({ client, layout, clock: systemClock, log: silentLog, parallel: 1 }).migrate([tenant]);
  const rows = beaconsOf(visits);
  for (let at = 0; at < rows.length; at += 2_000)
    await insertBeaconRows(client, tenant, rows.slice(at, at + 2_000));
};

/** Asks a report as the module does. */
export const asker =
  ({ warehouse: { client } }: TestWarehouse, tenant: TenantId, now: number, hostnames: readonly string[]) =>
  async <A>(path: string, query: URLSearchParams | string): Promise<A> => {
    const report = REPORTS.find((each) => each.path === `/reports/${path}`);
    if (report === undefined) throw new Error(`no report ${path}`);
    const views = openTenantViews(
      { client, sources: openViews({ client }), hostnames: () => hostnames, clock: systemClock },
      tenant,
      new AbortController().signal,
      null,
    );
    const { answer } = await report.ask(new URLSearchParams(query), { tenant, params: {}, views, now });
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
