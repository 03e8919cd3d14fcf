import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { quoteIdentifier, quoteText, tableNames } from '../identifier.ts';
import { type Layout, storedName } from '../layout.ts';
import { type HourCount, momentSql, secondsOf } from './hours.ts';

/** Beacons of a tenant by the hour in which they were received. */
export interface Look {
  /** Rows of the whole table. */
  readonly total: number;
  /** Hours from `from` on that have beacons, ascending. */
  readonly counts: readonly HourCount[];
  /** When the newest beacon was received, epoch ms; 0: there is none. */
  readonly newestAt: number;
}

/** Counts the beacons from the hour `from` on. Rejects as the client does. */
export const lookAtHours = async (
  client: ClickHouseClient,
  tenantId: TenantId,
  from: number,
): Promise<Look> => {
  const events = quoteIdentifier(tableNames(tenantId).events);
  // One statement: an insert between two of them would look like a change of old hours.
  const result = await client.query({
    query: `SELECT intDiv(toUInt32(toDateTime(received_at)), 3600) AS hour, count(), toUnixTimestamp64Milli(max(received_at)), 0
      FROM ${events} WHERE received_at >= ${momentSql(secondsOf(from))} GROUP BY hour
      UNION ALL SELECT 0, 0, 0, count() FROM ${events}`,
    ...NUMBERS,
  });
  const rows = await result.json<[hour: number, beacons: number, newestAt: number, total: number]>();
  return {
    total: rows.reduce((sum, [, , , total]) => sum + total, 0),
    counts: rows
      .filter(([, beacons]) => beacons > 0)
      .map(([hour, beacons]) => ({ hour, beacons }))
      .toSorted((a, b) => a.hour - b.hour),
    newestAt: Math.max(...rows.map(([, , newestAt]) => newestAt)),
  };
};

/**
 * Rows in the events table of each tenant that has any: one look at what the server knows of its tables' parts, however many tenants there
 * are. On a cluster this is of one node only, which is enough to notice a change. Rejects as the client does.
 */
export const rowsByTenant = async (
  client: ClickHouseClient,
  layout: Layout,
  tenants: readonly TenantId[],
): Promise<ReadonlyMap<TenantId, number>> => {
  const tenantOf = new Map(tenants.map((id) => [storedName(layout, tableNames(id).events), id]));
  const result = await client.query({
    query: `SELECT table, sum(rows) AS rows FROM system.parts
      WHERE active AND database = currentDatabase() AND endsWith(table, ${quoteText(storedName(layout, '_webperf_rum_events'))})
      GROUP BY table HAVING rows > 0`,
    ...NUMBERS,
  });
  const found = new Map<TenantId, number>();
  for (const [table, rows] of await result.json<[string, number]>()) {
    const tenant = tenantOf.get(table);
    if (tenant !== undefined) found.set(tenant, rows);
  }
  return found;
};

const NUMBERS = {
  format: 'JSONCompactEachRow',
  clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
} as const;
