import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from '../../../support/gateway-world.ts';

/** An auth filter over HTTP, of which the gateway knows no more than its answers. */
describe('a remote auth filter of another maker', () => {
  let world: World;
  const seen: Seen[] = [];
  afterEach(async () => {
    seen.length = 0;
    await world.stop();
  });
  const foreign = (payload: object): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const input = `${part({ alg: 'HS256' })}.${part(payload)}`;
    return `${input}.${createHmac('sha256', 'their key').update(input).digest('base64url')}`;
  };
  const clientToken = foreign({ tenant: 'shop', sub: 'anna', user_id: 'u-7' });
  const moduleToken = foreign({ tenant: 'shop', sub: 'anna', user_id: 'u-7', module: 'a' });

  const start = async (moduleTokens: object, status = 202): Promise<void> => {
    const handler = {
      methods: ['GET'],
      pathPattern: '/a',
      permissionsRequired: ['a.get'],
      modulePermissions: ['b.get'],
    };
    world = await startWorld(
      '- user: { prefix: shop, expire: 2028-01-01 }\n- user: { prefix: news, expire: 2028-01-01 }',
      [
        spyModule({ id: 'a-1.0.0', provides: [{ id: 'a', version: '1.0', handlers: [handler] }] }, seen),
        spyModule(
          {
            id: 'auth-1.0.0',
            filters: [{ methods: ['*'], pathPattern: '/*', phase: 'auth', type: 'headers' }],
          },
          seen,
          () => ({
            status,
            headers: {
              'X-Okapi-Module-Tokens': JSON.stringify(moduleTokens),
              'X-Okapi-User-Id': 'u-7',
              'X-Okapi-Permissions': '["a.get"]',
              'X-Okapi-Token': clientToken,
            },
            body: status === 202 ? '' : 'Invalid token',
          }),
        ),
      ],
      {},
      'remote',
    );
    world.store.enable('shop', 'a-1.0.0', 'auth-1.0.0');
  };
  const send = (headers: Record<string, string> = {}): Promise<Received> =>
    world.send({
      path: '/a',
      headers: { 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': clientToken, ...headers },
    });

  it('§1.8.5 gets the token of the client, and the handler the module token, user and permissions that it says', async () => {
    await start({ 'a-1.0.0': moduleToken, _: clientToken });
    expect((await send()).status).toBe(200);
    const [auth, a] = seen;
    expect(auth?.headers['x-okapi-token']).toBe(clientToken);
    expect(a?.headers).toMatchObject({
      'x-okapi-token': moduleToken,
      'x-okapi-user-id': 'u-7',
      'x-okapi-permissions': '["a.get"]',
    });
    expect(a?.headers['x-okapi-module-tokens']).toBeUndefined();
  });

  it('§1.8.1 gets no token of a client that has none', async () => {
    await start({ 'a-1.0.0': moduleToken });
    expect((await world.send({ path: '/a', headers: { 'X-Okapi-Tenant': 'shop' } })).status).toBe(200);
    expect(seen[0]?.headers['x-okapi-token']).toBeUndefined();
    expect(seen[1]?.headers['x-okapi-token']).toBe(moduleToken);
  });

  it('§1.8.5 gives other modules the default token', async () => {
    await start({ _: clientToken });
    await send();
    expect(seen[1]?.headers['x-okapi-token']).toBe(clientToken);
  });

  it('§1.8.5 cannot give a module a token of another tenant', async () => {
    await start({ 'a-1.0.0': foreign({ tenant: 'news', sub: 'x' }) });
    expect((await send()).status).toBe(200);
    const token = seen[1]?.headers['x-okapi-token'] ?? '';
    expect(world.tokens.verify(token)).toMatchObject({
      claims: { kind: 'module', tenant: 'shop', module: 'a-1.0.0' },
    });
  });

  it('§1.8.6 refuses with its own status and text, and nothing of its tokens gets out', async () => {
    await start({ 'a-1.0.0': moduleToken }, 403);
    const answer = await send();
    expect(answer).toMatchObject({ status: 403, text: 'Invalid token' });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-okapi'))).toEqual([
      'x-okapi-request-id',
    ]);
    expect(seen).toHaveLength(1);
  });

  it('§1.6 is asked by tenants that have it enabled only: elsewhere its tokens are nothing', async () => {
    await start({ 'a-1.0.0': moduleToken });
    world.store.enable('news', 'a-1.0.0');
    expect((await send({ 'X-Okapi-Tenant': 'news' })).status).toBe(401);
    const { 'X-Okapi-Tenant': _tenant, ...without } = { 'X-Okapi-Tenant': '', 'X-Okapi-Token': clientToken };
    expect((await world.send({ path: '/a', headers: without })).status).toBe(401);
    expect(seen).toEqual([]);
  });
});
