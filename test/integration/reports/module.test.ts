import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { json, type ModuleResponse } from '#gateway/contract';
import { openViews } from '#warehouse';
import type { Breakdown, SitesAnswer, Summary } from '../../../src/modules/reports/contract.ts';
import { createReportsModule } from '../../../src/modules/reports/module.ts';
import type { ViewSources } from '../../../src/modules/reports/tenant-views.ts';
import { authModule, type Received, spyModule, startWorld, type World } from '../../support/gateway-world.ts';
import { poll } from '../../support/poll.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../../support/warehouse.ts';
import { storeVisits } from './asking.ts';
import { isSelected } from './slow.ts';
import { makeVisits, type Visit } from './visits.ts';

const tenant = testTenant('shop').id;
const [BEGIN, END] = [Date.UTC(2026, 9, 1), Date.UTC(2026, 9, 8)];
const visits = makeVisits(2, 300, BEGIN, END);
const WEEK = 'from=2026-10-01&to=2026-10-08';
const USERS = `
- user: { prefix: shop, brum_trace: t, expire: 2028-01-01, hostnames: [a.example, b.example, c.example] }
- user: { prefix: empty, brum_trace: u, expire: 2028-01-01, hostnames: [e.example] }
`;

let warehouse: TestWarehouse;
let world: World | undefined;
let lock: () => ModuleResponse;

beforeAll(async () => {
  warehouse = await startTestWarehouse();
  await storeVisits(warehouse, tenant, visits);
}, 60_000);
afterAll(() => warehouse.stop());
afterEach(() => world?.stop());

const start = async (sources?: ViewSources, maxSeconds = 2): Promise<void> => {
  const { client } = warehouse.warehouse;
  lock = () => ({ status: 404, body: '' });
  const reports = createReportsModule({
    client,
    sources: sources ?? openViews({ client }),
    hostnames: (id) => (id === 'shop' ? ['a.example', 'b.example', 'c.example'] : ['e.example']),
    clock: systemClock,
    maxSeconds,
  });
  const shares = spyModule(
    {
      id: 'mod-accounts-1.0.0',
      provides: [
        {
          id: 'shares',
          version: '1.0',
          handlers: [{ methods: ['GET'], pathPattern: '/shares/selection', permissionsRequired: [] }],
        },
      ],
    },
    [],
    () => lock(),
  );
  world = await startWorld(USERS, [authModule(() => ['reports.get']), shares, reports]);
  for (const id of ['shop', 'empty'])
    world.store.enable(id, 'mod-auth-1.0.0', 'mod-accounts-1.0.0', reports.descriptor.id);
};
const get = async (path: string, id = 'shop'): Promise<Received> => {
  if (world === undefined) throw new Error('no world');
  return world.send({
    path: `/reports/${path}`,
    headers: { 'X-Okapi-Tenant': id, 'X-Okapi-Token': world.token(id) },
  });
};
const faultOf = (answer: Received): unknown => {
  const { errors } = answer.json() as { errors: { code: string; type: string; message: string }[] };
  return [answer.status, errors.map(({ code }) => code), errors.map(({ message }) => message).join('; ')];
};
const contains = (text: string): string => expect.stringContaining(text) as string;

describe('the reports module', () => {
  it.each([
    ['summary?from=soon', 'PARAMETER_INVALID', 'from: found "soon", expected a date'],
    ['summary?site=x&site=y', 'PARAMETER_INVALID', 'expected it once'],
    ['summary?compare=next', 'PARAMETER_INVALID', 'compare: found "next", expected one of previous'],
    ['series?vital=tbt', 'PARAMETER_INVALID', 'vital: found "tbt", expected one of lcp, inp, cls, fcp, ttfb'],
    ['series?step=minute', 'PARAMETER_INVALID', 'step: found "minute", expected a longer step'],
    ['breakdown', 'PARAMETER_INVALID', 'dimension: found nothing, expected one of hostname'],
    ['breakdown?dimension=lcp', 'PARAMETER_INVALID', 'dimension: found "lcp", expected one of'],
    [
      'breakdown?dimension=device&limit=0',
      'PARAMETER_INVALID',
      'limit: found "0", expected a whole number from 1',
    ],
    ['breakdown?dimension=device&limit=1e9', 'PARAMETER_INVALID', 'expected a whole number from 1 to 500'],
    ['breakdown?dimension=device&vitals=lcp,', 'PARAMETER_INVALID', 'expected some of lcp, inp'],
    ['heat?kind=month', 'PARAMETER_INVALID', 'kind: found "month", expected one of weekday, time'],
    ['compare?b.from=never', 'PARAMETER_INVALID', 'b.from: found "never", expected a date'],
    ['compare?by=nothing', 'PARAMETER_INVALID', 'by: found "nothing"'],
    [
      'summary?format=xml',
      'PARAMETER_INVALID',
      'format: found "xml", expected one of json, csv, ndjson, parquet',
    ],
    ['summary?a=b', 'PARAMETER_UNKNOWN', 'the parameter "a" is not known here'],
    ["summary?filter=device:is:a'%20OR%201=1%20--&x';DROP=1", 'PARAMETER_UNKNOWN', 'is not known here'],
  ])('refuses %s in words', async (path, code, message) => {
    await start();
    expect(faultOf(await get(path))).toEqual([400, [code], contains(message)]);
  });

  it('knows only the sites of the tenant', async () => {
    await start();
    expect(faultOf(await get('summary?site=other.example'))).toEqual([
      404,
      ['SITE_UNKNOWN'],
      contains('no site'),
    ]);
    expect((await get('summary?site=b.example')).status).toBe(200);
  });

  it('answers for a tenant that has no tables yet', async () => {
    await start();
    for (const path of [
      'summary?compare=previous',
      'series',
      'breakdown?dimension=country',
      'compare',
      'bounce',
    ])
      expect([path, (await get(path, 'empty')).status]).toEqual([path, 200]);
    expect((await get('summary', 'empty')).json()).toMatchObject({ views: 0, sessions: 0, passes: null });
  });

  it('says whose answer it is, and that it may not be kept', async () => {
    await start();
    expect((await get('summary')).headers).toMatchObject({
      'x-report-tenant': 'shop',
      'cache-control': contains('no-cache'),
    });
  });

  it('gives up a report that is too heavy with a message that says what to do', async () => {
    await start(readingFrom(ENDLESS));
    expect(faultOf(await get('series'))).toEqual([503, ['REPORT_TOO_HEAVY'], contains('a shorter period')]);
  });

  it('stops the statement when the client goes away', async () => {
    await start(readingFrom(ENDLESS), 60);
    const running = (): Promise<unknown[]> =>
      warehouse.rows(
        "SELECT 1 FROM system.processes WHERE query LIKE '%system.numbers%' AND query NOT LIKE '%processes%'",
      );
    const going = new AbortController();
    const asked = fetch(`${world?.url}/reports/series`, {
      headers: { 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': world?.token('shop') ?? '' },
      signal: going.signal,
    }).catch(() => null);
    await poll('the statement runs', async () => (await running()).length > 0 || undefined);
    going.abort();
    await asked;
    await poll('the statement has ended', async () => (await running()).length === 0 || undefined);
  });

  it('tells nothing of the statement when the warehouse refuses it', async () => {
    await start(readingFrom('(SELECT secret FROM hidden_table)'));
    const answer = await get('summary');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/secret|hidden_table|SELECT/);
  });
});

/** All page views are found there, whatever is asked. */
const readingFrom = (sql: string): ViewSources => ({
  look: async () => ({ source: () => ({ sql, rolledUpTo: null }) }),
});

/** Stands for page views without end. */
const ENDLESS = `(SELECT toDateTime(1800000000 + number % 100, 'UTC') AS started_at, toUInt8(0) AS is_bot, 'hard' AS navigation, toUInt16(sipHash64(number) % 900) AS lcp,
  toUInt8(0) AS is_generated FROM system.numbers)`;

describe('an account that is held to a selection', () => {
  const LOCK = {
    site: 'a.example',
    from: '2026-10-02T00:00:00.500Z',
    to: '2026-10-05T00:00:00Z',
    filters: [{ dimension: 'device', op: 'is', values: ['mobile', 'desktop'] }],
  };
  const within = (visit: Visit): boolean =>
    isSelected(visit, {
      site: LOCK.site,
      from: '2026-10-02T00:00:00Z',
      to: LOCK.to,
      filters: [{ dimension: 'device', op: 'is', values: ['mobile', 'desktop'] }],
      navigations: 'hard',
      percentile: 75,
      bots: false,
    });

  it('sees no page view outside of it', async () => {
    await start();
    lock = () => json(200, LOCK);
    const seen = visits.filter(within);
    const summary = (await get(`summary?${WEEK}&compare=previous`)).json() as Summary;
    expect(summary).toMatchObject({ views: seen.length, before: { views: 0 } });
    expect(summary.selection).toMatchObject({
      site: 'a.example',
      from: '2026-10-02T00:00:00.000Z',
      to: '2026-10-05T00:00:00.000Z',
      filters: LOCK.filters,
    });
    for (const dimension of ['hostname', 'device', 'country']) {
      const { rows, total } = (await get(`breakdown?${WEEK}&dimension=${dimension}`)).json() as Breakdown;
      expect(total.views).toBe(seen.length);
      expect(rows.reduce((sum, { views }) => sum + views, 0)).toBe(seen.length);
    }
    const { sites } = (await get(`sites?${WEEK}`)).json() as SitesAnswer;
    expect(sites.map(({ hostname }) => hostname)).toEqual(['a.example']);
  });

  it('sees bots when its link counts them, and only then', async () => {
    await start();
    const all = await get(`summary?${WEEK}&bots=with`);
    const seen = visits.filter(within);
    lock = () => json(200, LOCK);
    const open = (await get(`summary?${WEEK}&bots=with`)).json() as Summary;
    expect(open.views).toBeGreaterThan(seen.length);
    expect((all.json() as Summary).views).toBeGreaterThan(open.views);
    lock = () => json(200, { ...LOCK, bots: false });
    for (const asked of ['', '&bots=with']) {
      const held = (await get(`summary?${WEEK}${asked}`)).json() as Summary;
      expect([held.views, held.selection.bots]).toEqual([seen.length, false]);
    }
    // A list that knows no bots of its own is held as well.
    const { total } = (await get(`breakdown?${WEEK}&dimension=browser&bots=with`)).json() as Breakdown;
    expect(total.views).toBe(seen.length);
  });

  it('cannot widen it', async () => {
    await start();
    lock = () => json(200, LOCK);
    for (const path of [
      `summary?${WEEK}&site=b.example`,
      'summary?from=2026-10-05&to=2026-10-08',
      `compare?${WEEK}&b.from=2026-09-01`,
      `compare?${WEEK}&b.site=c.example`,
    ])
      expect([path, faultOf(await get(path))]).toEqual([
        path,
        [403, ['SELECTION_LOCKED'], contains('this account')],
      ]);
    const other = (await get(`summary?${WEEK}&filter=device:is:tablet`)).json() as Summary;
    expect(other.views).toBe(0);
  });

  it.each([
    ['an error', () => ({ status: 500, body: 'broken' })],
    ['a refusal', () => ({ status: 403, body: 'no' })],
    ['an answer that nobody understands', () => json(200, { site: 'a.example' })],
    [
      'a dimension that is none',
      () => json(200, { ...LOCK, filters: [{ dimension: '1=1 OR device', op: 'is', values: [] }] }),
    ],
  ] satisfies [string, () => ModuleResponse][])('sees nothing when the lock is %s', async (_, answer) => {
    await start();
    lock = answer;
    expect(faultOf(await get('summary'))).toEqual([
      403,
      ['SELECTION_LOCKED'],
      contains('cannot be found out'),
    ]);
  });
});
