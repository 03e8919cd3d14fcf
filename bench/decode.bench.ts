import type { JournalRecord } from '#journal';
import type { TenantId } from '#tenants';
import { createRandom, type GeneratedKind, generateBeacon } from '../src/demo/generator.ts';
import { decodeRecord, encodeRecord, recordBound } from '../src/journal/record-codec.ts';
import { createBeaconRows } from '../src/loader/beacon-row.ts';

// What does it cost to turn the bytes of a journal record into an encoded row? Goal: 35 µs for real-size beacons (load 5 KB with
// 100 parameters, quit 1.2 KB). For scale, and as a figure that does not depend on the machine: what URLSearchParams
// needs to parse the same bodies, and nothing more.

const BEACONS = 500;
/** One pass over the beacons is a round; the best of many short rounds is what the work costs when nobody else is in the way. */
const ROUNDS = 150;
const BUDGET_MS = 9_000;

const rows = createBeaconRows(
  { pageGroups: [{ path: '/p/*', group: 'product' }], keepQuery: true, keepUserAgent: true },
  { geo: { find: () => ({ country: 'BG', city: null }) } },
);

interface Sample {
  readonly bytes: Buffer;
  readonly body: string;
}

const samplesOf = (kinds: readonly [GeneratedKind, ...GeneratedKind[]]): readonly Sample[] => {
  const random = createRandom(42);
  return Array.from({ length: BEACONS }, (_, index) => {
    const at = 1_763_780_000_000 + index;
    const kind = kinds[index % kinds.length] ?? kinds[0];
    const beacon = generateBeacon(random, { host: 'shop.example', trace: 'BY83kR5MS5PM', at, kind });
    const record: JournalRecord = {
      receivedAt: at,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parser of the users map is not measured
      destination: 'fashion_bg' as TenantId,
      trace: 'BY83kR5MS5PM',
      method: beacon.method,
      query: beacon.query,
      body: Buffer.from(beacon.body),
      headers: Object.entries(beacon.headers),
      clientAddress: '192.0.2.0',
      country: '',
      city: '',
    };
    const bytes = Buffer.alloc(recordBound(record));
    const end = encodeRecord(bytes, new DataView(bytes.buffer, bytes.byteOffset), 0, record);
    return { bytes: bytes.subarray(0, end), body: beacon.body };
  });
};

let sink = 0;

const toRow = ({ bytes }: Sample): void => {
  const record = decodeRecord(bytes, 0, bytes.length);
  const outcome = rows.encode({ segment: '00000000000000a1', offset: 64, end: 128, record }, undefined);
  if (outcome.kind === 'row') sink += outcome.bytes;
};

const parseOnly = ({ body }: Sample): void => {
  sink += new URLSearchParams(body).size;
};

/** Time per call, µs: the best round of each call; the calls take turns. (CPU time is counted too coarsely for short rounds.) */
const measure = <Name extends string>(
  samples: readonly Sample[],
  calls: Readonly<Record<Name, (sample: Sample) => void>>,
): Readonly<Record<Name, number>> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal of ours
  const names = Object.keys(calls) as Name[];
  const best = new Map(names.map((name) => [name, Number.POSITIVE_INFINITY]));
  const end = performance.now() + BUDGET_MS;
  for (let round = 0; round < ROUNDS && performance.now() < end; round++)
    for (const name of names) {
      const start = performance.now();
      for (const sample of samples) calls[name](sample);
      const microseconds = ((performance.now() - start) * 1_000) / samples.length;
      best.set(name, Math.min(best.get(name) ?? 0, microseconds));
    }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same keys
  return Object.fromEntries(best) as Record<Name, number>;
};

const cases: readonly (readonly [string, readonly [GeneratedKind, ...GeneratedKind[]]])[] = [
  ['load', ['load']],
  ['quit', ['quit']],
  ['both', ['load', 'quit']],
];

const results = cases.map(([name, kinds]) => {
  const samples = samplesOf(kinds);
  const { row, parse } = measure(samples, { row: toRow, parse: parseOnly });
  const meanBytes = samples.reduce((sum, { body }) => sum + body.length, 0) / samples.length;
  return { name, microseconds: row, parseMicroseconds: parse, meanBytes };
});

console.log('journal bytes → encoded row, one thread');
console.log('beacons | body bytes | µs per beacon | beacons per second | × URLSearchParams alone');
for (const { name, microseconds, parseMicroseconds, meanBytes } of results)
  console.log(
    `${name.padEnd(7)} | ${meanBytes.toFixed(0).padStart(10)} | ${microseconds.toFixed(1).padStart(13)} | ${Math.round(
      1e6 / microseconds,
    )
      .toLocaleString('en')
      .padStart(18)} | ${(microseconds / parseMicroseconds).toFixed(2)}`,
  );
if (sink === 0) throw new Error('nothing was encoded');

const round = (value: number): number => Math.round(value * 100) / 100;
console.log(
  JSON.stringify({
    bench: 'decode',
    ratio_to_url_search_params: Object.fromEntries(
      results.map(({ name, microseconds, parseMicroseconds }) => [
        name,
        round(microseconds / parseMicroseconds),
      ]),
    ),
    microseconds: Object.fromEntries(results.map(({ name, microseconds }) => [name, round(microseconds)])),
    beacons_per_second: Object.fromEntries(
      results.map(({ name, microseconds }) => [name, Math.round(1e6 / microseconds)]),
    ),
    goal_microseconds: 35,
  }),
);
