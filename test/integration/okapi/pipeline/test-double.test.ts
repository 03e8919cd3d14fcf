import { afterEach, describe, expect, it } from 'vitest';
import type { Module, ModuleRequest, ModuleResponse } from '#gateway/contract';
import {
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from '../../../support/gateway-world.ts';

/** The auth module of Okapi's own tests: tokens that nobody signs, and the permissions are in them. It knows no tenants. */
describe("the double of Okapi's own tests", () => {
  let world: World;
  const seen: Seen[] = [];
  afterEach(async () => {
    seen.length = 0;
    await world.stop();
  });

  const dummyJwt = (payload: object): string =>
    `dummyJwt.${Buffer.from(JSON.stringify(payload)).toString('base64')}.sig`;

  const check = ({ headers }: ModuleRequest): ModuleResponse => {
    const required = (headers['x-okapi-permissions-required'] ?? '').split(',').filter((name) => name !== '');
    const token = headers['x-okapi-token'];
    if (token === undefined)
      return required.length === 0
        ? { status: 202 }
        : { status: 401, body: `Permissions required: ${required.join(',')}` };
    const [head, payload = ''] = token.split('.');
    if (head !== 'dummyJwt') return { status: 400, body: 'Auth.check: Bad JWT' };
    const { sub, permissions = [] } = JSON.parse(Buffer.from(payload, 'base64').toString()) as {
      sub: string;
      permissions?: readonly string[];
    };
    const missing = required.find((name) => !permissions.includes(name));
    if (missing !== undefined) return { status: 403, body: `Call requires permission ${missing}` };
    const desired = (headers['x-okapi-permissions-desired'] ?? '').split(',');
    return {
      status: 202,
      headers: {
        'X-Okapi-Permissions': JSON.stringify(permissions.filter((name) => desired.includes(name))),
        'X-Okapi-User-Id': sub,
        'X-Okapi-Module-Tokens': JSON.stringify({ _: token }),
      },
    };
  };
  const login: Module = spyModule(
    {
      id: 'test-auth-1.0.0',
      provides: [
        {
          id: 'auth',
          version: '1.0',
          handlers: [{ methods: ['POST'], pathPattern: '/authn/login', permissionsRequired: [] }],
        },
      ],
      filters: [{ methods: ['*'], pathPattern: '/*', phase: 'auth', type: 'headers' }],
    },
    [],
    (request, body) => {
      // As a filter it gets no body.
      if (body === '') return check(request);
      const { tenant, username, password } = JSON.parse(body) as Record<string, string>;
      if (password !== `${username}-password`) return { status: 401, body: 'Wrong username or password' };
      const token = dummyJwt({ sub: username, tenant, permissions: ['sample.get', 'sample.more'] });
      return { status: 200, headers: { 'X-Okapi-Token': token }, body };
    },
  );

  const start = async (): Promise<void> => {
    const handler = {
      methods: ['GET'],
      pathPattern: '/sample',
      permissionsRequired: ['sample.get'],
      permissionsDesired: ['sample.more', 'sample.other'],
    };
    const admin = { methods: ['GET'], pathPattern: '/admin', permissionsRequired: ['admin.all'] };
    world = await startWorld(
      '- user: { prefix: shop, expire: 2028-01-01 }',
      [
        login,
        spyModule(
          { id: 'sample-1.0.0', provides: [{ id: 'sample', version: '1.0', handlers: [handler, admin] }] },
          seen,
        ),
      ],
      {},
      'remote',
    );
    world.store.enable('shop', 'test-auth-1.0.0', 'sample-1.0.0');
  };
  const ask = (path: string, token?: string): Promise<Received> =>
    world.send({
      path,
      headers: { 'X-Okapi-Tenant': 'shop', ...(token === undefined ? {} : { 'X-Okapi-Token': token }) },
    });
  const signIn = (password: string): Promise<Received> =>
    world.send({
      method: 'POST',
      path: '/authn/login',
      headers: { 'X-Okapi-Tenant': 'shop' },
      body: JSON.stringify({ tenant: 'shop', username: 'peter', password }),
    });

  it('§4.10 signs in, and its token opens what its permissions say', async () => {
    await start();
    const answer = await signIn('peter-password');
    expect(answer.status).toBe(200);
    const token = String(answer.headers['x-okapi-token']);
    expect((await ask('/sample', token)).status).toBe(200);
    expect(seen[0]?.headers).toMatchObject({
      'x-okapi-token': token,
      'x-okapi-user-id': 'peter',
      'x-okapi-permissions': '["sample.more"]',
      'x-okapi-tenant': 'shop',
    });
    expect(await ask('/admin', token)).toMatchObject({
      status: 403,
      text: 'Call requires permission admin.all',
    });
    expect(seen).toHaveLength(1);
  });

  it('§4.10 refuses in its own words, and no module is called', async () => {
    await start();
    expect((await signIn('guess')).status).toBe(401);
    expect(await ask('/sample')).toMatchObject({ status: 401, text: 'Permissions required: sample.get' });
    expect(await ask('/sample', 'a.b.c')).toMatchObject({ status: 400, text: 'Auth.check: Bad JWT' });
    expect(seen).toEqual([]);
  });
});
