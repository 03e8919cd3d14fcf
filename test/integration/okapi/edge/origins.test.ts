import { describe, expect, it } from 'vitest';
import { get, map, seen, things, world } from '../../../support/gateway-edge-world.ts';
import { spyModule, startWorld } from '../../../support/gateway-world.ts';

/** Pages of other origins. Every refusal is also a proof that no module was called. */

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
