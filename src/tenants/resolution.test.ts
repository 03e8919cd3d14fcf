import { describe, expect, it } from 'vitest';
import { parseUsersMap } from './parse.ts';
import type { RequestFacts, Resolution, ServingModule } from './resolution-contract.ts';
import { resolveTenant } from './resolution.ts';
import { compileGlob } from './rules.ts';
import { createSnapshot } from './snapshot.ts';

const { tenants, relations, problems } = parseUsersMap(`
- user: { prefix: agency }
- user: { prefix: shop }
- user: { prefix: news }
- user: { prefix: closed, expire: 2020-01-01 }
- user: { prefix: stranger }
- relation:
    tenant: agency
    executes_as: [shop, news, closed]
    modules: [reports, notes]
    when:
      - { query: { site: shop.bg }, tenant: shop }
      - { method: POST, path: /notes, body: { domain: rum }, tenant: news }
      - { path: /old/*, tenant: closed }
    permissions: [reports.*]
    expire: 2027-12-31
`);
const snapshot = createSnapshot('test', 0, tenants, relations);

const NOW = Date.parse('2027-06-01T00:00:00Z');
const notes: ServingModule = {
  id: 'mod-notes-1.0.0',
  product: 'mod-notes',
  interfaces: ['notes'],
  executesIn: 'requested',
};
const configuration: ServingModule = {
  ...notes,
  id: 'mod-configuration-1.0.0',
  product: 'mod-configuration',
  interfaces: [],
};

/** By default the module is enabled for everybody but the agency. */
const resolve = (
  facts: Partial<Omit<RequestFacts, 'query'>> & { readonly query?: string },
  serving: (tenant: string) => ServingModule | undefined = (tenant) =>
    tenant === 'agency' ? undefined : notes,
): Resolution =>
  resolveTenant(
    {
      requestedTenant: 'agency',
      originTenant: 'agency',
      method: 'GET',
      path: '/notes',
      now: NOW,
      ...facts,
      query: new URLSearchParams(facts.query ?? ''),
    },
    { snapshot, modulesServing: serving },
  );

it('has a map to work with', () => expect(problems).toEqual([]));

describe('a request of the umbrella', () => {
  it('is executed for the tenant that a rule finds in the query, within the ceiling', () => {
    expect(resolve({ query: 'site=shop.bg' })).toMatchObject({
      kind: 'execute',
      tenant: 'shop',
      originTenant: 'agency',
      rule: 'agency#1.when[0]',
      ceiling: ['reports.*'],
      relation: { id: 'agency#1' },
    });
  });

  it('waits for its body when a rule looks at it', () => {
    expect(resolve({ method: 'POST' }).kind).toBe('needs-body');
    expect(resolve({ method: 'POST', body: { domain: 'rum' } })).toMatchObject({ tenant: 'news' });
  });

  it('does not wait for a body when an earlier rule decides', () => {
    expect(resolve({ method: 'POST', query: 'site=shop.bg' })).toMatchObject({ tenant: 'shop' });
  });

  it.each([
    ['of another value', { domain: 'other' }],
    ['without the member', {}],
    ['whose member is inherited', Object.create({ domain: 'rum' }) as object],
    ['whose member is a list', { domain: ['rum'] }],
    ['that is a list', ['rum']],
    ['that is no object', 'rum'],
    ['that is absent', null],
  ])('is not moved by a body %s', (_, body) => {
    expect(resolve({ method: 'POST', body })).toMatchObject({ code: 'TENANT_AMBIGUOUS' });
  });

  it('is refused when several tenants could execute it, and the answer names them', () => {
    expect(resolve({})).toMatchObject({
      kind: 'refuse',
      status: 400,
      code: 'TENANT_AMBIGUOUS',
      message: 'several tenants could execute this request: shop, news; name one in X-Okapi-Tenant',
    });
  });

  it.each(['/%6fld/1', '/o%6Cd/1', '/%6F%6C%64/%C3%A9'])('is claimed by a rule as %s, too', (path) => {
    expect(resolve({ path })).toMatchObject({ code: 'TENANT_RULE_UNSERVED' });
  });

  it('is refused when a rule’s parameter has two values', () => {
    expect(resolve({ query: 'site=shop.bg&site=news.bg' })).toMatchObject({
      status: 400,
      code: 'TENANT_QUERY_AMBIGUOUS',
    });
  });

  it('is executed for the only tenant that is left', () => {
    const resolution = resolve({}, (tenant) => (tenant === 'news' ? notes : undefined));
    expect(resolution).toMatchObject({ tenant: 'news', rule: 'only-candidate' });
  });

  it('is not executed for an expired tenant, not even by a rule', () => {
    expect(resolve({ path: '/old/1' })).toMatchObject({ code: 'TENANT_RULE_UNSERVED' });
    expect(resolve({}, (tenant) => (tenant === 'closed' ? notes : undefined))).toMatchObject({
      code: 'TENANT_NO_MODULE',
    });
  });

  it('is not executed by a relation that does not name the module', () => {
    const resolution = resolve({}, (tenant) => (tenant === 'news' ? configuration : undefined));
    expect(resolution).toMatchObject({ status: 404, code: 'TENANT_NO_MODULE' });
    expect(resolution.why).toContain('agency#1: news: agency#1 does not name mod-configuration-1.0.0');
  });

  it('is not executed by a relation from the instant at which it expires', () => {
    const last = Date.parse('2028-01-01T00:00:00Z');
    expect(resolve({ query: 'site=shop.bg', now: last - 1 })).toMatchObject({ tenant: 'shop' });
    expect(resolve({ query: 'site=shop.bg', now: last })).toMatchObject({ code: 'TENANT_NO_MODULE' });
  });

  it('says in Okapi’s words that there is no module, and which relations were looked at', () => {
    const resolution = resolve({}, () => undefined);
    expect(resolution).toMatchObject({
      message: expect.stringMatching(
        /^No suitable module found for path and tenant: .*agency.*\(agency#1\)$/,
      ),
    });
  });
});

describe('another tenant than the own one', () => {
  it.each([
    ['does not exist', 'nobody'],
    ['is a stranger', 'stranger'],
    ['is expired', 'closed'],
    ['has no name', ''],
  ])('is refused in the same words when it %s', (_, requestedTenant) => {
    expect(resolve({ requestedTenant })).toMatchObject({
      status: 403,
      code: 'TENANT_NOT_ALLOWED',
      message: `tenant "${requestedTenant}" cannot be used for this request`,
    });
  });

  it('is refused in the same words when the module is not enabled there, or not named', () => {
    for (const module of [undefined, configuration])
      expect(resolve({ requestedTenant: 'news' }, () => module)).toMatchObject({
        code: 'TENANT_NOT_ALLOWED',
        message: 'tenant "news" cannot be used for this request',
      });
  });

  it('is not reached against the direction of a relation', () => {
    expect(resolve({ originTenant: 'shop', requestedTenant: 'agency' }, () => notes)).toMatchObject({
      code: 'TENANT_NOT_ALLOWED',
    });
    expect(resolve({ originTenant: 'shop', requestedTenant: 'news' })).toMatchObject({
      code: 'TENANT_NOT_ALLOWED',
    });
  });

  it('asks modules beside the calling one, as far as the call goes on', () => {
    const inside = { requestedTenant: 'news', explicit: false, relationOfCaller: relations[0]?.key ?? '' };
    const everywhere = (): ServingModule => configuration;
    expect(resolve({ ...inside, moduleOfCaller: notes }, everywhere)).toMatchObject({
      tenant: 'news',
      rule: 'callback',
    });
    expect(resolve({ ...inside, moduleOfCaller: configuration }, everywhere)).toMatchObject({
      tenant: 'news',
    });
    expect(
      resolve({ ...inside, moduleOfCaller: configuration, relationOfCaller: 'shop#9' }, everywhere),
    ).toMatchObject({ code: 'TENANT_NOT_ALLOWED' });
  });
});

it('tells strangers nothing of expired tenants, and their own users that they are', () => {
  expect(resolve({ originTenant: null, requestedTenant: 'closed' })).toMatchObject({
    status: 400,
    message: 'No such Tenant closed',
  });
  expect(resolve({ originTenant: null, requestedTenant: 'nobody' })).toMatchObject({
    status: 400,
    message: 'No such Tenant nobody',
  });
  expect(resolve({ originTenant: 'closed', requestedTenant: 'closed' })).toMatchObject({
    status: 403,
    code: 'TENANT_EXPIRED',
  });
});

it('explains what was passed over and why', () => {
  expect(
    resolve({ path: '/notes', query: 'site=news.bg', requestedTenant: 'agency', explain: true }).why,
  ).toEqual([
    'agency#1.when[0]: the query has no site=shop.bg',
    'agency#1.when[1]: the method is not POST',
    'agency#1.when[2]: the path is not /old/*',
    'agency: no module that is enabled for it answers GET "/notes"',
    'agency#1: shop: it could execute the request',
    'agency#1: news: it could execute the request',
    'agency#1: closed: the tenant is unknown or expired',
  ]);
});

describe('a path with stars', () => {
  it.each([
    ['/notes', '/notes', true],
    ['/notes', '/notes/', false],
    ['/notes', '/Notes', false],
    ['/notes*', '/notes', true],
    ['/notes/*', '/notes', false],
    ['/notes/*', '/notes/', true],
    ['/notes/*', '/notes/a/b', true],
    ['*', '', true],
    ['/*/c', '/a/b/c', true],
    ['/*/c', '/c', false],
    ['/a*a', '/a', false],
    ['/a*a', '/aa', true],
    ['/*a*b*', '/xaxbx', true],
    ['/*a*b*', '/xbxax', false],
  ])('%s and %s: %s', (pattern, path, matches) => {
    expect(compileGlob(pattern)(path)).toBe(matches);
  });
});

describe('a module that works for no user', () => {
  const alone = { acting: false, moduleOfCaller: configuration } as const;

  it('is executed for its own tenant, whatever its rules say', () => {
    const everywhere = () => notes;
    const sold = { ...alone, query: 'site=shop.bg' };
    expect(resolve(sold, everywhere)).toMatchObject({ tenant: 'agency', rule: 'requested', relation: null });
  });

  it('is sent to nobody else when its own tenant has no module', () => {
    const onlyNews = (tenant: string) => (tenant === 'news' ? notes : undefined);
    expect(resolve(alone, onlyNews)).toMatchObject({ code: 'TENANT_NO_MODULE' });
  });

  it.each([
    ['names', true],
    ['is executed for', false],
  ])('is refused another tenant that it %s, as any tenant that is not there', (_, explicit) => {
    const answers = ['shop', 'nowhere'].map((requestedTenant) =>
      resolve({ ...alone, explicit, requestedTenant }),
    );
    expect(answers.map((answer) => answer.kind === 'refuse' && answer.code)).toEqual([
      'TENANT_NOT_ALLOWED',
      'TENANT_NOT_ALLOWED',
    ]);
  });
});
