import { once } from 'node:events';
import { connect } from 'node:net';
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  authModule,
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from '../support/gateway-world.ts';

/** What the public door takes and what it refuses. Every refusal is also a proof that no module was called. */

const map = `
- user: { prefix: shop, expire: 2028-01-01 }
- user: { prefix: news, expire: 2028-01-01 }
- user: { prefix: closed, expire: 2020-01-01 }
- user: { prefix: noauth, expire: 2028-01-01 }
- user: { prefix: bare, expire: 2028-01-01 }
`;

const things = {
  id: 'things-1.0.0',
  provides: [
    {
      id: 'things',
      version: '1.0',
      handlers: [
        { methods: ['GET', 'POST', 'DELETE'], pathPattern: '/things*', permissionsRequired: [] },
        { methods: ['GET'], pathPattern: '/secret', permissionsRequired: ['secret.get'] },
        {
          methods: ['GET', 'OPTIONS'],
          pathPattern: '/saml/callback',
          permissionsRequired: [],
          delegateCORS: true,
        },
      ],
    },
  ],
};

let world: World;
const seen: Seen[] = [];
beforeEach(async () => {
  seen.length = 0;
  world = await startWorld(
    map,
    [
      authModule(() => ['secret.get']),
      spyModule(things, seen, (request) => ({
        status: 200,
        headers: { 'access-control-allow-origin': 'https://idp.example', 'x-method': request.method },
        body: 'ok',
      })),
    ],
    { corsOrigins: ['https://desk.example'] },
  );
  for (const tenant of ['shop', 'news', 'closed'])
    world.store.enable(tenant, 'mod-auth-1.0.0', 'things-1.0.0');
  world.store.enable('noauth', 'things-1.0.0');
});
afterEach(() => world.stop());

const get = (
  headers: Readonly<Record<string, string | readonly string[]>> | readonly string[],
  path = '/things',
): Promise<Received> => world.send({ path, headers });

/** Sends bytes as they are and gives what comes back until the server closes or `settledMs` pass without a byte. */
const raw = async (text: string): Promise<string> => {
  const socket = connect(world.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text, 'latin1');
  const closed = once(socket, 'close');
  await Promise.race([closed, expect.poll(() => received, { timeout: 3_000 }).toContain('HTTP/1.1')]);
  socket.destroy();
  return received;
};
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 ([0-9]+)/.exec(answer)?.[1] ?? 0);

describe('§1.3 token and tenant', () => {
  it.each([
    ['X-Okapi-Token', (token: string) => ({ 'X-Okapi-Token': token })],
    ['a bearer', (token: string) => ({ Authorization: `Bearer ${token}` })],
    ['a bare Authorization', (token: string) => ({ Authorization: token })],
    ['the cookie folioAccessToken', (token: string) => ({ Cookie: `a=b; folioAccessToken=${token}; c=d` })],
    [
      'two places that agree',
      (token: string) => ({ 'X-Okapi-Token': token, Authorization: `Bearer ${token}` }),
    ],
  ])('§1.3 are taken from %s', async (_place, headers) => {
    expect((await get(headers(world.token('shop')))).status).toBe(200);
    expect(seen[0]).toMatchObject({ tenant: 'shop', userId: 'user-1' });
    expect(seen[0]?.headers['authorization']).toBeUndefined();
  });

  it('§1.3 forwards the other cookies without the token', async () => {
    await get({ Cookie: `a=b; folioAccessToken=${world.token('shop')}; c=d` });
    expect(seen[0]?.headers['cookie']).toBe('a=b; c=d');
  });

  it.each([
    ['header and bearer', (a: string, b: string) => ({ 'X-Okapi-Token': a, Authorization: `Bearer ${b}` })],
    [
      'header and cookie',
      (a: string, b: string) => ({ 'X-Okapi-Token': a, Cookie: `folioAccessToken=${b}` }),
    ],
    ['two cookies', (a: string, b: string) => ({ Cookie: `folioAccessToken=${a}; folioAccessToken=${b}` })],
  ])('§1.3 are refused when %s differ', async (_places, headers) => {
    const answer = await get(headers(world.token('shop'), world.token('shop', 'user-2')));
    expect(answer).toMatchObject({
      status: 400,
      text: 'Different tokens in Authentication and X-Okapi-Token. Use only one of them',
    });
    expect(seen).toEqual([]);
  });

  it('§1.3 gives no tenant by default', async () => {
    expect(await get({})).toMatchObject({ status: 400, text: 'Missing header: X-Okapi-Tenant' });
    expect(seen).toEqual([]);
  });

  it('§1.3 takes no tenant from a token that nobody has verified', async () => {
    const payload = Buffer.from(JSON.stringify({ tenant: 'shop', sub: 'x' })).toString('base64url');
    expect((await get({ 'X-Okapi-Token': `eyJhbGciOiJIUzI1NiJ9.${payload}.c2ln` })).status).toBe(401);
    expect(await get({ 'X-Okapi-Token': 'nonsense' })).toMatchObject({
      status: 400,
      text: 'Invalid Token: Missing . separator for token',
    });
    expect(seen).toEqual([]);
  });

  it.each([['A, B'], ['A%00'], ['SHOP'], ['sh\u00f6p'], ['x'.repeat(300)], [''], ['unknown_one']])(
    '§1.3 refuses the tenant %j',
    async (tenant) => {
      const answer = await get({ 'X-Okapi-Tenant': tenant });
      expect(answer.status).toBe(400);
      expect(answer.text).toMatch(/^No such Tenant /);
      expect(answer.text.length).toBeLessThan(100);
      expect(seen).toEqual([]);
    },
  );

  it('§1.3 refuses an expired tenant like an unknown one', async () => {
    const closed = await get({ 'X-Okapi-Tenant': 'closed' });
    expect(closed).toMatchObject({ status: 400, text: 'No such Tenant closed' });
  });

  it('§4.5 refuses the token of another tenant without saying whether that tenant exists', async () => {
    const token = world.token('news');
    const shop = await get({ 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': token });
    const nobody = await get({ 'X-Okapi-Tenant': 'nobody', 'X-Okapi-Token': token });
    expect(shop.status).toBe(403);
    expect(nobody.status).toBe(403);
    expect(nobody.text.replace('nobody', 'shop')).toBe(shop.text);
    expect(seen).toEqual([]);
  });
});

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

describe('tokens', () => {
  const headerTenant = { 'X-Okapi-Tenant': 'shop' };
  const refused = async (token: string): Promise<void> => {
    expect((await get({ ...headerTenant, 'X-Okapi-Token': token }, '/secret')).status).toBe(401);
    expect(seen).toEqual([]);
  };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (head: object, payload: object, key: Uint8Array = new Uint8Array(32).fill(7)): string => {
    const input = `${part(head)}.${part(payload)}`;
    return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  };
  const payloadOf = (token: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

  it('§4.4 let a user in', async () => {
    expect((await get({ ...headerTenant, 'X-Okapi-Token': world.token('shop') }, '/secret')).status).toBe(
      200,
    );
  });

  it.each([
    ['no algorithm', { alg: 'none', typ: 'at+jwt' }],
    ['no algorithm in odd capitals', { alg: 'nOnE', typ: 'at+jwt' }],
    ['a path as kid', { alg: 'HS256', typ: 'at+jwt', kid: '../../dev/null' }],
    ['a key address', { alg: 'HS256', typ: 'at+jwt', jku: 'http://127.0.0.1:1/keys' }],
    ['its own key', { alg: 'HS256', typ: 'at+jwt', jwk: { kty: 'oct', k: 'AAAA' } }],
    ['a critical extension', { alg: 'HS256', typ: 'at+jwt', crit: ['exp'] }],
    ['another type', { alg: 'HS256', typ: 'JWT' }],
  ])('§4.4.3 are refused with %s in the header, even when the signature is right', async (_what, head) => {
    await refused(sign(head, payloadOf(world.token('shop'))));
  });

  it('§4.4.3 are refused with an empty, cut, foreign or re-spelled signature', async () => {
    const token = world.token('shop');
    const [head = '', payload = '', signature = ''] = token.split('.');
    await refused(`${head}.${payload}.`);
    await refused(`${head}.${payload}.${signature.slice(0, -2)}`);
    await refused(`${head}.${payload}.${signature}=`);
    await refused(sign({ alg: 'HS256', typ: 'at+jwt' }, payloadOf(token), new Uint8Array(32).fill(8)));
    const last = signature.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    await refused(`${head}.${payload}.${signature.slice(0, -1)}${alphabet[alphabet.indexOf(last) ^ 1]}`);
  });

  it('§4.4.3 are refused when they are cut, in five parts, huge or not base64url', async () => {
    const token = world.token('shop');
    await refused(token.slice(0, 40));
    await refused(`${token}.a.b`);
    await refused(`${'a'.repeat(9_000)}.b.c`);
    await refused(token.replaceAll('.', '/'));
    await refused(`${token.split('.')[0]}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.AA`);
  });

  it('§4.4.3 are refused when a claim is missing or of the wrong kind', async () => {
    const good = payloadOf(world.token('shop'));
    for (const change of [
      { iss: 'other' },
      { aud: 'things-1.0.0' },
      { type: 'module' },
      { exp: null },
      { user_id: 7 },
      { tenant: ['shop'] },
    ])
      await refused(sign({ alg: 'HS256', typ: 'at+jwt' }, { ...good, ...change }));
  });

  it('§4.4.6 are refused thirty seconds after their end and not before', async () => {
    const token = world.token('shop');
    world.clock.advance(600_000 + 29_000);
    expect((await get({ ...headerTenant, 'X-Okapi-Token': token }, '/secret')).status).toBe(200);
    seen.length = 0;
    world.clock.advance(2_000);
    await refused(token);
  });

  it('§4.4.3 of the refresh kind open nothing', async () => {
    await refused(
      world.tokens.mintRefresh({ tenant: 'shop', userId: 'user-1', subject: 'anna' }, 'id').token,
    );
  });

  it('§1.3 in the query are not looked at', async () => {
    expect((await get(headerTenant, `/secret?token=${world.token('shop')}`)).status).toBe(401);
    expect(seen).toEqual([]);
  });

  it('§1.8.2 do not help where the tenant has no auth filter: what asks for a permission is closed', async () => {
    const headers = { 'X-Okapi-Tenant': 'noauth' };
    expect((await get(headers, '/secret')).status).toBe(401);
    expect((await get({ ...headers, 'X-Okapi-Token': world.token('noauth') }, '/secret')).status).toBe(403);
    expect(seen).toEqual([]);
    expect((await get(headers)).status).toBe(200);
  });

  it('§1.8.1 of a user are never shown to a module', async () => {
    const token = world.token('shop');
    await get({ 'X-Okapi-Token': token });
    expect(JSON.stringify(seen)).not.toContain(token);
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
