import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, silentLog } from '#core';
import { createSnapshot, type Destination, type Snapshot, type Tenant, type TenantId } from '#tenants';
import type { ArchivedBeacon } from './beacon.ts';
import { MARKER_FILE } from './layout.ts';
import { lineText } from './line.ts';
import { replay, type ReplayOptions, type ReplaySink } from './replay.ts';
import type { ReplayReport } from './replay-tally.ts';
import { noReplayState, openReplayState, type ReplayState } from './replay-state.ts';

const NOW = Date.UTC(2026, 10, 5, 12);
const THEN = Date.UTC(2026, 10, 2, 7, 5, 9);
const DAY = 86_400_000;

let data: string;
let root: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'replay-'));
  root = join(data, 'archive');
  await put(MARKER_FILE, '');
});

afterEach(async () => {
  await rm(data, { recursive: true, force: true });
});

const put = async (path: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};

const tenant = (id: string, trace: string, expiresAt: number | null = null): Tenant => ({
  id: id as TenantId,
  name: id,
  traces: [trace],
  expiresAt,
  hostnames: [],
  onlyHostnames: false,
  retentionDays: null,
  beaconsPerSecond: null,
});

const mapOf = (...tenants: Tenant[]): Snapshot => createSnapshot('v1', 0, tenants, []);

/** Lines of ours, with positions `from` to `to`. */
const own = (folder: string, trace: string, from: number, to = from, receivedAt = THEN): string =>
  Array.from({ length: to - from + 1 }, (_, place) =>
    lineText(
      {
        segment: '0000000000000001',
        offset: from + place,
        end: from + place,
        record: {
          receivedAt,
          destination: folder as Destination,
          trace,
          method: 'POST',
          query: '',
          body: Buffer.from(`n=${from + place}`),
          headers: [],
          clientAddress: '',
          country: '',
          city: '',
        },
      },
      folder as Destination,
    ),
  ).join('');

const go = (u: string, time = '2023-09-05 07:01:02', extra: object = {}): string =>
  `${JSON.stringify({ created_at: time, u, ...extra })}\n`;

/** Tables that are sets of positions. */
const createTables = (): ReplaySink & { readonly rows: Map<string, ArchivedBeacon>; busy: boolean } => {
  const rows = new Map<string, ArchivedBeacon>();
  const keyOf = (id: TenantId, { segment, offset }: ArchivedBeacon): string => `${id} ${segment}:${offset}`;
  const missing = (id: TenantId, beacons: readonly ArchivedBeacon[]): readonly ArchivedBeacon[] =>
    beacons.filter((beacon) => !rows.has(keyOf(id, beacon)));
  const sink = {
    rows,
    busy: false,
    insertMissing: (id: TenantId, beacons: readonly ArchivedBeacon[]) => {
      const fresh = missing(id, beacons);
      for (const beacon of fresh) rows.set(keyOf(id, beacon), beacon);
      const existing = beacons.length - fresh.length;
      return Promise.resolve({ inserted: fresh.length, existing, quarantined: 0, refused: 0 });
    },
    countMissing: (id: TenantId, beacons: readonly ArchivedBeacon[]) => {
      const inserted = missing(id, beacons).length;
      const existing = beacons.length - inserted;
      return Promise.resolve({ inserted, existing, quarantined: 0, refused: 0 });
    },
    isLoaderBusyWith: () => sink.busy,
  };
  return sink;
};

const run = async (
  sink: ReplaySink,
  snapshot: Snapshot,
  options: Partial<ReplayOptions> = {},
  state: ReplayState = noReplayState,
  signal = new AbortController().signal,
): Promise<ReplayReport> => {
  const report = await replay(
    {
      from: root,
      folder: null,
      since: null,
      until: null,
      tenant: null,
      trace: null,
      as: null,
      own: false,
      dryRun: false,
      ratePerSecond: 0,
      traceParameters: ['brum_trace'],
      ...options,
    },
    { snapshot, sink, state, clock: createManualClock(NOW), log: silentLog },
    signal,
  );
  // Nothing gets lost in the report.
  const sums = [...report.tenants.values()].flatMap((result) => Object.values(result));
  const counted = [...sums, ...Object.values(report.left)].reduce((sum, count) => sum + count, 0);
  if (!report.stopped) expect(counted).toBe(report.read);
  return report;
};

const SHOP = 'shop' as TenantId;

describe('replay of our own archive', () => {
  test('brings the unknown beacons of an organization that was added, once', async () => {
    await put('unknown/2026-11-2/7.json.lines', own('unknown', 'T', 1, 3) + own('unknown', 'other', 4));
    const tables = createTables();
    expect((await run(tables, mapOf())).left.unknown).toBe(4);
    const snapshot = mapOf(tenant('shop', 'T'));
    const report = await run(tables, snapshot);
    expect(report.tenants.get(SHOP)).toMatchObject({ inserted: 3, existing: 0 });
    expect(report.left).toMatchObject({ unknown: 1 });
    expect((await run(tables, snapshot)).tenants.get(SHOP)).toMatchObject({ inserted: 0, existing: 3 });
    expect([...tables.rows.keys()]).toContain('shop 0000000000000001:3');
    expect([...tables.rows.values()][0]?.record.receivedAt).toBe(THEN);
  });

  test('brings the expired beacons of an organization that was renewed', async () => {
    await put('expired/2026-11-2/7.json.lines', own('expired', 'T', 1, 3));
    const tables = createTables();
    expect((await run(tables, mapOf(tenant('shop', 'T', THEN)))).left.expired).toBe(3);
    const report = await run(tables, mapOf(tenant('shop', 'T', NOW + DAY)));
    expect(report.tenants.get(SHOP)).toMatchObject({ inserted: 3 });
  });

  test('leaves what was accepted for a tenant with this tenant when its trace has another owner', async () => {
    await put('shop/2026-11-2/7.json.lines', own('shop', 'T', 1, 2));
    const tables = createTables();
    const report = await run(tables, mapOf(tenant('shop', 'new'), tenant('news', 'T')));
    expect([...report.tenants.keys()]).toEqual(['shop']);
    expect((await run(tables, mapOf(tenant('news', 'T')))).left.removed).toBe(2);
  });

  test('leaves to the loader what the loader still has to bring, and never unknown beacons', async () => {
    await put('shop/2026-11-2/7.json.lines', own('shop', 'T', 1, 2));
    await put('unknown/2026-11-2/7.json.lines', own('unknown', 'T', 3));
    const tables = createTables();
    tables.busy = true;
    const report = await run(tables, mapOf(tenant('shop', 'T')));
    expect(report.left.in_journal).toBe(2);
    expect([...tables.rows.keys()]).toEqual(['shop 0000000000000001:3']);
  });

  test('reads hours, daily archives and what is being closed, and nothing twice', async () => {
    const snapshot = mapOf(tenant('shop', 'T'));
    await put('shop/2026-11-2.json.lines.zst', zstdCompressSync(own('shop', 'T', 1, 3)));
    await put('shop/2026-11-2.closing/8.json.lines', own('shop', 'T', 3, 5));
    await put('shop/2026-11-2/9.json.lines', own('shop', 'T', 6, 7));
    await put('shop/2026-11-3.json.lines.gz', gzipSync(own('shop', 'T', 8, 9, THEN + DAY)));
    await put('shop/2026-11-4.json.lines', own('shop', 'T', 10, 10, THEN + 2 * DAY));
    const tables = createTables();
    await run(tables, snapshot);
    expect(tables.rows.size).toBe(10);
  });

  test('takes the range, the folder, the trace and the tenant that are asked for', async () => {
    await put('unknown/2026-11-2/7.json.lines', own('unknown', 'T', 1, 2) + own('unknown', 'N', 3));
    await put('unknown/2026-11-3/7.json.lines', own('unknown', 'T', 4, 4, THEN + DAY));
    await put('expired/2026-11-2/7.json.lines', own('expired', 'T', 5));
    const snapshot = mapOf(tenant('shop', 'T'), tenant('news', 'N'));
    const inserted = async (options: Partial<ReplayOptions>): Promise<number[]> => {
      const tables = createTables();
      await run(tables, snapshot, options);
      return [...tables.rows.values()].map(({ offset }) => offset);
    };
    expect(await inserted({ since: THEN + 1 })).toEqual([4]);
    expect(await inserted({ until: THEN + 1 })).toEqual([5, 1, 2, 3]);
    expect(await inserted({ folder: 'expired' })).toEqual([5]);
    expect(await inserted({ trace: 'N' })).toEqual([3]);
    expect(await inserted({ tenant: 'news' as TenantId })).toEqual([3]);
    expect(await inserted({ from: join(root, 'unknown/2026-11-2') })).toEqual([1, 2, 3]);
    expect(await inserted({ from: join(root, 'unknown/2026-11-2/7.json.lines') })).toEqual([1, 2, 3]);
  });

  test('tells in a dry run what it would do, and does nothing', async () => {
    await put('unknown/2026-11-2/7.json.lines', own('unknown', 'T', 1, 3) + own('unknown', 'x', 4));
    const tables = createTables();
    const report = await run(tables, mapOf(tenant('shop', 'T')), { dryRun: true });
    expect(report.tenants.get(SHOP)).toMatchObject({ inserted: 3 });
    expect([tables.rows.size, report.left.unknown]).toEqual([0, 1]);
  });

  test('reports bad lines with their place and goes on; a last line without an end is not bad', async () => {
    await put(
      'shop/2026-11-2/7.json.lines',
      `${own('shop', 'T', 1)}nonsense\n\n${own('shop', 'T', 2)}{"u":"x"}\n${own('shop', 'T', 3).slice(0, 90)}`,
    );
    const tables = createTables();
    const report = await run(tables, mapOf(tenant('shop', 'T')));
    expect(tables.rows.size).toBe(2);
    expect(report).toMatchObject({ badLines: 1, unfinished: 1 });
    expect(report.badExamples[0]).toMatchObject({ line: 2, reason: 'found no JSON object' });
  });

  test('gives what is before the damage in a compressed file, and says where', async () => {
    const packed = gzipSync(own('shop', 'T', 1, 2_000));
    await put('shop/2026-11-2.json.lines.gz', packed.subarray(0, packed.length / 2));
    await put('shop/2026-11-3/7.json.lines', own('shop', 'T', 5_000));
    const tables = createTables();
    const report = await run(tables, mapOf(tenant('shop', 'T')));
    expect(tables.rows.size).toBeGreaterThan(100);
    expect([...tables.rows.keys()]).toContain('shop 0000000000000001:5000');
    expect(report.badExamples.at(-1)).toMatchObject({ line: 0 });
  });

  test('follows a day that is closed while it is read', async () => {
    await put('shop/2026-11-2/7.json.lines', own('shop', 'T', 1, 1_000));
    await put('shop/2026-11-2/8.json.lines', own('shop', 'T', 1_001, 1_002));
    const tables = createTables();
    const { insertMissing } = tables;
    tables.insertMissing = async (id, beacons) => {
      // The first batch is full at the end of the first hour: the daily job takes the folder away now.
      if (tables.rows.size === 0)
        await rename(join(root, 'shop/2026-11-2'), join(root, 'shop/2026-11-2.closing'));
      return insertMissing(id, beacons);
    };
    await run(tables, mapOf(tenant('shop', 'T')));
    expect(tables.rows.size).toBe(1_002);
  });

  test('goes on where it was interrupted, and looks at everything again after its end', async () => {
    await put('shop/2026-11-2/7.json.lines', own('shop', 'T', 1, 25_000));
    await put('shop/2026-11-3/7.json.lines', own('shop', 'T', 30_000, 55_000, THEN + DAY));
    const snapshot = mapOf(tenant('shop', 'T'));
    const tables = createTables();
    const stop = new AbortController();
    const { insertMissing } = tables;
    tables.insertMissing = (id, beacons) => {
      if (beacons.some(({ offset }) => offset > 50_000)) stop.abort();
      return insertMissing(id, beacons);
    };
    const state = () => openReplayState(join(data, 'replay'), { version: snapshot.version });
    expect(await run(tables, snapshot, {}, await state(), stop.signal)).toMatchObject({ stopped: true });
    expect(tables.rows.size).toBeLessThan(50_001);
    const second = await run(tables, snapshot, {}, await state());
    expect(second).toMatchObject({ skippedDays: 1, stopped: false });
    expect(tables.rows.size).toBe(50_001);
    expect(await run(tables, snapshot, {}, await state())).toMatchObject({ skippedDays: 0, read: 50_001 });
  });
});

describe('replay of an archive of Basic RUM', () => {
  test('brings the hosts of the Go front to the tenant that is named, once, whatever form its days have', async () => {
    await rm(join(root, MARKER_FILE));
    const hours = [go('https://a.b/1'), go('https://a.b/2') + go('https://a.b/2'), go('https://a.b/3')];
    await put('a_b/2023-9-5/7.json.lines', hours[0] ?? '');
    await put('a_b/2023-9-5/11.json.lines', hours.slice(1).join(''));
    await put('2023-9-5/7.json.lines', go('', '2023-09-05 07:59:59'));
    const tables = createTables();
    const snapshot = mapOf(tenant('shop', 'T'));
    expect((await run(tables, snapshot)).left.unknown).toBe(5);
    expect((await run(tables, snapshot, { as: SHOP })).tenants.get(SHOP)).toMatchObject({ inserted: 5 });
    expect([...tables.rows.values()].every(({ segment }) => segment >= '8')).toBe(true);
    await rm(join(root, 'a_b/2023-9-5'), { recursive: true });
    await put('a_b/2023-9-5.json.lines.gz', gzipSync(hours.join('')));
    expect((await run(tables, snapshot, { as: SHOP })).tenants.get(SHOP)).toMatchObject({
      inserted: 0,
      existing: 5,
    });
    expect((await run(tables, snapshot, { as: SHOP, folder: 'a_b' })).read).toBe(4);
  });

  test('sends a beacon with the trace of another tenant to that one', async () => {
    await rm(join(root, MARKER_FILE));
    await put('a_b/2023-9-5/7.json.lines', go('x', undefined, { brum_trace: 'N' }) + go('y'));
    const tables = createTables();
    await run(tables, mapOf(tenant('shop', 'T'), tenant('news', 'N')), { as: SHOP });
    expect([...tables.rows.keys()].map((key) => key.split(' ')[0])).toEqual(['news', 'shop']);
  });

  test('reads the lists and the single files of the PHP catcher', async () => {
    await rm(join(root, MARKER_FILE));
    const beacon = (n: number) => ({
      n: String(n),
      user_agent: 'UA',
      created_at: '2021-12-02 00:43:00',
      t: 'a{"}\\',
    });
    const wrap = (n: number) => ({ id: `x${n}.json`, beacon_data: JSON.stringify(beacon(n)) });
    await put('list/1638405781.json', JSON.stringify([wrap(1), wrap(2)], null, 2));
    await put('host_a/host_a_1.json', JSON.stringify(beacon(2)));
    await put('host_a/host_a_2.json', JSON.stringify(beacon(3)));
    const tables = createTables();
    const report = await run(tables, mapOf(tenant('shop', 'T')), { as: SHOP });
    expect(report).toMatchObject({ read: 4, badLines: 0 });
    expect(tables.rows.size).toBe(3);
  });

  test('does not believe lines that look like ours without the marker, unless it is told to', async () => {
    await rm(join(root, MARKER_FILE));
    await put('shop/2026-11-2/7.json.lines', own('shop', 'T', 1));
    const tables = createTables();
    const snapshot = mapOf(tenant('shop', 'X'));
    expect(await run(tables, snapshot)).toMatchObject({ unmarked: 1, left: { unknown: 1 } });
    await run(tables, snapshot, { own: true });
    expect([...tables.rows.keys()]).toEqual(['shop 0000000000000001:1']);
  });

  test('reads a file that is named, whatever its name', async () => {
    await rm(join(root, MARKER_FILE));
    await put('export.txt', go('https://a.b/1'));
    const snapshot = mapOf(tenant('shop', 'T'));
    expect(await run(createTables(), snapshot, { as: SHOP })).toMatchObject({ read: 0 });
    expect(await run(createTables(), snapshot, { as: SHOP, from: join(root, 'export.txt') })).toMatchObject({
      read: 1,
    });
  });

  test('says what to do when there is nothing', async () => {
    await expect(run(createTables(), mapOf(), { from: join(root, 'missing') })).rejects.toMatchObject({
      code: 'ARCHIVE_NOT_FOUND',
    });
  });
});
