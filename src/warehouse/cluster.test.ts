import { describe, expect, it } from 'vitest';
import type { TenantId } from '#tenants';
import { layoutOf } from './layout.ts';
import { createRecordsTable } from './migration-records.ts';
import { MIGRATIONS } from './migrations/list.ts';
import type { ExistingTable } from './migrations/migration.ts';
import { retentionStatement } from './retention.ts';
import { EVENT_COLUMNS } from './schema.ts';

// No cluster can be had where these tests run: this is what would be sent to one.
const CLUSTER = layoutOf('main');
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an id of the right form
const TENANT = 'shop' as TenantId;
const statements = (
  existing: (name: string) => ExistingTable | undefined = () => undefined,
): readonly string[] =>
  MIGRATIONS.flatMap((migration) => migration.up({ tenantId: TENANT, layout: CLUSTER, existing }));

describe('on a cluster', () => {
  it('every statement runs on all servers', () => {
    const all = [...statements(), ...createRecordsTable(CLUSTER)];
    expect(all.filter((statement) => !statement.includes(' ON CLUSTER `main`'))).toEqual([]);
  });

  it('rows are in replicated tables with a distributed one over them', () => {
    expect(statements()).toEqual([
      expect.stringMatching(
        /^CREATE TABLE IF NOT EXISTS `shop_webperf_rum_events_local` .* ENGINE = ReplicatedMergeTree PARTITION/,
      ),
      'CREATE TABLE IF NOT EXISTS `shop_webperf_rum_events` ON CLUSTER `main` AS `shop_webperf_rum_events_local` ' +
        'ENGINE = Distributed(`main`, currentDatabase(), `shop_webperf_rum_events_local`, cityHash64(session_id, page_id))',
      expect.stringMatching(
        /`shop_webperf_rum_hostnames_local` .* ENGINE = ReplicatedReplacingMergeTree\(updated_at\)/,
      ),
      expect.stringContaining('CREATE TABLE IF NOT EXISTS `shop_webperf_rum_hostnames` ON CLUSTER `main` AS'),
      expect.stringMatching(/^CREATE OR REPLACE VIEW `shop_page_views` ON CLUSTER `main` /),
    ]);
  });

  it('a missing column is added to the stored table first, then to the distributed one', () => {
    const local: ExistingTable = {
      name: 'shop_webperf_rum_events_local',
      engine: 'ReplicatedMergeTree',
      engineFull:
        'fsync_after_insert = 1 fsync_part_directory = 1 min_bytes_for_wide_part = 33554432 vertical_merge_algorithm_min_rows_to_activate = 1 min_parts_to_merge_at_once = 8 merge_max_block_size_bytes = 1048576',
      columns: EVENT_COLUMNS.slice(1).map(({ name, type }) => ({ name, type, inKey: false })),
    };
    const altered = statements((name) => (name === local.name ? local : undefined)).filter((text) =>
      text.startsWith('ALTER'),
    );
    expect(altered).toEqual([
      expect.stringMatching(/^ALTER TABLE `shop_webperf_rum_events_local` ON CLUSTER `main` ADD COLUMN/),
      expect.stringMatching(/^ALTER TABLE `shop_webperf_rum_events` ON CLUSTER `main` ADD COLUMN/),
    ]);
  });

  it('retention is given to the stored table', () => {
    expect(retentionStatement(CLUSTER, TENANT, '', 30)).toBe(
      'ALTER TABLE `shop_webperf_rum_events_local` ON CLUSTER `main` MODIFY TTL toDateTime(received_at) + toIntervalDay(30)',
    );
  });
});
