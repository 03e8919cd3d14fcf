import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog, systemClock } from '#core';
import type { JournalEntry } from '#journal';
import type { Tenant } from '#tenants';
import { EVENT_COLUMNS, type EventRow, insertRows, nativeBlock, tableNames } from '#warehouse';
import { createRandom, generatePageView } from '../../src/demo/generator.ts';
import { createBeaconRows } from '../../src/loader/beacon-row.ts';
import { createMigrator } from '../../src/warehouse/migrator.ts';
import { hostileBeacons } from '../fixtures/beacons/hostile.ts';
import { aBeacon, aGeneratedBeacon } from '../support/a-beacon.ts';
import { startTestWarehouse, type TestWarehouse, testTenant } from '../support/warehouse.ts';

const beaconRows = createBeaconRows(
  { pageGroups: [], keepQuery: true, keepUserAgent: true },
  { geo: { find: () => ({ country: 'BG', city: 'София' }) } },
);

let world: TestWarehouse;
let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  world = await startTestWarehouse();
});
afterAll(() => world.stop());
beforeEach(async () => {
  number++;
  tenant = testTenant(`round${number}`);
  const migrator = createMigrator({
    client: world.warehouse.client,
    layout: { kind: 'server' },
    clock: systemClock,
    log: silentLog,
    parallel: 1,
  });
  const [result] = await migrator.migrate([tenant.id]);
  if (result?.kind === 'failed') throw result.error;
});

/** Encodes and inserts the beacons and gives back what the table holds of each, in their order. */
const throughTheTable = async (entries: readonly JournalEntry[]): Promise<Record<string, unknown>[]> => {
  const encoded = entries.map((entry) => beaconRows.encode(entry, tenant));
  const rows = encoded.flatMap((outcome) => (outcome.kind === 'row' ? [outcome.content] : []));
  const batch = { batchId: 1n, native: nativeBlock(rows, 1n), rowCount: entries.length };
  expect(await insertRows(world.warehouse.client, tenant.id, batch, { timeoutMs: 60_000 })).toEqual({
    kind: 'done',
  });
  const result = await world.warehouse.client.query({
    query: `SELECT * FROM ${tableNames(tenant.id).events} ORDER BY journal_offset`,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
  });
  return result.json();
};

const dateTime = (epochMs: number): string =>
  new Date(epochMs).toISOString().replace('T', ' ').replace('Z', '');

/** The value as ClickHouse writes it to JSON. */
const asJson = (value: unknown, type: string): unknown => {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1];
  if (inner !== undefined) return value === null ? null : asJson(value, inner);
  if (value instanceof Map)
    return [...value].map(([key, each]) => [
      key,
      asJson(each, type.slice('Map(LowCardinality(String), '.length, -1)),
    ]);
  if (Array.isArray(value)) return value.map((each) => asJson(each, type.slice('Array('.length, -1)));
  if (type === 'UInt64') return String(value);
  if (type === 'Float32') return Math.fround(Number(value));
  if (type === 'Date') return dateTime(Number(value)).slice(0, 10);
  if (type === "DateTime('UTC')") return dateTime(Number(value)).slice(0, 19);
  return type === "DateTime64(3, 'UTC')" ? dateTime(Number(value)) : value;
};

/** The stored value in the same form. */
const stored = (value: unknown, type: string): unknown => {
  if (value === null) return null;
  if (type.startsWith('Map(')) return Object.entries(Object(value));
  if (type.includes('Float32'))
    return Array.isArray(value) ? value.map(Math.fround) : Math.fround(Number(value));
  return value;
};

const expectSame = (row: Record<string, unknown> | undefined, expected: EventRow): void => {
  const found = EVENT_COLUMNS.map(({ name, type }) => [name, stored(row?.[name], type)]);
  expect(found).toEqual(EVENT_COLUMNS.map(({ name, type }) => [name, asJson(expected[name], type)]));
};

const expectRoundTrip = async (entries: readonly JournalEntry[]): Promise<void> => {
  const found = await throughTheTable(entries);
  expect(found).toHaveLength(entries.length);
  for (const [index, entry] of entries.entries())
    expectSame(found[index], { ...beaconRows.decode(entry), batch_id: 1 });
};

describe('a row', () => {
  test('comes back from the table as it was, for beacons of every kind', async () => {
    const random = createRandom(11);
    const site = { host: 'shop.example', trace: 'BY83kR5MS5PM', at: Date.UTC(2026, 10, 22, 23, 59, 59, 999) };
    const beacons = Array.from({ length: 300 }, () => generatePageView(random, site)).flat();
    await expectRoundTrip(beacons.map((beacon, index) => aGeneratedBeacon(beacon, { offset: index })));
  });

  test('comes back for the beacons that a real browser sent', async () => {
    await expectRoundTrip(
      recorded.map(({ body, query, headers }, index) =>
        aBeacon({}, { body, query, headers: Object.entries(headers), offset: index }),
      ),
    );
  });

  test('comes back for every beacon of the hostile corpus', async () => {
    await expectRoundTrip(
      hostileBeacons.map(({ raw, query = '', headers = [] }, index) =>
        aBeacon({}, { body: raw, query, headers, offset: index }),
      ),
    );
  });

  test('holds the largest position and moments at the edges of what ClickHouse can say', async () => {
    const entries = [
      aBeacon({}, { segment: 'ffffffffffffffff', offset: 0, receivedAt: 0 }),
      aBeacon(
        {},
        { segment: '0000000000000000', offset: Number.MAX_SAFE_INTEGER, receivedAt: Date.UTC(2105, 0, 1) },
      ),
    ];
    await expectRoundTrip(entries);
  });
});

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fixture of ours
const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/beacons/recorded.json', import.meta.url), 'utf8'),
) as readonly {
  readonly body: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}[];
