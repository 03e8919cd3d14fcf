import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addressOf, type Scan, scanUnclaimed } from './scan-unclaimed.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const DAY = 86_400_000;

let archive: string;

beforeEach(() => {
  archive = mkdtempSync(join(tmpdir(), 'rumbrella-scan-'));
  writeFileSync(join(archive, 'rumbrella-archive.txt'), '');
});

afterEach(() => rmSync(archive, { recursive: true, force: true }));

interface Line {
  readonly trace: string;
  readonly u?: string;
  readonly at?: number;
}

/** Lines as the archive keeps them. */
const write = (folder: string, day: string, lines: readonly Line[]): void => {
  mkdirSync(join(archive, folder, day), { recursive: true });
  const text = lines.map(({ trace, u, at = NOON }, offset) => {
    const meta = {
      v: 1,
      segment: '00000000000000aa',
      offset,
      received_at: at,
      destination: folder,
      trace,
      method: 'GET',
    };
    return `${JSON.stringify({
      created_at: '2026-11-22 12:00:00',
      request_headers: '{}',
      rumbrella: JSON.stringify(meta),
      ...(u !== undefined && { u }),
    })}\n`;
  });
  writeFileSync(join(archive, folder, day, '12.json.lines'), text.join(''));
};

const look = (change: { readonly maxBytes?: number; readonly maxGroups?: number } = {}): Promise<Scan> =>
  scanUnclaimed(
    { folder: 'unknown', from: NOON - 7 * DAY, to: NOON + DAY },
    { archive, traceParameters: ['brum_trace'], now: NOON, maxBytes: 1e9, maxGroups: 10, ...change },
    new AbortController().signal,
  );

describe('a look through beacons of nobody', () => {
  test('counts them by trace, with hosts and samples without their query', async () => {
    write('unknown', '2026-11-22', [
      { trace: 'T1', u: 'https://a.example/p?secret=1#x' },
      { trace: 'T1', u: 'https://b.example/q', at: NOON + 1_000 },
      { trace: 'T2', u: 'https://c.example/' },
    ]);
    const { groups, beacons, cut } = await look();
    expect([beacons, cut]).toEqual([3, false]);
    expect(groups).toEqual([
      {
        trace: 'T1',
        beacons: 2,
        first: NOON,
        last: NOON + 1_000,
        hostnames: ['a.example', 'b.example'],
        samples: ['https://a.example/p', 'https://b.example/q'],
      },
      expect.objectContaining({ trace: 'T2', beacons: 1 }),
    ]);
  });

  test('puts those without a trace together by host', async () => {
    write('unknown', '2026-11-22', [
      { trace: '', u: 'https://a.example/1' },
      { trace: '', u: 'https://a.example/2' },
      { trace: '', u: 'https://b.example/1' },
    ]);
    expect((await look()).groups.map(({ beacons, hostnames }) => [hostnames[0], beacons])).toEqual([
      ['a.example', 2],
      ['b.example', 1],
    ]);
  });

  test('leaves out what was received before or after the period', async () => {
    write('unknown', '2026-11-22', [
      { trace: 'T1', at: NOON - 8 * DAY },
      { trace: 'T1' },
      { trace: 'T1', at: NOON + DAY },
    ]);
    expect((await look()).beacons).toBe(1);
  });

  test('reads the newest days first and says when its bound was reached', async () => {
    write('unknown', '2026-11-21', [{ trace: 'old', at: NOON - DAY }]);
    write('unknown', '2026-11-22', [{ trace: 'new' }]);
    const { groups, cut } = await look({ maxBytes: 10 });
    expect([groups.map(({ trace }) => trace), cut]).toEqual([['new'], true]);
  });

  test('counts what is not listed', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => ({ trace: `T${index}` }));
    write('unknown', '2026-11-22', [...lines, { trace: 'T7' }]);
    const { groups, otherBeacons } = await look({ maxGroups: 3 });
    expect([groups[0]?.trace, groups.length, otherBeacons]).toEqual(['T7', 3, 27]);
  });

  test('finds nothing where there is no folder', async () => {
    expect(await look()).toEqual({
      bytes: 0,
      totalBytes: 0,
      beacons: 0,
      cut: false,
      groups: [],
      otherBeacons: 0,
    });
  });
});

test.each([
  ['https://a.example/p?q=1', { host: 'a.example', text: 'https://a.example/p' }],
  ['javascript:alert(1)//?x', { host: '', text: 'javascript:alert(1)//' }],
  ['not an address', { host: '', text: 'not an address' }],
  [
    `https://a.example/${'x'.repeat(500)}`,
    { host: 'a.example', text: `https://a.example/${'x'.repeat(182)}…` },
  ],
])('the address %s is told without what follows it', (u, expected) => {
  const query = new URLSearchParams({ u }).toString();
  expect(addressOf({ query, body: new Uint8Array() })).toEqual(expected);
});
