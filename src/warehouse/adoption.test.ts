import { describe, expect, it } from 'vitest';
import { adoptEventTable, canBecome } from './adoption.ts';
import { EVENT_TABLE_SETTINGS } from './event-table.ts';
import type { ExistingTable } from './migrations/migration.ts';
import { EVENT_COLUMNS } from './schema.ts';

const SERVER = { kind: 'server' } as const;
const settings = Object.entries(EVENT_TABLE_SETTINGS)
  .map(([key, value]) => `${key} = ${value}`)
  .join(', ');

/** Our own table, with some columns otherwise. */
const tableWith = (types: Record<string, string>, keys: readonly string[] = []): ExistingTable => ({
  name: 't_webperf_rum_events',
  engine: 'MergeTree',
  engineFull: `MergeTree ORDER BY x SETTINGS ${settings}`,
  columns: EVENT_COLUMNS.map(({ name, type }) => ({
    name,
    type: types[name] ?? type,
    inKey: keys.includes(name),
  })),
});
const adopt = (table: ExistingTable): readonly string[] => adoptEventTable(SERVER, table.name, table, 1);

describe('adopting an events table', () => {
  it('needs no statement for a table that is ours', () => {
    expect(adopt(tableWith({}))).toEqual([]);
  });

  it('adds a column that is missing, with what old rows show in it', () => {
    const table = tableWith({});
    const without = { ...table, columns: table.columns.filter(({ name }) => name !== 'received_at') };
    expect(adopt(without)).toEqual([
      expect.stringContaining(
        "ADD COLUMN IF NOT EXISTS `received_at` DateTime64(3, 'UTC') DEFAULT toDateTime64(created_at, 3, 'UTC')",
      ),
    ]);
  });

  it('widens a narrow column', () => {
    expect(adopt(tableWith({ first_paint: 'Nullable(UInt16)' }))).toEqual([
      expect.stringContaining('MODIFY COLUMN `first_paint` Nullable(UInt32)'),
    ]);
  });

  it('says what NULL becomes where ours has none', () => {
    expect(adopt(tableWith({ url: 'Nullable(String)' }))).toEqual([
      expect.stringContaining("MODIFY COLUMN `url` String DEFAULT ''"),
    ]);
  });

  it('leaves a key column that holds the same values as it is', () => {
    expect(adopt(tableWith({ hostname: 'String' }, ['hostname']))).toEqual([]);
  });

  it.each([
    ['a key column of another type', tableWith({ session_id: 'FixedString(43)' }, ['session_id'])],
    ['a column that would lose values', tableWith({ first_paint: 'String' })],
    ['an engine that is not of the MergeTree family', { ...tableWith({}), engine: 'Log' }],
  ])('refuses %s', (_what, table) => {
    expect(() => adopt(table)).toThrow(expect.objectContaining({ code: 'WAREHOUSE_ADOPTION_REFUSED' }));
  });

  it('sets what is missing for durability', () => {
    const table = { ...tableWith({}), engineFull: 'MergeTree ORDER BY x SETTINGS index_granularity = 8192' };
    expect(adopt(table)).toEqual([expect.stringContaining('MODIFY SETTING fsync_after_insert = 1')]);
  });
});

describe('a type', () => {
  it.each([
    ['UInt16', 'Nullable(UInt32)'],
    ['UInt8', 'Nullable(UInt16)'],
    ['Nullable(UInt16)', 'Nullable(Float32)'],
    ['FixedString(2)', 'LowCardinality(String)'],
    ['LowCardinality(Nullable(String))', 'String'],
    ['DateTime', "DateTime('UTC')"],
  ] as const)('%s can become %s', (from, to) => {
    expect(canBecome(from, to)).toBe(true);
  });

  it.each([
    ['UInt64', 'Nullable(UInt32)'],
    ['Nullable(UInt16)', 'UInt32'],
    ['String', 'Nullable(UInt32)'],
    ['Float64', 'Nullable(Float32)'],
    ['DateTime', "DateTime64(3, 'UTC')"],
  ] as const)('%s cannot become %s without loss', (from, to) => {
    expect(canBecome(from, to)).toBe(false);
  });
});
