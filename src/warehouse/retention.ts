import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from './identifier.ts';
import { createMigrationRecorder, type MigrationRecord } from './migration-records.ts';
import { type Layout, onCluster, SERVER, storedName } from './layout.ts';

/**
 * Days that a table keeps its rows, read from its engine's text (`system.tables.engine_full`): `none` without a TTL, `foreign` when
 * somebody gave it another TTL than ours (which is then left alone unless the users map asks for a number of days).
 */
export const retentionOf = (engineFull: string): number | 'none' | 'foreign' => {
  if (!engineFull.includes(' TTL ')) return 'none';
  const days = / TTL toDateTime\(received_at\) \+ toIntervalDay\((\d{1,6})\)(?: SETTINGS|$)/.exec(
    engineFull,
  )?.[1];
  return days === undefined ? 'foreign' : Number(days);
};

/** The statement that gives a tenant's events table this retention (days; null: for ever); undefined: it has it. */
export const retentionStatement = (
  layout: Layout,
  tenantId: TenantId,
  engineFull: string,
  days: number | null,
): string | undefined => {
  const now = retentionOf(engineFull);
  if (days === null ? now === 'none' || now === 'foreign' : now === days) return undefined;
  const table = quoteIdentifier(storedName(layout, tableNames(tenantId).events));
  const change =
    days === null ? 'REMOVE TTL' : `MODIFY TTL toDateTime(received_at) + toIntervalDay(${Math.trunc(days)})`;
  return `ALTER TABLE ${table}${onCluster(layout)} ${change}`;
};

/** The retention that is recorded for a tenant, in days; null: none, so rows are kept for ever. */
export const recordedRetention = (records: readonly MigrationRecord[]): number | null => {
  const record = records.find(({ number, state }) => number === RETENTION_NUMBER && state === 'applied');
  return record === undefined || record.checksum === FOR_EVER ? null : Number(record.checksum);
};

/**
 * Gives the tenant's events table its retention, in days (null: rows are kept for ever), and records it beside the migrations, so that
 * a restart need not read the table's text. Old rows leave when ClickHouse merges their part, within hours. Returns whether
 * the table was changed. Rejects as the client does.
 */
export const applyRetention = async (
  client: ClickHouseClient,
  tenantId: TenantId,
  days: number | null,
  layout: Layout = SERVER,
): Promise<boolean> => {
  const result = await client.query({
    query:
      'SELECT engine_full FROM system.tables WHERE database = currentDatabase() AND name = {name:String}',
    query_params: { name: storedName(layout, tableNames(tenantId).events) },
    format: 'JSONEachRow',
  });
  const [table] = await result.json<{ engine_full: string }>();
  const query =
    table === undefined ? undefined : retentionStatement(layout, tenantId, table.engine_full, days);
  const now = Date.now();
  // The rewrite of old parts goes on by itself; nobody waits for it.
  if (query !== undefined)
    await client.command({ query, clickhouse_settings: { alter_sync: '0', mutations_sync: '0' } });
  await createMigrationRecorder(client).record([
    {
      tenant: tenantId,
      number: RETENTION_NUMBER,
      name: 'retention',
      checksum: days === null ? FOR_EVER : String(Math.trunc(days)),
      state: 'applied',
      startedAt: now,
      finishedAt: now,
      error: '',
    },
  ]);
  return query !== undefined;
};

/** Retention is recorded as migration 0: its `checksum` is the number of days. */
const RETENTION_NUMBER = 0;
const FOR_EVER = 'for ever';
