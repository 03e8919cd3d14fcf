import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { get, seen, world } from '../../../support/gateway-edge-world.ts';

/** Which tokens and tenants the public door takes and which it refuses. Every refusal is also a proof that no module was called. */

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
    ['a query as kid', { alg: 'HS256', typ: 'at+jwt', kid: "x' UNION SELECT 1 --" }],
    ['a kid of ten thousand characters', { alg: 'HS256', typ: 'at+jwt', kid: 'k'.repeat(10_000) }],
    ['a kid that nobody knows', { alg: 'HS256', typ: 'at+jwt', kid: '2' }],
    ['a certificate address', { alg: 'HS256', typ: 'at+jwt', x5u: 'http://127.0.0.1:1/certificate' }],
    ['its own certificate', { alg: 'HS256', typ: 'at+jwt', x5c: ['MIIB'] }],
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

  it('§4.4.3 are refused in the other alphabet of Base64, with padding, and with a payload that is no object', async () => {
    const signed = (payload: string): string => {
      const input = `${part({ alg: 'HS256', typ: 'at+jwt' })}.${Buffer.from(payload).toString('base64url')}`;
      return `${input}.${createHmac('sha256', new Uint8Array(32).fill(7)).update(input).digest('base64url')}`;
    };
    // One whose signature has a character that the two alphabets write differently.
    let token = world.token('shop');
    for (let user = 0; !/[-_]/.test(token.split('.')[2] ?? ''); user += 1)
      token = world.token('shop', `user-${user}`);
    const [head = '', payload = '', signature = ''] = token.split('.');
    await refused(`${head}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}`);
    await refused(`${head}.${payload}==.${signature}`);
    for (const text of ['null', '[]', '"shop"', '{', '{"__proto__":{"tenant":"shop","user_id":"user-1"}}'])
      await refused(signed(text));
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
