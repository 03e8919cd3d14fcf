import { expect, test } from 'vitest';
import type { JournalEntry } from '#journal';
import { aBeacon } from '../../test/support/a-beacon.ts';
import { type LiveSources, readLive } from './live.ts';
import { demoClosed, demoNobodysTrace, demoShop } from './organizations.ts';
import { isVisitId } from './visit.ts';

const visitOf = (text: string) => {
  if (!isVisitId(text)) throw new Error(`not a visit: ${text}`);
  return text;
};
const MINE = visitOf('0123456789abcdef0123456789abcdef');
const OTHERS = 'f'.repeat(32);
const PAGE = 'https://shop.example/demo/shop/?as=unknown';

const withoutTables = (archived: LiveSources['archived']): LiveSources => ({
  query: () => Promise.resolve([]),
  archived,
});
const archived = (visit: string, trace: string, at: number): JournalEntry =>
  aBeacon({ u: PAGE, demo_visit: visit }, { trace, receivedAt: at });

test('beacons of nobody are those that the demo sent in this visit, newest first, by time and path alone', async () => {
  const asked: unknown[] = [];
  const live = await readLive(
    withoutTables((folder, containing) => {
      asked.push([folder, containing]);
      return Promise.resolve(
        folder === 'unknown'
          ? [
              archived(MINE, demoNobodysTrace, 1_000),
              archived(OTHERS, demoNobodysTrace, 2_000),
              archived(MINE, 'a-real-customer', 3_000),
              // Mentions the visit elsewhere.
              aBeacon({ u: PAGE, x: MINE }, { trace: demoNobodysTrace, receivedAt: 4_000 }),
            ]
          : [archived(MINE, demoClosed.trace, 5_000)],
      );
    }),
    MINE,
  );
  expect(asked).toEqual([
    ['unknown', MINE],
    ['expired', MINE],
  ]);
  expect(live.beacons).toEqual([
    { at: 5_000, place: 'expired/', path: '/demo/shop/' },
    { at: 1_000, place: 'unknown/', path: '/demo/shop/' },
  ]);
});

test('at most 50 are told', async () => {
  const many = Array.from({ length: 80 }, (_, n) => archived(MINE, demoNobodysTrace, n));
  const live = await readLive(
    withoutTables((folder) => Promise.resolve(folder === 'unknown' ? many : [])),
    MINE,
  );
  expect(live.beacons).toHaveLength(50);
  expect(live.beacons?.[0]?.at).toBe(79);
});

test('without a visit there are counts alone, and nothing else is looked at', async () => {
  const live = await readLive(
    withoutTables(() => Promise.reject(new Error('the archive was looked at'))),
    null,
  );
  expect(live).toEqual({
    tables: ['demo_shop', 'demo_news'].map((tenant) => ({
      tenant,
      table: `${tenant}_webperf_rum_events`,
      total: 0,
    })),
  });
});

test('the visit reaches the warehouse as a parameter of the query, and only tables of the demo are asked', async () => {
  const statements: [string, unknown][] = [];
  const sources: LiveSources = {
    query: <Row>(sql: string, parameters?: Readonly<Record<string, string>>) => {
      statements.push([sql, parameters]);
      return Promise.resolve([{ total: 1 } as Row]);
    },
    archived: () => Promise.resolve([]),
  };
  await readLive(sources, MINE);
  const aboutVisit = statements.filter(([, parameters]) => parameters !== undefined);
  expect(aboutVisit.map(([, parameters]) => parameters)).toEqual([{ visit: MINE }, { visit: MINE }]);
  expect(statements.filter(([sql]) => sql.includes(MINE))).toEqual([]);
  const tables = statements.flatMap(([sql]) => [...sql.matchAll(/\w+_webperf_rum_events/g)].map(String));
  expect([...new Set(tables)]).toEqual([
    `${demoShop.prefix}_webperf_rum_events`,
    'demo_news_webperf_rum_events',
  ]);
});

test.each(['', MINE.slice(1), `${MINE}0`, MINE.toUpperCase(), `${MINE}\n`, "' OR 1=1 --", '__proto__'])(
  'no visit is named %j',
  (text) => {
    expect(isVisitId(text)).toBe(false);
  },
);
