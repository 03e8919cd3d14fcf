import type { ClickHouseClient } from '@clickhouse/client';
import { type Clock, systemClock } from '#core';
import type { TenantId } from '#tenants';
import { quoteText, tableNames } from './identifier.ts';
import { type Layout, SERVER } from './layout.ts';

/** Whose inserts: one batch, or all of ours into a tenant's table (after a restart, when the batches are not known). */
export type InsertSelection = { readonly batchId: bigint } | { readonly tenantId: TenantId };

/**
 * Ends every such insert that still runs and waits until none does. True: none runs, so what is in the table is all that will be there.
 * False: one is still running after `timeoutMs`. Rejects as the client does.
 */
export const waitUntilNoInsertRuns = async (
  client: ClickHouseClient,
  selection: InsertSelection,
  timeoutMs: number,
  { layout = SERVER, clock = systemClock }: { readonly layout?: Layout; readonly clock?: Clock } = {},
): Promise<boolean> => {
  const deadline = clock.monotonic() + timeoutMs;
  for (let pollMs = 20; ; pollMs = Math.min(pollMs * 2, 500)) {
    const running = await runningInserts(client, layout, selection);
    if (running === 0) return true;
    if (clock.monotonic() >= deadline) return false;
    // ASYNC: the answer does not wait for the end of the insert, the next look does.
    await client.command({
      query: `KILL QUERY${layout.kind === 'cluster' ? ` ON CLUSTER ${quoteText(layout.name)}` : ''} WHERE ${condition()} ASYNC`,
      query_params: parameters(selection),
    });
    await clock.sleep(Math.min(pollMs, Math.max(1, deadline - clock.monotonic())));
  }
};

const runningInserts = async (
  client: ClickHouseClient,
  layout: Layout,
  selection: InsertSelection,
): Promise<number> => {
  const processes =
    layout.kind === 'cluster'
      ? `clusterAllReplicas(${quoteText(layout.name)}, system.processes)`
      : 'system.processes';
  const result = await client.query({
    query: `SELECT count() AS count FROM ${processes} WHERE ${condition()}`,
    query_params: parameters(selection),
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const [row] = await result.json<[count: number]>();
  return row?.[0] ?? 0;
};

/** An insert of ours whose text holds both needles. The words are put together so that this query does not find itself. */
const condition = (): string =>
  "position(query, concat('/* rumbrella', ' batch ')) > 0 AND position(query, {needle:String}) > 0 " +
  "AND position(query, concat('INSERT', ' INTO')) > 0 AND position(query, concat('KILL', ' QUERY')) = 0";

const parameters = (selection: InsertSelection): { needle: string } => ({
  needle:
    'batchId' in selection
      ? `rumbrella batch ${selection.batchId} *`
      : `INSERT INTO \`${tableNames(selection.tenantId).events}\``,
});
