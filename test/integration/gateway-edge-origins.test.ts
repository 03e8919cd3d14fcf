import { describe, expect, it } from 'vitest';
import { spyModule, startWorld } from '../support/gateway-world.ts';
import { get, map, seen, things, world } from '../support/gateway-edge-world.ts';

/** What the public door answers itself: its own paths, and pages of other origins. Every refusal is also a proof that no module was called. */

describe('the own door', () => {
  const operator = { Authorization: 'Bearer operator-token-for-tests' };

  it('§2.7 opens version and health to everybody and nothing else', async () => {
    expect((await get({}, '/_/version')).text).toBe('0.1.0');
    expect(await get({}, '/_/proxy/health')).toMatchObject({ status: 200, text: '[ ]' });
    for (const path of [
      '/_/proxy/tenants',
      '/_/resolve?tenant=shop&path=/x',
      '/_/requests/x',
      '/_/nothing',
      '/_/',
    ])
      for (const headers of [
        {},
        { Authorization: 'Bearer wrong' },
        { Authorization: `Bearer ${world.token('shop')}` },
      ])
        expect(await get(headers, path)).toMatchObject({ status: 401, text: 'The operator token is needed' });
  });

  it('§6.9 explains for whom a request would be executed', async () => {
    const answer = await get(operator, '/_/resolve?tenant=shop&method=GET&path=/secret');
    expect(answer.json()).toMatchObject({
      outcome: 'executed',
      tenant: 'shop',
      rule: 'requested',
      permissionsRequired: ['secret.get'],
      steps: [
        { phase: 'auth', module: 'mod-auth-1.0.0' },
        { phase: 'handler', module: 'things-1.0.0', entry: '/secret', running: true },
      ],
    });
    expect(await get(operator, '/_/resolve?path=/x')).toMatchObject({
      status: 400,
      text: "Missing value for parameter 'tenant'",
    });
    expect((await get(operator, '/_/resolve?tenant=shop&path=/none')).json()).toMatchObject({
      outcome: 'refused',
      status: 404,
    });
  });

  it('§1.2 shows a trace to the operator and to the user whose request it was', async () => {
    const token = world.token('shop');
    const answer = await get({ 'X-Okapi-Token': token }, '/secret');
    const path = `/_/requests/${encodeURIComponent(String(answer.headers['x-okapi-request-id']))}`;
    expect((await get(operator, path)).status).toBe(200);
    expect((await get({ Authorization: `Bearer ${token}` }, path)).json()).toMatchObject({
      userId: 'user-1',
    });
    expect((await get({ 'X-Okapi-Token': world.token('shop', 'user-2') }, path)).status).toBe(401);
    expect((await get({ 'X-Okapi-Token': world.token('news') }, path)).status).toBe(401);
  });

  it('§1.2 keeps the reason of a refusal under the request id', async () => {
    const answer = await get({ 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': 'a.b.c' }, '/secret');
    const id = String(answer.headers['x-okapi-request-id']);
    const trace = await get(operator, `/_/requests/${encodeURIComponent(id)}`);
    expect(trace.text).toContain('GATEWAY_TOKEN_INVALID');
  });

  it('§1.2 forgets traces after their time', async () => {
    const answer = await get({ 'X-Okapi-Tenant': 'shop' });
    world.clock.advance(3_600_000);
    const path = `/_/requests/${encodeURIComponent(String(answer.headers['x-okapi-request-id']))}`;
    expect((await get(operator, path)).status).toBe(404);
  });
});

describe('§1.13 pages of other origins', () => {
  const preflight = (origin: string) =>
    world.send({
      method: 'OPTIONS',
      path: '/things',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'GET', 'X-Okapi-Tenant': 'shop' },
    });

  it('§1.13 get their preflight answered by the gateway when they are configured', async () => {
    const answer = await preflight('https://desk.example');
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://desk.example',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '7200',
      vary: expect.stringContaining('Origin'),
    });
    expect(seen).toEqual([]);
  });

  it('§1.13 are refused otherwise, a null origin and look-alikes included', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      'https://desk.example.evil',
      'http://desk.example',
    ]) {
      const answer = await preflight(origin);
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    const answer = await get({ 'X-Okapi-Tenant': 'shop', Origin: 'https://evil.example' });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers.vary).toContain('Origin');
  });

  it('§1.13 get the headers of the gateway instead of those of the module', async () => {
    const answer = await get({ 'X-Okapi-Tenant': 'shop', Origin: 'https://desk.example' });
    expect(answer.headers['access-control-allow-origin']).toBe('https://desk.example');
    expect(answer.headers['access-control-expose-headers']).toContain('X-Okapi-Request-Id');
  });

  it('§1.13 send a plain OPTIONS to the module', async () => {
    expect(
      (await world.send({ method: 'OPTIONS', path: '/saml/callback', headers: { 'X-Okapi-Tenant': 'shop' } }))
        .status,
    ).toBe(200);
  });

  it('§1.13 are answered by a module with delegateCORS through /_/invoke', async () => {
    const path = '/_/invoke/tenant/shop/saml/callback';
    const free = await world.send({
      method: 'OPTIONS',
      path,
      headers: { Origin: 'https://idp.example', 'Access-Control-Request-Method': 'GET' },
    });
    expect(free).toMatchObject({ status: 200, text: '' });
    expect(free.headers['access-control-allow-origin']).toBe('https://idp.example');
    expect(seen.at(-1)).toMatchObject({ method: 'OPTIONS', tenant: 'shop', userId: null });
    const called = await get({ Origin: 'https://idp.example' }, path);
    expect(called.headers['access-control-allow-origin']).toBe('https://idp.example');
  });

  it('§1.13 are told by the address that a trusted proxy says, when their module answers the preflight itself', async () => {
    const behind = await startWorld(map, [spyModule(things, seen, () => ({ status: 200, body: '' }))], {
      trustedProxies: ['127.0.0.0/8'],
    });
    try {
      behind.store.enable('shop', 'things-1.0.0');
      await behind.send({
        method: 'OPTIONS',
        path: '/_/invoke/tenant/shop/saml/callback',
        headers: {
          Origin: 'https://idp.example',
          'Access-Control-Request-Method': 'GET',
          'X-Forwarded-For': '198.51.100.1, 203.0.113.7',
        },
      });
      expect(seen.at(-1)?.headers['x-okapi-request-ip']).toBe('203.0.113.7');
    } finally {
      await behind.stop();
    }
  });

  describe('may not write with a cookie that the browser adds by itself', () => {
    const write = async (shown: Readonly<Record<string, string>>, method = 'POST'): Promise<number> => {
      const headers = { Cookie: `folioAccessToken=${world.token('shop')}`, Host: 'rum.example', ...shown };
      return (await world.send({ method, path: '/things', headers })).status;
    };

    it.each<[string, Readonly<Record<string, string>>, number]>([
      ['from another origin', { Origin: 'https://evil.example' }, 403],
      ['from a null origin', { Origin: 'null' }, 403],
      ['from a configured origin', { Origin: 'https://desk.example' }, 200],
      ['from our own', { Origin: 'https://rum.example' }, 200],
      ['from another site, without its origin', { 'Sec-Fetch-Site': 'cross-site' }, 403],
      ['from another host of our site, without its origin', { 'Sec-Fetch-Site': 'same-site' }, 403],
      [
        'from another site, as if it were ours',
        { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://rum.example' },
        403,
      ],
      [
        'from a configured origin, of another site',
        { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://desk.example' },
        200,
      ],
      ['from our own page', { 'Sec-Fetch-Site': 'same-origin' }, 200],
      ['from nobody knows where', {}, 403],
    ])('§1.13 %s', async (_, shown, status) => {
      expect(await write(shown)).toBe(status);
      expect(seen).toHaveLength(status === 200 ? 1 : 0);
    });

    it('§1.13 and reads with it from anywhere, as links do', async () => {
      expect(await write({ 'Sec-Fetch-Site': 'cross-site' }, 'GET')).toBe(200);
    });

    it('§1.13 and programs without cookies write as they always did', async () => {
      const headers = { 'X-Okapi-Token': world.token('shop'), 'Sec-Fetch-Site': 'cross-site' };
      expect((await world.send({ method: 'POST', path: '/things', headers })).status).toBe(200);
    });
  });
});
