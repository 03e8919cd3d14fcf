import { describe, expect, it } from 'vitest';
import { get, raw, seen, statusOf, world } from '../../../support/gateway-edge-world.ts';

/** Which headers of clients go on and which are refused. Every refusal is also a proof that no module was called. */

describe('headers of clients', () => {
  const internal = [
    'user-id',
    'permissions',
    'module-tokens',
    'module-permissions',
    'permissions-required',
    'extra-permissions',
    'filter',
    'url',
    'url-to',
    'match-path-pattern',
    'auth-result',
    'handler-result',
    'stop',
    'request-ip',
    'additional-token',
    'anything',
  ];

  it('§1.4 never reach a module when they are internal, in any spelling', async () => {
    const canary = 'canary-value';
    const spellings = (name: string): string[] => [
      `X-Okapi-${name}`,
      `x_okapi_${name.replaceAll('-', '_')}`,
      `X-OKAPI_${name.toUpperCase()}`,
    ];
    for (const name of internal)
      await get(['X-Okapi-Tenant', 'shop', ...spellings(name).flatMap((spelling) => [spelling, canary])]);
    expect(seen).toHaveLength(internal.length);
    for (const { headers } of seen) expect(JSON.stringify(headers)).not.toContain(canary);
  });

  it('§1.4 never say the tenant, token or forwarded address in another spelling', async () => {
    await get([
      'X-Okapi-Tenant',
      'shop',
      'x_okapi_tenant',
      'news',
      'X_Okapi_Token',
      'x',
      'X-Forwarded-For',
      '10.0.0.1',
      'x_forwarded_for',
      '10.0.0.1',
      'X-Real-IP',
      '10.0.0.1',
    ]);
    expect(seen[0]?.headers['x-okapi-tenant']).toBe('shop');
    expect(JSON.stringify(seen[0]?.headers)).not.toMatch(/news|10\.0\.0\.1/);
  });

  it.each([['X-Okapi-Tenant'], ['X-Okapi-Token'], ['Authorization'], ['Cookie'], ['X-Okapi-Request-Id']])(
    '§1.3 are refused when %s comes twice',
    async (name) => {
      const answer = await raw(
        `GET /things HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\n${name}: shop\r\n${name}: news\r\n\r\n`,
      );
      expect(statusOf(answer)).toBe(400);
      expect(seen).toEqual([]);
    },
  );

  it('§1.4 are refused when Connection names another header, and hop-by-hop headers are not forwarded', async () => {
    const named = await raw(
      'GET /things HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\nConnection: close, X-Okapi-Tenant\r\n\r\n',
    );
    expect(statusOf(named)).toBe(400);
    const kept = await raw(
      'GET /things HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\nConnection: keep-alive, TE\r\nTE: trailers\r\nKeep-Alive: timeout=5\r\nProxy-Authorization: x\r\n\r\n',
    );
    expect(statusOf(kept)).toBe(200);
    for (const name of ['connection', 'te', 'keep-alive', 'proxy-authorization'])
      expect(seen[0]?.headers[name]).toBeUndefined();
  });

  it('§1.14 are refused above one hundred', async () => {
    const many = Array.from({ length: 2_100 }, (_, index) => `A${index}: b\r\n`)
      .join('')
      .slice(0, 14_000);
    const answer = await raw(
      `GET /things HTTP/1.1\r\nHost: x\r\n${many.slice(0, many.lastIndexOf('\r\n') + 2)}X-Okapi-Tenant: shop\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(431);
    expect(seen).toEqual([]);
  });

  it('§1.4 leave Object.prototype alone', async () => {
    await get(['X-Okapi-Tenant', 'shop', '__proto__', 'x', 'constructor', 'y']);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers['constructor']).not.toBe('y');
  });

  it('§1.4 drop trailers', async () => {
    const answer = await raw(
      'POST /things HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\nTE: trailers\r\nTrailer: X-Okapi-Tenant\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Okapi-Tenant: news\r\n\r\n',
    );
    expect(statusOf(answer)).toBe(200);
    expect(seen[0]).toMatchObject({ tenant: 'shop', body: 'abc' });
  });

  it('§1.4 that name another host are followed by nothing: tenant, address for calls back, answer', async () => {
    const told = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
      const token = world.token('shop');
      const answer = await get({ 'X-Okapi-Token': token, ...headers }, '/secret');
      const call = seen.pop();
      const changing = /request-id|timestamp|okapi-token/;
      const fixed = (of: object): unknown =>
        Object.entries(of).filter(([name]) => !changing.test(name) && name !== 'date');
      return [answer.status, answer.text, fixed(answer.headers), call?.tenant, fixed(call?.headers ?? {})];
    };
    const plain = await told({ Host: `127.0.0.1:${world.port}` });
    expect(JSON.stringify(plain)).toContain(`"x-okapi-url","${world.url}"`);
    for (const headers of [
      { Host: 'evil.example' },
      { Host: 'news' },
      { 'X-Forwarded-Host': 'evil.example' },
      {
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'gopher',
        'X-Forwarded-Port': '1',
        'X-Forwarded-Prefix': '/x',
      },
      { Forwarded: 'host=evil.example;proto=http' },
    ])
      expect(await told({ Host: `127.0.0.1:${world.port}`, ...headers })).toEqual(plain);
  });

  it('§1.4 do not choose the address that modules are told', async () => {
    await get({ 'X-Okapi-Tenant': 'shop', 'X-Forwarded-For': '203.0.113.7' });
    expect(seen[0]?.headers['x-okapi-request-ip']).toMatch(/127\.0\.0\.1$/);
  });
});
