import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENT_COLUMNS, type EventRow } from '#warehouse';
import { createBeaconRows } from '../../src/loader/beacon-row.ts';
import { PARAMETER_NAMES } from '../../src/loader/decode/parameter-names.ts';
import { hostileBeacons } from '../fixtures/beacons/hostile.ts';
import { aBeacon } from '../support/a-beacon.ts';

const rows = createBeaconRows(
  { pageGroups: [{ path: '/p/*', group: 'product' }], keepQuery: true, keepUserAgent: true },
  { geo: { find: () => ({ country: '', city: null }) } },
);

const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  UInt8: [0, 255],
  UInt16: [0, 65_535],
  UInt32: [0, 4_294_967_295],
  UInt64: [0, Number.MAX_SAFE_INTEGER],
  Int32: [-2_147_483_648, 2_147_483_647],
};

/** Does the value fit its column exactly, so that nothing wraps, is refused, or is no text? */
const fits = (value: unknown, type: string): boolean => {
  const inside = (wrapper: string): string | null =>
    type.startsWith(`${wrapper}(`) ? type.slice(wrapper.length + 1, -1) : null;
  const label = inside('LowCardinality');
  if (label !== null) return fits(value, label);
  const nullable = inside('Nullable');
  if (nullable !== null) return value === null || fits(value, nullable);
  const item = inside('Array');
  if (item !== null) return Array.isArray(value) && value.every((each) => fits(each, item));
  const entry = inside('Map');
  if (entry !== null) {
    const entryType = entry.slice('LowCardinality(String), '.length);
    return (
      value instanceof Map && [...value].every(([key, each]) => fits(key, 'String') && fits(each, entryType))
    );
  }
  const range = RANGES[type];
  if (range !== undefined && typeof value === 'bigint') return value >= 0n && value < 2n ** 64n;
  if (range !== undefined)
    return Number.isInteger(value) && Number(value) >= range[0] && Number(value) <= range[1];
  if (type === 'Bool') return typeof value === 'boolean';
  if (type === 'String') return typeof value === 'string' && value.isWellFormed();
  return typeof value === 'number' && Number.isFinite(value);
};

const misfits = (row: EventRow): string[] =>
  EVENT_COLUMNS.filter(({ name, type }) => !fits(row[name], type)).map(({ name }) => name);

const value = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.constantFrom(
    '',
    '-1',
    'NaN',
    '1e309',
    '4294967296',
    '~(a~1)',
    '{"a":"31,2"}',
    'https://a.example/x?y#z',
  ),
);
const parameter = fc.tuple(
  fc.oneof(fc.constantFrom(...PARAMETER_NAMES), fc.string({ maxLength: 12 })),
  value,
);

describe('a row', () => {
  test('comes of any bytes, and every value fits its column', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.string({ maxLength: 60 }), (body, query) => {
        expect(misfits(rows.decode(aBeacon({}, { body, query })))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('comes of any values of the known parameters', () => {
    fc.assert(
      fc.property(fc.array(parameter, { maxLength: 60 }), (parameters) => {
        const body = parameters
          .map(
            ([name, text]) =>
              `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`,
          )
          .join('&');
        expect(misfits(rows.decode(aBeacon({}, { body })))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('comes of a real beacon with a byte changed', () => {
    const { body } = recorded[0] ?? { body: '' };
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(body);
        bytes[at] = byte;
        expect(misfits(rows.decode(aBeacon({}, { body: bytes })))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('comes of every beacon of the hostile corpus', () => {
    for (const { name, raw, ...facts } of hostileBeacons)
      expect({ name, misfits: misfits(rows.decode(aBeacon({}, { body: raw, ...facts }))) }).toEqual({
        name,
        misfits: [],
      });
  });

  test('leaves the prototypes of objects alone', () => {
    for (const { raw } of hostileBeacons) rows.decode(aBeacon({}, { body: raw }));
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fixture of ours
const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/beacons/recorded.json', import.meta.url), 'utf8'),
) as readonly { readonly body: string }[];
