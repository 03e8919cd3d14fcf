import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { get, raw, seen, statusOf, world } from '../support/gateway-edge-world.ts';

/** What the public door takes and what it refuses. Every refusal is also a proof that no module was called. */

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

describe('request lines', () => {
  it.each([
    ['absolute form', 'GET http://evil.example/things HTTP/1.1\r\nHost: x\r\n'],
    ['websocket', 'GET /things HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'],
    [
      'h2c',
      'GET /things HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n',
    ],
    ['two lengths', 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n'],
    [
      'length and chunks',
      'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n',
    ],
    ['an odd coding', 'POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n'],
    ['a space before the colon', 'GET /things HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant : news\r\n'],
    ['a folded header', 'GET /things HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n'],
    ['no host', 'GET /things HTTP/1.1\r\n'],
    ['a dot segment', 'GET /things/../secret HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded dot segment', 'GET /things/%2e%2E/secret HTTP/1.1\r\nHost: x\r\n'],
    ['a dot segment with a parameter', 'GET /things/..;a=b/secret HTTP/1.1\r\nHost: x\r\n'],
    ['a backslash', 'GET /things\\..\\secret HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded backslash', 'GET /things%5c..%5csecret HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded letter', 'GET /%74hings HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded letter in an invoked path', 'GET /_/invoke/tenant/shop/thing%73 HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded digit', 'GET /things/%31 HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded hyphen', 'GET /things/a%2Db HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded dot', 'GET /things/a%2eb HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded underscore', 'GET /things/a%5Fb HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded tilde', 'GET /things/%7e HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded NUL', 'GET /things%00 HTTP/1.1\r\nHost: x\r\n'],
  ])('§1.11 are refused with %s', async (_what, head) => {
    expect(statusOf(await raw(`${head}X-Okapi-Tenant: shop\r\n\r\n`))).toBe(400);
    expect(seen).toEqual([]);
  });

  it('§1.14 close the connection at CONNECT', async () => {
    expect(statusOf(await raw('CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n'))).not.toBe(200);
  });

  it('§1.11 are refused with 414 above the limit', async () => {
    const answer = await get({ 'X-Okapi-Tenant': 'shop' }, `/things?${'x'.repeat(8_200)}`);
    expect(answer).toMatchObject({ status: 414, text: 'Your request URI is too long.' });
  });

  it('§1.5 go to the module byte by byte', async () => {
    const path = "/things/a%2Fb/c%20d//e/.../f..g/~'()!;x=1";
    await get({ 'X-Okapi-Tenant': 'shop' }, path);
    expect(seen[0]?.path).toBe(path);
  });

  it('§1.5 go to the module with every character that encodeURIComponent encodes, and with no other', async () => {
    const all = Array.from({ length: 0x17f }, (_, code) => String.fromCodePoint(code));
    const paths = all
      .filter((one) => one !== '\0' && one !== '\\')
      .map((one) => `/things/x${encodeURIComponent(one)}`);
    for (const path of paths) await get({ 'X-Okapi-Tenant': 'shop' }, path);
    expect(seen.map(({ path }) => path)).toEqual(paths);
  });

  it('§1.14 are answered in order when a thousand come in one packet', async () => {
    const one = 'GET /things HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\n\r\n';
    const socket = connect(world.port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    socket.write(one.repeat(1_000));
    await expect.poll(() => received.split('HTTP/1.1 200').length - 1, { timeout: 20_000 }).toBe(1_000);
    socket.destroy();
  });
});

describe('§1.11 errors', () => {
  it('§1.11 are plain text with a request id, and say nothing of the path', async () => {
    world.store.enable('bare', 'mod-auth-1.0.0');
    const answer = await get({ 'X-Okapi-Tenant': 'bare' }, '/no/such/<script>');
    expect(answer.status).toBe(404);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers['x-okapi-request-id']).toMatch(/^[0-9]{6}\/no$/);
    expect(answer.text).not.toContain('script');
  });

  it('§1.11 name the module without an instance', async () => {
    world.store.add({
      id: 'lost-1.0.0',
      provides: [
        {
          id: 'lost',
          version: '1.0',
          handlers: [{ methods: ['GET'], pathPattern: '/lost', permissionsRequired: [] }],
        },
      ],
    });
    world.store.enable('shop', 'lost-1.0.0');
    expect(await get({ 'X-Okapi-Tenant': 'shop' }, '/lost')).toMatchObject({
      status: 404,
      text: 'No running module instance found for lost-1.0.0',
    });
  });
});
