import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEntry, AuditSink } from '#gateway';
import { authModule, type Seen, send, spyModule, startWorld, type World } from '../support/gateway-world.ts';

const agency = `
- user: { prefix: agency, expire: 2028-01-01 }
- user: { prefix: shop, brum_trace: SHOP123, expire: 2028-01-01 }
- user: { prefix: news, brum_trace: NEWS123, expire: 2028-01-01 }
- user: { prefix: stranger, brum_trace: OTHER12, expire: 2028-01-01 }
- relation:
    tenant: agency
    executes_as: [shop, news]
    modules: [mod-notes]
    when:
      - { query: { site: shop.example }, tenant: shop }
      - { method: POST, path: /notes, body: { domain: press }, tenant: news }
    permissions: [notes.*]
    expire: 2027-12-31
`;

const notes = {
  id: 'mod-notes-1.0.0',
  provides: [
    {
      id: 'notes',
      version: '1.0',
      handlers: [
        { methods: ['GET'], pathPattern: '/notes', permissionsRequired: ['notes.get'] },
        { methods: ['POST'], pathPattern: '/notes', permissionsRequired: ['notes.post'] },
        { methods: ['GET'], pathPattern: '/notes/{id}', permissionsRequired: [] },
      ],
    },
  ],
};

let world: World;
const seen: Seen[] = [];
afterEach(async () => {
  seen.length = 0;
  headersOfNotes = {};
  await world.stop();
});

/** What the notes answer with, besides their type. */
let headersOfNotes: Readonly<Record<string, string>> = {};
const start = async (audit?: AuditSink): Promise<void> => {
  const modules = [
    authModule(() => ['notes.get', 'notes.post']),
    spyModule(notes, seen, () => ({
      status: 201,
      headers: { 'content-type': 'application/json', ...headersOfNotes },
      body: '{}',
    })),
  ];
  world = await startWorld(agency, modules, {}, 'in process', audit);
  for (const tenant of ['agency', 'shop', 'news', 'stranger']) world.store.enable(tenant, 'mod-auth-1.0.0');
  for (const tenant of ['shop', 'news', 'stranger']) world.store.enable(tenant, 'mod-notes-1.0.0');
};

describe('a request', () => {
  it('reaches the module of its own tenant with consistent tenant, token and user', async () => {
    await start();
    const token = world.token('shop');
    const answer = await world.send({
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': token },
    });
    expect(answer.status).toBe(201);
    const [call] = seen;
    expect(call).toMatchObject({ tenant: 'shop', originTenant: 'shop', userId: 'user-1' });
    expect(call?.headers['x-okapi-tenant']).toBe('shop');
    const verified = world.tokens.verify(call?.headers['x-okapi-token'] ?? '');
    expect(verified).toMatchObject({
      kind: 'verified',
      claims: {
        kind: 'module',
        module: 'mod-notes-1.0.0',
        tenant: 'shop',
        originTenant: 'shop',
        userId: 'user-1',
      },
    });
    expect(call?.headers['x-okapi-token']).not.toBe(token);
  });

  it('of the agency is executed for the shop when a rule says so', async () => {
    await start();
    const answer = await world.send({
      path: '/notes?site=shop.example',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
    });
    expect(answer.status).toBe(201);
    expect(seen[0]).toMatchObject({ tenant: 'shop', originTenant: 'agency' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('gets an answer that no cache gives to another tenant or caller', async () => {
    await start();
    const headers = { 'X-Okapi-Tenant': 'shop' };
    const vary = 'X-Okapi-Tenant, X-Okapi-Token, Authorization, Cookie';
    for (const path of ['/notes/7', '/nowhere', '/notes'])
      expect((await world.send({ path, headers })).headers).toMatchObject({
        'cache-control': 'no-store',
        vary,
      });
    headersOfNotes = { 'Cache-Control': 'private, max-age=60', Vary: 'Accept-Language' };
    const own = await world.send({ path: '/notes/7', headers });
    expect(own.headers).toMatchObject({
      'cache-control': 'private, max-age=60',
      vary: `${vary}, Accept-Language`,
    });
    const elsewhere = await world.send({
      path: '/notes?site=shop.example',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
    });
    expect(elsewhere.headers['cache-control']).toBe('no-store');
  });

  it('is resolved by a rule that looks at the body, and the module gets the whole body', async () => {
    await start();
    const body = JSON.stringify({ domain: 'press', text: 'x'.repeat(10_000) });
    const answer = await world.send({
      method: 'POST',
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
      body,
    });
    expect(answer.status).toBe(201);
    expect(seen[0]).toMatchObject({ tenant: 'news', body });
  });

  it('cannot pass a rule by with an encoded body', async () => {
    await start();
    const answer = await world.send({
      method: 'POST',
      path: '/notes',
      headers: {
        'X-Okapi-Tenant': 'agency',
        'X-Okapi-Token': world.token('agency'),
        'Content-Encoding': 'gzip',
      },
      body: JSON.stringify({ domain: 'press' }),
    });
    expect(answer.status).toBe(415);
    expect(seen).toEqual([]);
  });

  it.each([
    ['UTF-16', Buffer.from('{"domain":"press"}', 'utf16le'), {}, 400],
    ['two members of one name', '{"domain":"press","domain":"rum"}', {}, 400],
    ['no JSON', 'domain=press', {}, 400],
    ['a form', '{"domain":"press"}', { 'Content-Type': 'multipart/form-data; boundary=x' }, 415],
    ['another charset', '{"domain":"rum"}', { 'Content-Type': 'application/json;charset=utf-7' }, 415],
  ])('cannot pass a rule by with a body of %s', async (_, body, headers, status) => {
    await start();
    world.store.enable('agency', 'mod-notes-1.0.0');
    const answer = await world.send({
      method: 'POST',
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency'), ...headers },
      body,
    });
    expect(answer.status).toBe(status);
    expect(seen).toEqual([]);
  });

  it('stays at home with a body that no rule claims, or without one', async () => {
    await start();
    world.store.enable('agency', 'mod-notes-1.0.0');
    for (const body of [JSON.stringify({ domain: 'rum' }), '']) {
      const headers = { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') };
      const answer = await world.send({ method: 'POST', path: '/notes', headers, body });
      expect(answer.status).toBe(201);
    }
    expect(seen.map(({ tenant }) => tenant)).toEqual(['agency', 'agency']);
  });

  it('is refused with 413 when a rule would have to hold too much of it', async () => {
    await start();
    const answer = await world.send({
      method: 'POST',
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
      body: JSON.stringify({ domain: 'press', text: 'x'.repeat(1_100_000) }),
    });
    expect(answer.status).toBe(413);
    expect(seen).toEqual([]);
  });

  it('for another tenant stands in the audit before a module is called, and is not made when that fails', async () => {
    const audited: AuditEntry[] = [];
    let works = true;
    await start(async (entry) => {
      if (!works) throw new Error('the audit is down');
      await Promise.resolve();
      expect(seen).toHaveLength(0);
      audited.push(entry);
      return null;
    });
    const send = () =>
      world.send({
        path: '/notes?site=shop.example',
        headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
      });
    await send();
    expect(audited).toEqual([
      expect.objectContaining({
        userId: 'user-1',
        originTenant: 'agency',
        tenant: 'shop',
        relation: 'agency#1',
        module: 'mod-notes-1.0.0',
        entry: '/notes',
        isRead: true,
      }),
    ]);
    works = false;
    const refused = await send();
    expect(refused.status).toBe(503);
    expect(refused.text).toContain('the audit trail cannot be written');
    expect(refused.text).not.toContain('the audit is down');
    expect(refused.headers['retry-after']).toBe('5');
    expect(seen).toHaveLength(1);
    const own = await world.send({ path: '/notes', headers: { 'X-Okapi-Token': world.token('shop') } });
    expect(own.status).toBe(201);
  });

  it('of a stranger is refused for the shop and no module is called', async () => {
    await start();
    const answer = await world.send({
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': world.token('stranger') },
    });
    expect(answer.status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('without token is refused where a permission is required, and served where none is', async () => {
    await start();
    const headers = { 'X-Okapi-Tenant': 'shop' };
    expect((await world.send({ path: '/notes', headers })).status).toBe(401);
    expect((await world.send({ path: '/notes/7', headers })).status).toBe(201);
    expect(seen).toHaveLength(1);
  });

  it('leaves a trace of its hops under its id', async () => {
    await start();
    const answer = await world.send({
      path: '/notes?site=shop.example',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
    });
    const id = String(answer.headers['x-okapi-request-id']);
    const trace = await send(world.port, {
      path: `/_/requests/${encodeURIComponent(id)}`,
      headers: { authorization: 'Bearer operator-token-for-tests' },
    });
    expect(trace.json()).toMatchObject({
      requestId: id,
      hops: [
        { phase: 'auth', module: 'mod-auth-1.0.0', status: 202 },
        {
          phase: 'handler',
          module: 'mod-notes-1.0.0',
          status: 201,
          tenants: { origin: 'agency', requested: 'agency', execution: 'shop' },
          relation: 'agency#1',
        },
      ],
    });
  });
});
