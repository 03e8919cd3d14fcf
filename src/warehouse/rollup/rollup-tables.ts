import type { TenantId } from '#tenants';
import { quoteIdentifier, quoteText, tableNames } from '../identifier.ts';
import { distributed, type Layout, mergeTree, onCluster, storedName } from '../layout.ts';
import { ROLLUP_COLUMNS } from './columns.ts';

/**
 * The statements that create a tenant's roll-up. `<prefix>_rollup` holds rows by *fill*: one making of one hour. Rows count only while
 * `<prefix>_rollup_hours` names their fill as that of its hour, so an hour is replaced by one insert there, and rows of a fill that was
 * never recorded, or that was replaced, mean nothing. Both are flushed to disk before they are acknowledged: an
 * hour that is recorded has its rows.
 */
export const createRollupTables = (layout: Layout, tenantId: TenantId): readonly string[] => {
  const { rollup, rollupHours } = tableNames(tenantId);
  const columns = ROLLUP_COLUMNS.map(
    ({ name, type, comment }) => `${quoteIdentifier(name)} ${type} COMMENT ${quoteText(comment)}`,
  );
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(storedName(layout, rollup))}${onCluster(layout)}
      (${columns.join(', ')}, fill UInt64 COMMENT 'the making of one hour')
      ENGINE = ${mergeTree(layout, '')} PARTITION BY toYYYYMM(started_at)
      PRIMARY KEY (hostname, fill) ORDER BY (hostname, fill, url_path) SETTINGS ${DURABLE}`,
    ...distributed(layout, rollup, 'view'),
    `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(storedName(layout, rollupHours))}${onCluster(layout)} (
      hour DateTime('UTC') COMMENT 'begin of the hour; 1970-01-01: nothing before the first hour is left to do',
      fill UInt64 COMMENT 'the rows that count',
      beacons UInt64 COMMENT 'received in this hour when it was made',
      made_at DateTime64(3, 'UTC') COMMENT 'beacons that came later are not in it'
    ) ENGINE = ${mergeTree(layout, 'Replacing', 'made_at')} ORDER BY hour SETTINGS ${DURABLE}`,
    ...distributed(layout, rollupHours, 'toUInt32(hour)'),
  ];
};

const DURABLE = 'fsync_after_insert = 1, fsync_part_directory = 1';
