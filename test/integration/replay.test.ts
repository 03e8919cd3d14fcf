import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord } from '#journal';
import type { Destination, TenantId } from '#tenants';
import { openReplayPlace, type ReplayPlace } from '../support/replay-place.ts';

const DAY = 86_400_000;
const PAST = Math.floor(Date.now() / DAY) * DAY - 2 * DAY;

let place: ReplayPlace;
let number = 0;

beforeAll(async () => {
  place = await openReplayPlace();
});

afterAll(async () => {
  await place.stop();
});

const UA =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36';

const beacon = (destination: string, trace: string, more: Partial<JournalRecord> = {}): JournalRecord => ({
  receivedAt: PAST + ++number * 61_000,
  destination: destination as Destination,
  trace,
  method: 'POST',
  query: `brum_trace=${trace}`,
  body: Buffer.from(
    `u=https%3A%2F%2Fshop.example%2F%3Fa%3D${number}%26b%3D%22&pid=p${number}&n=1&rt.si=s-${number}&t_done=1234` +
      '&pt.fcp=800&pt.lcp=1200&c.cls=0.12&nt_nav_st=1000&nt_res_st=1200&nt_nav_type=0&dom.sz=422145',
  ),
  headers: [
    ['user-agent', UA],
    ['referer', 'https://shop.example/'],
    ['content-type', 'application/x-www-form-urlencoded'],
  ],
  clientAddress: '203.0.113.0',
  country: 'BG',
  city: 'Sofia',
  ...more,
});

/** Beacons of every kind that the archive has to treat differently. */
const manyKinds = (destination: string, trace: string): JournalRecord[] => [
  ...Array.from({ length: 300 }, () => beacon(destination, trace)),
  beacon(destination, trace, {
    method: 'GET',
    query: `brum_trace=${trace}&u=https%3A%2F%2Fa.example%2F%C3%A9&n=2&rt.quit=`,
    body: Buffer.alloc(0),
  }),
  beacon(destination, trace, { body: Buffer.from('u=https%3A%2F%2Fa.example%2F&n=1&n=2&pid=twice') }),
  beacon(destination, trace, {
    body: Buffer.from('u=https%3A%2F%2Fa.example%2F%ff%zz&pid=damaged&c.cls=NaN'),
  }),
  beacon(destination, trace, {
    body: Buffer.from('u=https%3A%2F%2Fa.example%2F&created_at=2001-01-01&pid=reserved'),
  }),
  beacon(destination, trace, { body: Buffer.from('u=https%3A%2F%2Fü.example%2Fя&pid=raw') }),
  beacon(destination, trace, { body: Buffer.from('{"u":"https://json.example/","pid":"json"}') }),
  beacon(destination, trace, { body: Buffer.from([0x75, 0x3d, 0xff, 0xfe]) }),
  beacon(destination, trace, {
    body: Buffer.from('__proto__=1&constructor=2&u=x&t_done=-1&dom.sz=99999999999999999999'),
  }),
  beacon(destination, trace, {
    country: '',
    city: '',
    clientAddress: '',
    headers: [],
    receivedAt: PAST + 86_399_999,
  }),
];

describe('a warehouse that is built again from the archive', () => {
  test('has the same rows, from daily archives and from hours', { timeout: 180_000 }, async () => {
    place.addTenants('shop T1 2099-01-01', 'news T2 2099-01-01');
    await place.send([
      ...manyKinds('shop', 'T1'),
      ...manyKinds('news', 'T2'),
      ...Array.from({ length: 5 }, () => beacon('shop', 'T1', { receivedAt: Date.now() })),
    ]);
    await place.load();
    const before = { shop: await place.rows('shop'), news: await place.rows('news') };
    expect(before.shop).toHaveLength(314);
    expect(await readdir(join(place.dataDir, 'archive/shop'))).toContain(
      `${new Date(PAST).toISOString().slice(0, 10).replaceAll('-0', '-')}.json.lines.zst`,
    );

    expect((await place.replay({})).tenants).toMatchObject({
      shop: { inserted: 0, existing: 314 },
      news: { inserted: 0, existing: 309 },
    });
    await place.empty('shop');
    await place.empty('news');
    expect((await place.replay({ dryRun: true })).tenants).toMatchObject({ shop: { inserted: 314 } });
    expect(await place.rows('shop')).toEqual([]);
    await place.replay({});
    expect(await place.rows('shop')).toEqual(before.shop);
    expect(await place.rows('news')).toEqual(before.news);
  });
});

describe('replay', () => {
  afterEach(async () => {
    await rm(join(place.dataDir, 'foreign'), { recursive: true, force: true });
  });

  test('brings the unknown beacons of an organization that was added, once', {
    timeout: 120_000,
  }, async () => {
    place.addTenants('shop T1 2099-01-01');
    await place.send([...manyKinds('unknown', 'T3'), beacon('unknown', 'nobody')]);
    await place.load();
    expect((await place.replay({ folder: 'unknown' })).left).toMatchObject({ unknown: 310 });
    place.addTenants('blog T3 2099-01-01');
    const options = { folder: 'unknown', tenant: 'blog' as TenantId };
    expect(await place.replay(options)).toMatchObject({
      tenants: { blog: { inserted: 309, existing: 0 } },
      left: { unknown: 1 },
    });
    expect((await place.replay(options)).tenants).toMatchObject({ blog: { inserted: 0, existing: 309 } });
    const [row] = await place.rows('blog');
    expect(row).toMatchObject({ hostname: 'shop.example', geo_country_code: 'BG' });
    expect(await place.rows('blog')).toHaveLength(309);
  });

  test('brings the expired beacons of an organization that was renewed', { timeout: 120_000 }, async () => {
    place.addTenants('late T4 2020-01-01');
    await place.send(Array.from({ length: 20 }, () => beacon('expired', 'T4')));
    await place.load();
    expect((await place.replay({ folder: 'expired' })).left).toMatchObject({ expired: 20 });
    await expect(place.replay({ folder: 'expired', tenant: 'late' as TenantId })).rejects.toMatchObject({
      code: 'REPLAY_TENANT_EXPIRED',
    });
    place.addTenants('late T4 2099-01-01');
    expect((await place.replay({ folder: 'expired' })).tenants).toMatchObject({ late: { inserted: 20 } });
    expect(await place.rows('late')).toHaveLength(20);
  });

  test('adds nothing from the daily form of lines without a time that came from the hourly form', {
    timeout: 120_000,
  }, async () => {
    place.addTenants('timeless T7 2099-01-01');
    const from = join(place.dataDir, 'foreign');
    const day = join(from, 'friend_example/2022-8-31');
    const lines = Array.from(
      { length: 4 },
      (_, n) => `${JSON.stringify({ n: String(n), u: 'https://friend.example/' })}\n`,
    );
    await mkdir(day, { recursive: true });
    await writeFile(join(day, '5.json.lines'), lines.slice(0, 2).join(''));
    await writeFile(join(day, '23.json.lines'), lines.slice(2).join(''));
    const options = { from, as: 'timeless' as TenantId };
    expect((await place.replay(options)).tenants).toMatchObject({ timeless: { inserted: 4 } });
    await rm(day, { recursive: true });
    await writeFile(`${day}.json.lines`, lines.join(''));
    expect((await place.replay(options)).tenants).toMatchObject({ timeless: { inserted: 0, existing: 4 } });
    expect(await place.rows('timeless')).toHaveLength(4);
  });

  test('brings an archive of Basic RUM, once, in its hourly and its daily form', {
    timeout: 120_000,
  }, async () => {
    place.addTenants('moved T5 2099-01-01');
    const from = join(place.dataDir, 'foreign');
    const line = (n: number): string =>
      `${JSON.stringify({
        created_at: '2022-08-27 05:53:00',
        n: String(n),
        pid: 'abcdefgh',
        request_headers: JSON.stringify({
          'User-Agent': [UA],
          'Cf-Ipcountry': ['BG'],
          'Cf-Ipcity': ['Asenovgrad'],
        }),
        u: 'https://friend.example/',
      })}\n`;
    const lines = [line(1), line(2), line(2), line(3)];
    await mkdir(join(from, 'friend_example/2022-8-27'), { recursive: true });
    await writeFile(join(from, 'friend_example/2022-8-27/5.json.lines'), lines.slice(0, 2).join(''));
    await writeFile(join(from, 'friend_example/2022-8-27/6.json.lines'), lines.slice(2).join(''));
    const options = { from, as: 'moved' as TenantId };
    expect((await place.replay(options)).tenants).toMatchObject({ moved: { inserted: 4 } });
    await writeFile(join(from, 'friend_example/2022-8-27.json.lines.gz'), gzipSync(lines.join('')));
    expect(await place.replay(options)).toMatchObject({
      tenants: { moved: { inserted: 0, existing: 4 } },
      left: { repeated: 4 },
    });
    const rows = await place.rows('moved');
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({
      hostname: 'friend.example',
      geo_country_code: 'BG',
      browser_name: 'Chrome',
    });
    expect(String(rows[0]?.['received_at'])).toMatch(/^2022-08-27 05:53:00/);
  });

  test('doubles nothing while the loader loads the same organization', { timeout: 120_000 }, async () => {
    place.addTenants('busy T6 2099-01-01');
    const loader = await place.startLoader();
    let sent = 0;
    try {
      for (let round = 0; round < 6; round += 1) {
        await place.send(Array.from({ length: 300 }, () => beacon('busy', 'T6', { receivedAt: Date.now() })));
        sent += 300;
        await place.replay({ folder: 'busy' });
      }
    } finally {
      await loader.stop();
    }
    await place.load();
    await place.replay({ folder: 'busy' });
    const rows = await place.rows('busy');
    expect(rows).toHaveLength(sent);
    expect(
      new Set(rows.map((row) => `${String(row['journal_segment'])}:${String(row['journal_offset'])}`)).size,
    ).toBe(sent);
  });
});
