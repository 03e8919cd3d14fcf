import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { layoutOf, quoteIdentifier, quoteText, removeRows, tableNames } from '#warehouse';
import { GENERATED_MARK } from './day.ts';
import { GENERATED_SEGMENTS } from './entries.ts';

/**
 * Removes the generated beacons of a tenant, and no others, from its tables, and its roll-up, which is then made again from what is left.
 * Gives the number of beacons removed. Rejects as the client does.
 */
export const removeGenerated = async (
  client: ClickHouseClient,
  tenantId: TenantId,
  cluster: string,
): Promise<number> => {
  const { events, hostnames, rollup, rollupHours, live } = tableNames(tenantId);
  const existing = await namesOf(client, [events, hostnames, rollup, rollupHours, live]);
  if (!existing.has(events)) return 0;
  const table = quoteIdentifier(events);
  const result = await client.query({
    query: `SELECT count() FROM ${table} WHERE ${IS_GENERATED}`,
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const rows = (await result.json<[number]>())[0]?.[0] ?? 0;
  if (rows === 0) return 0;
  const layout = layoutOf(cluster);
  await removeRows(client, layout, events, IS_GENERATED);
  if (existing.has(hostnames))
    await removeRows(client, layout, hostnames, `hostname NOT IN (SELECT hostname FROM ${table})`);
  // First which hours count, then their rows: in between nothing is wrong, everything is read from beacons.
  for (const name of [rollupHours, rollup])
    if (existing.has(name)) await removeRows(client, layout, name, '1');
  if (existing.has(live)) await removeRows(client, layout, live, 'is_generated = 1');
  return rows;
};

/** The mark alone could be sent by anybody, the segments by nobody. */
const IS_GENERATED = `bitShiftRight(journal_segment, 48) = ${GENERATED_SEGMENTS} AND dimensions['generated'] = ${quoteText(GENERATED_MARK)}`;

const namesOf = async (client: ClickHouseClient, names: readonly string[]): Promise<ReadonlySet<string>> => {
  const result = await client.query({
    query:
      'SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN {names:Array(String)}',
    query_params: { names },
    format: 'JSONCompactEachRow',
  });
  return new Set((await result.json<[string]>()).map(([name]) => name));
};
