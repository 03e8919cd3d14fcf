import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from './identifier.ts';
import { momentText } from './moment-text.ts';

/** Host names that are kept for one tenant. They come from clients: without a bound a flood of made-up names would fill the list. */
export const MAX_HOSTNAMES = 2_000;

/**
 * Writes down that beacons of these host names arrived at `at` (epoch ms). Names that are known are always renewed, new ones as long as
 * there is room for them. Returns how many were left out. Rejects as the client does.
 */
export const upsertHostnames = async (
  client: ClickHouseClient,
  tenantId: TenantId,
  hostnames: readonly string[],
  at: number,
  maxHostnames = MAX_HOSTNAMES,
): Promise<number> => {
  const offered = [...new Set(hostnames)].filter((hostname) => hostname !== '' && hostname.length <= 253);
  if (offered.length === 0) return 0;
  const table = quoteIdentifier(tableNames(tenantId).hostnames);
  const result = await client.query({
    query: `SELECT DISTINCT hostname FROM ${table} LIMIT {limit:UInt32}`,
    query_params: { limit: maxHostnames + offered.length },
    format: 'JSONCompactEachRow',
  });
  const known = new Set((await result.json<[hostname: string]>()).map(([hostname]) => hostname));
  const room = Math.max(0, maxHostnames - known.size);
  const kept = [
    ...offered.filter((hostname) => known.has(hostname)),
    ...offered.filter((hostname) => !known.has(hostname)).slice(0, room),
  ];
  if (kept.length > 0)
    await client.insert({
      table,
      columns: ['hostname', 'updated_at'],
      values: kept.map((hostname) => [hostname, momentText(at)]),
      format: 'JSONCompactEachRow',
      clickhouse_settings: { async_insert: 0 },
    });
  return offered.length - kept.length;
};

/** Remembers when each host name was written down last, so that a loader asks the warehouse about once a minute and not once a round. */
export interface HostnameNotes {
  /** Those of `hostnames` that should be written now. */
  due(tenantId: TenantId, hostnames: readonly string[], now: number): readonly string[];
}

/** Creates notes. A host name is due again after `everyMs`; at most `max` of them are remembered over all tenants. */
export const createHostnameNotes = (everyMs = 60_000, max = 100_000): HostnameNotes => {
  let notes = new Map<string, number>();
  return {
    due: (tenantId, hostnames, now) => {
      if (notes.size > max)
        notes = new Map([...notes].filter(([, at]) => now - at < everyMs).slice(0, max / 2));
      return [...new Set(hostnames)].filter((hostname) => {
        const key = `${tenantId} ${hostname}`;
        const at = notes.get(key);
        if (hostname === '' || (at !== undefined && Math.abs(now - at) < everyMs)) return false;
        notes.set(key, now);
        return true;
      });
    },
  };
};
