import { createClient } from '@clickhouse/client';
import { afterEach, describe, expect, it } from 'vitest';
import { json, type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import { createConsortiumModule } from '../../src/modules/consortium/module.ts';
import { organizationsOf } from '../../src/modules/organizations/module.ts';
import type { MatrixAnswer } from '../../src/modules/reports/contract.ts';
import { reportsDescriptor } from '../../src/modules/reports/descriptor.ts';
import { summaryReport } from '../../src/modules/reports/summary.ts';
import {
  authModule,
  NOON,
  type Received,
  type Seen,
  snapshotOf,
  spyModule,
  startWorld,
  type World,
} from '../support/gateway-world.ts';

const userMap = (newsUntil: string): string => `
- user: { prefix: agency, name: Agency, expire: 2028-01-01 }
- user: { prefix: shop, name: Shop, brum_trace: t1, expire: 2028-01-01 }
- user: { prefix: news, name: News, brum_trace: t2, expire: 2028-01-01 }
- user: { prefix: closed, name: Closed, brum_trace: t3, expire: 2028-01-01 }
- relation: { tenant: agency, executes_as: [shop], modules: [reports], permissions: [reports.*], expire: 2028-01-01 }
- relation: { tenant: agency, executes_as: [news], modules: [reports], permissions: [reports.*], expire: ${newsUntil} }
- relation: { tenant: agency, executes_as: [closed], modules: [reports], permissions: [notes.*], expire: 2028-01-01 }
`;

/** Stands for the reports module, which needs a warehouse: each tenant has a number of page views that is its own. */
const VIEWS: Readonly<Record<string, number>> = { shop: 11, news: 22, closed: 33 };
const answerSummary = ({ tenant, query }: ModuleRequest): ModuleResponse => {
  if (query.get('from') === 'never')
    return json(400, { errors: [{ message: 'from: found "never"', code: 'PARAMETER_INVALID' }] });
  const [from, to] = [query.get('from'), query.get('to')];
  return json(
    200,
    { views: VIEWS[tenant], passes: true, vitals: [], selection: { from, to } },
    { 'x-report-tenant': tenant },
  );
};

describe('the matrix of a consortium', () => {
  let world: World;
  const seen: Seen[] = [];
  let answer: (request: ModuleRequest) => ModuleResponse;
  afterEach(async () => {
    seen.length = 0;
    await world.stop();
  });

  const start = async (
    yaml = userMap('2028-01-01'),
    held = ['consortium.get', 'reports.get'],
  ): Promise<void> => {
    answer = answerSummary;
    const organizations = spyModule(
      {
        id: 'mod-organizations-1.0.0',
        provides: [
          {
            id: 'organizations',
            version: '1.0',
            handlers: [{ methods: ['GET'], pathPattern: '/organizations', permissionsRequired: [] }],
          },
        ],
        metadata: { tenantResolution: { executesIn: 'origin' } },
      },
      [],
      ({ originTenant }) =>
        json(200, { organizations: organizationsOf(snapshotOf(yaml), originTenant, NOON) }),
    );
    world = await startWorld(yaml, [
      authModule(() => held),
      organizations,
      createConsortiumModule({
        clock: { now: () => NOON, monotonic: () => 0, sleep: () => Promise.resolve() },
        // Nothing here is written as Parquet.
        client: createClient({ url: 'http://127.0.0.1:9' }),
      }),
      spyModule(reportsDescriptor([summaryReport]), seen, (request) => answer(request)),
    ]);
    for (const tenant of ['agency', 'shop', 'news', 'closed'])
      world.store.enable(tenant, 'mod-auth-1.0.0', 'mod-organizations-1.0.0', 'mod-consortium-1.0.0');
    for (const tenant of ['shop', 'news', 'closed']) world.store.enable(tenant, 'mod-reports-1.0.0');
  };
  const get = (query = '', tenant = 'agency'): Promise<Received> =>
    world.send({
      path: `/consortium/matrix${query}`,
      headers: { 'X-Okapi-Tenant': tenant, 'X-Okapi-Token': world.token(tenant) },
    });
  const rowsOf = (received: Received): Readonly<Record<string, number | string | null>> =>
    Object.fromEntries(
      (received.json() as MatrixAnswer).rows.map(({ tenant, views, refusal }) => [tenant, views ?? refusal]),
    );

  it('has a row for home and each member, and a refused one has its reason', async () => {
    await start();
    expect(rowsOf(await get())).toEqual({
      agency: 'it has no reports of its own',
      shop: 11,
      news: 22,
      closed: expect.stringContaining('reports.get') as string,
    });
  });

  it('asks all members for the same period', async () => {
    await start();
    const { from, to } = (await get()).json() as MatrixAnswer;
    expect([from, to]).toEqual(['2026-10-25T12:00:00.000Z', '2026-11-22T12:00:00.000Z']);
    expect(seen.map(({ tenant }) => tenant).toSorted()).toEqual(['news', 'shop']);
  });

  it('has no figures of a member whose relation is expired', async () => {
    await start(userMap('2026-11-21'));
    expect(rowsOf(await get())).not.toHaveProperty('news');
    expect(seen.map(({ tenant }) => tenant)).toEqual(['shop']);
  });

  it('does not show a member as home when it alone could answer for home', async () => {
    await start(`
- user: { prefix: agency, name: Agency, expire: 2028-01-01 }
- user: { prefix: shop, name: Shop, brum_trace: t1, expire: 2028-01-01 }
- relation: { tenant: agency, executes_as: [shop], modules: [reports], permissions: [reports.*], expire: 2028-01-01 }
`);
    expect(rowsOf(await get())).toEqual({ agency: 'it has no reports of its own', shop: 11 });
  });

  it('shows a member only itself', async () => {
    await start();
    expect(rowsOf(await get('', 'shop'))).toEqual({ shop: 11 });
  });

  it('keeps the others when one member fails', async () => {
    await start();
    answer = (request) => (request.tenant === 'shop' ? text(500, 'secret /path') : answerSummary(request));
    expect(rowsOf(await get())).toMatchObject({ shop: 'its figures cannot be read at the moment', news: 22 });
  });

  it('refuses parameters that no member understands once, as a summary does', async () => {
    await start();
    const refused = await get('?from=never');
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('from: found')]);
  });

  it('needs a permission of its own, and the permission for reports', async () => {
    await start(undefined, ['reports.get']);
    expect((await get()).status).toBe(403);
    await world.stop();
    await start(undefined, ['consortium.get']);
    expect(Object.values(rowsOf(await get())).filter((value) => typeof value === 'number')).toEqual([]);
  });
});
