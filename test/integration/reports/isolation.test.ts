import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableNames } from '#warehouse';
import type { LiveAnswer, SitesAnswer } from '../../../src/modules/reports/contract.ts';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import { NOON } from '../../support/gateway-world.ts';
import { markedBeacons, type Marked, sitesOf } from '../../support/marked-beacons.ts';
import { type ReportsWorld, startReportsWorld } from '../../support/reports-world.ts';
import { testTenant } from '../../support/warehouse.ts';

/** Three members whose data differ in every text, and an umbrella that may act for one of them. */
const MARKS: Readonly<Record<string, Marked>> = {
  bear: { word: 'bravobravo', country: 'BG', views: 120, lcp: 1_100 },
  crow: { word: 'charliecharlie', country: 'CH', views: 77, lcp: 5_200 },
  deer: { word: 'deltadelta', country: 'DK', views: 55, lcp: 9_300 },
};
const USERS = `
- user: { prefix: bear, brum_trace: Tbearbear1, expire: 2028-01-01 }
- user: { prefix: crow, brum_trace: Tcrowcrow1, expire: 2028-01-01 }
- user: { prefix: deer, brum_trace: Tdeerdeer1, expire: 2028-01-01 }
- user: { prefix: umbrella, expire: 2028-01-01 }
- relation: { tenant: umbrella, executes_as: [bear], modules: [reports], permissions: ["reports.*"], expire: 2027-12-31 }
`;

const OPEN_LOCK = { site: null, from: null, to: null, filters: [] };
const SECOND_SITE = sitesOf('bravobravo')[1];
/** To what accounts of bear are held: each of these says in its own way that they see the second site alone. */
const LOCKS: Readonly<Record<string, object>> = {
  'one site': { ...OPEN_LOCK, site: SECOND_SITE },
  'a filter': {
    ...OPEN_LOCK,
    filters: [{ dimension: 'hostname', op: 'is', values: [SECOND_SITE] }],
  },
  // The page views of these minutes are of the second site.
  'a period': {
    ...OPEN_LOCK,
    from: new Date(NOON - 19 * 60_000).toISOString(),
    to: new Date(NOON - 11 * 60_000).toISOString(),
  },
};

const HOSTILE = [
  "' OR 1=1 --",
  "'; SELECT * FROM crow_webperf_rum_events --",
  'crow_webperf_rum_events',
  ') UNION ALL SELECT * FROM (SELECT 1',
  'a\0b',
  'charliecharlie-one.example',
  'a|b%7Cc',
  '\\',
  '\u202e👩‍🚀 ＝',
  'x'.repeat(2_000),
];

let world: ReportsWorld;
/** What bear was answered when nobody else had data, by path. */
const alone = new Map<string, string>();
const insert = async (tenant: string): Promise<void> => {
  const { word } = MARKS[tenant] ?? { word: '' };
  await world.insert(testTenant(tenant).id, markedBeacons(MARKS[tenant] as Marked));
  const { hostnames } = tableNames(testTenant(tenant).id);
  await world.warehouse.run(
    `INSERT INTO ${hostnames} VALUES ${sitesOf(word)
      .map((site) => `('${site}', '2026-11-22 11:59:00')`)
      .join(', ')}`,
  );
};

beforeAll(async () => {
  world = await startReportsWorld({
    users: USERS,
    tenants: Object.keys(MARKS),
    held: (_, userId) => (userId === 'nobody' ? [] : ['reports.get', 'reports.page-views.get']),
    lockOf: (userId) => LOCKS[userId] ?? null,
  });
  await insert('bear');
  await world.rollUp('bear');
  const list = (await world.ask('bear', '/reports/page-views')).json() as { views: { id: string }[] };
  await several(plainRequests(list.views[0]?.id ?? ''), async (path) => {
    const { status, bytes } = await world.ask('bear', path);
    expect([path, status]).toEqual([path, 200]);
    alone.set(path, steady(bytes));
  });
  await insert('crow');
  await insert('deer');
  await world.rollUp('bear', 'crow');
}, 170_000);
afterAll(() => world.stop());

const withQuery = (path: string, query: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(query).toString()}`;

const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/reports/breakdown': { dimension: 'url_path' },
};

/** Asks and looks at the answer. What was asked for may be said again, so it is not looked for. */
const expectHarmless = async (
  path: string,
  query: Readonly<Record<string, string>>,
  value: string,
): Promise<void> => {
  const request = withQuery(path, query);
  const { status, text } = await world.ask('bear', request);
  expect([200, 400, 404], `${request} ${text}`).toContain(status);
  const said = status === 200 ? withoutSelections(text) : text;
  const words = wordsOfOthers('bear').filter((word) => status === 200 || !value.includes(word));
  expectNothingOf(words, said, request);
  if (!/SELECT|webperf/.test(value)) expect(said).not.toMatch(/SELECT|webperf_rum|DB::|Exception/);
};

const withoutSelections = (text: string): string =>
  JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === 'selection' ? undefined : value));

/** Every report in every format, with each of its choices, as one is asked that has no bad intentions. */
const plainRequests = (id: string): readonly string[] => {
  return REPORTS.flatMap(({ path, parameters, tables }) => {
    const own = path.replace('{id}', id);
    const given = NEEDED[path] ?? {};
    const formats = ['json', 'csv', 'ndjson', 'parquet'].map((format) =>
      withQuery(own, { ...given, format }),
    );
    const more: Readonly<Record<string, readonly string[]>> = {
      navigations: path === '/reports/summary' ? ['all'] : [],
      compare: ['previous'],
      dimension: ['hostname', 'country', 'lcp_selector'],
      split: ['hostname'],
      order: path === '/reports/page-views' ? ['newest'] : [],
      'b.site': [sitesOf('bravobravo')[1]],
      search: ['bravo'],
    };
    const choices = Object.entries(more)
      .filter(([name]) => Object.hasOwn(parameters.shape, name))
      .flatMap(([name, values]) => values.map((value) => withQuery(own, { ...given, [name]: value })));
    const further = tables.map((table) => withQuery(own, { ...given, table, format: 'csv' }));
    return [...formats, ...further, ...choices];
  });
};

/** An answer without what differs from one time to the next. */
const steady = (bytes: Buffer): string => bytes.toString('latin1').replace(/"elapsedMs":\d+/g, '');

/** Does it for each, three at a time. */
const several = async (paths: readonly string[], each: (path: string) => Promise<void>): Promise<void> => {
  const left = [...paths];
  const work = async (): Promise<void> => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) await each(path);
  };
  await Promise.all([work(), work(), work()]);
};

/** The tenants whose tables or views stand in a statement or in its parameters. */
const tenantsNamed = (statement: string): readonly string[] => {
  const names = Object.values(tableNames(testTenant('x').id)).map((name) => name.slice(1));
  const tables = new RegExp(`\\b([a-z][a-z0-9_]*?)(?:${names.join('|')})\\b`, 'g');
  return [...new Set([...statement.matchAll(tables)].map(([, tenant = '']) => tenant))];
};

const wordsOfOthers = (tenant: string): readonly string[] =>
  Object.entries(MARKS)
    .filter(([id]) => id !== tenant)
    .flatMap(([id, { word }]) => [word, id]);

const expectNothingOf = (words: readonly string[], text: string, why: string): void => {
  for (const word of words) expect(text.includes(word), `${why} shows ${word}`).toBe(false);
};

describe('reports of one tenant', () => {
  it('are the same to the last byte whether others have data or not, and the umbrella sees the same', async () => {
    const requests = [...alone.keys()];
    expect(requests.length).toBeGreaterThan(50);
    await several(requests, async (path) => {
      const now = await world.ask('bear', path);
      expect(steady(now.bytes), path).toBe(alone.get(path));
      expect(now.headers['x-report-tenant'], path).toBe('bear');
      for (const text of [now.text, JSON.stringify(now.headers)])
        expectNothingOf(wordsOfOthers('bear'), text, path);
    });
    await several(
      requests.filter((path) => path.includes('format=json') || path.includes('format=parquet')),
      async (path) =>
        expect(steady((await world.ask('umbrella', path, 'bear')).bytes), path).toBe(alone.get(path)),
    );
  });

  it('read tables of that tenant alone, in every statement', async () => {
    const questions = [
      ['bear', 'bear', [...alone.keys()]],
      ['umbrella', 'bear', [...alone.keys()].filter((path) => path.includes('format=json'))],
      ['crow', 'crow', plainRequests('1-1')],
    ] as const;
    for (const [home, tenant, paths] of questions) {
      world.statements.length = 0;
      await several(paths, async (path) => void (await world.ask(home, path, tenant)));
      const reading = world.statements.map(tenantsNamed);
      expect(reading.filter((named) => named.length > 0).length).toBeGreaterThan(paths.length / 2);
      for (const [index, named] of reading.entries()) {
        // A file is written from rows that were read before, without any table.
        if (named.length > 0) expect(named, world.statements[index]).toEqual([tenant]);
        else expect(world.statements[index]).toMatch(/^SELECT \* FROM format\(JSONEachRow, /);
      }
    }
  });

  it('are not empty: what this suite looks for is there', async () => {
    for (const [tenant, { word, country }] of Object.entries(MARKS).slice(0, 2)) {
      const list = (await world.ask(tenant, '/reports/page-views')).json() as { views: { id: string }[] };
      const shown = new Map<string, string>();
      for (const path of plainRequests(list.views[0]?.id ?? '').filter((each) =>
        each.includes('format=json'),
      ))
        shown.set(path.split('?')[0] ?? '', (await world.ask(tenant, path)).text);
      const paths = [...shown].filter(([, text]) => text.includes(word)).map(([path]) => path.split('/')[2]);
      expect(new Set(paths)).toEqual(
        new Set([
          'breakdown',
          'elements',
          'page-views',
          'sites',
          'site-names',
          'coverage',
          'live',
          'bfcache-reasons',
        ]),
      );
      expect(shown.get(`/reports/page-views/${list.views[0]?.id}`)).toContain(`"${country}"`);
    }
  });

  it('take every hostile value as a value: nothing of others, nothing of the warehouse, and never a failure', async () => {
    const all = HOSTILE.map(encodeURIComponent).join('|');
    for (const { path, parameters } of REPORTS) {
      const own = path.replace('{id}', '1-1');
      const given = NEEDED[path] ?? {};
      for (const name of [...Object.keys(parameters.shape), 'unknown']) {
        const filters = name.endsWith('filter') ? [`page_group:is:${all}`, `url_path:contains:${all}`] : [];
        for (const value of [...HOSTILE, ...filters])
          await expectHarmless(own, { ...given, [name]: value }, value);
      }
    }
    for (const value of HOSTILE)
      for (const op of ['is_not', 'begins'])
        await expectHarmless(
          '/reports/summary',
          { filter: `city:${op}:${encodeURIComponent(value)}` },
          value,
        );
  }, 120_000);

  it('find no page view of another tenant, and none by a hostile id', async () => {
    const theirs = (await world.ask('crow', '/reports/page-views')).json() as { views: { id: string }[] };
    expect(theirs.views.length).toBeGreaterThan(10);
    for (const { id } of theirs.views.slice(0, 10)) {
      expect((await world.ask('crow', `/reports/page-views/${id}`)).status).toBe(200);
      for (const format of ['json', 'csv', 'parquet']) {
        const answer = await world.ask('bear', `/reports/page-views/${id}?format=${format}`);
        expect(answer.status).toBe(404);
        expectNothingOf(wordsOfOthers('bear'), answer.text, id);
      }
    }
    for (const id of [...HOSTILE, '%', '..', '1-1', '-', `${theirs.views[0]?.id}'`]) {
      const { status, text } = await world.ask('bear', `/reports/page-views/${encodeURIComponent(id)}`);
      expect([400, 404, 414], `${id} ${text}`).toContain(status);
      expect(text).not.toMatch(/webperf_rum_events\b(?<!crow_webperf_rum_events)|DB::/);
    }
  });
});

describe.each(Object.keys(LOCKS))('an account that is held to %s', (user) => {
  const [other, own] = sitesOf('bravobravo');
  const ask = (path: string) => world.ask('bear', path, 'bear', user);

  it('sees nothing of the other site, whatever it asks and in whatever format', async () => {
    const list = (await ask('/reports/page-views')).json() as { views: { id: string }[] };
    expect(list.views.length).toBeGreaterThan(2);
    const requests = plainRequests(list.views[0]?.id ?? '').filter(
      (path) => !path.includes('parquet') && !path.includes('ndjson'),
    );
    const shown = new Set<string>();
    await several(requests, async (path) => {
      const { status, text } = await ask(path);
      expect([200, 403], path).toContain(status);
      // That it asked for the other site is said again, nothing else.
      if (status === 200) expectNothingOf([other], text, path);
      if (text.includes(own)) shown.add(path.split(/[/?]/)[2] ?? '');
    });
    expect(shown.has('sites') && shown.has('page-views') && shown.has('live')).toBe(true);
  });

  it('finds no page view of the other site', async () => {
    const path = `/reports/page-views?site=${other}`;
    const others = (await world.ask('bear', path)).json() as { views: { id: string }[] };
    expect(others.views.length).toBeGreaterThan(10);
    for (const { id } of others.views.slice(0, 5))
      expect((await ask(`/reports/page-views/${id}`)).status).toBe(404);
  });

  it('cannot tell the other site from one that does not exist', async () => {
    for (const { path, parameters } of REPORTS) {
      if (!Object.hasOwn(parameters.shape, 'site')) continue;
      const answers = await Promise.all(
        [other, 'nobody.example'].map(async (site) => {
          const { status, text } = await ask(withQuery(path, { ...NEEDED[path], site }));
          return [status, steady(Buffer.from(text)).replaceAll(site, '')];
        }),
      );
      expect(answers[0], path).toEqual(answers[1]);
    }
  });

  it('is told when the last beacon came only of a site that it sees whole', async () => {
    const sites = (await ask('/reports/sites')).json() as SitesAnswer;
    const live = (await ask('/reports/live')).json() as LiveAnswer;
    const moments = [...sites.sites.map(({ lastBeaconAt }) => lastBeaconAt), live.lastBeaconAt];
    const expected = user === 'one site' ? '2026-11-22T11:59:00.000Z' : null;
    expect(moments).toEqual([expected, expected]);
  });
});

describe('whoever may not', () => {
  const refused: readonly (readonly [who: string, home: string, tenant: string, user: string])[] = [
    ['the umbrella for a member without a relation', 'umbrella', 'crow', 'user-1'],
    ['a member for another', 'bear', 'crow', 'user-1'],
    ['a member for the umbrella', 'bear', 'umbrella', 'user-1'],
    ['somebody without permissions', 'crow', 'crow', 'nobody'],
  ];

  it.each(refused)('%s gets nothing', async (_, home, tenant, user) => {
    for (const path of plainRequests('1-1')) {
      const answer = await fetch(`${world.gateway.url}${path}`, {
        headers: { 'x-okapi-tenant': tenant, 'x-okapi-token': world.gateway.token(home, user) },
      });
      expect([400, 401, 403, 404], path).toContain(answer.status);
      const text = await answer.text();
      expectNothingOf(
        Object.values(MARKS).map(({ word }) => word),
        text,
        path,
      );
    }
  });

  it('is nobody gets nothing', async () => {
    for (const path of plainRequests('1-1')) {
      const answer = await fetch(`${world.gateway.url}${path}`, { headers: { 'x-okapi-tenant': 'crow' } });
      expect([401, 403], path).toContain(answer.status);
    }
  });
});
