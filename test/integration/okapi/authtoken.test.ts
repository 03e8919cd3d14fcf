import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPeople, asking, PASSWORD, type Person } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { poll } from '../../support/poll.ts';
import type { SystemModule } from '../../support/system-module.ts';

/** A user of `member` may be executed for `central`; `other` is a stranger. */
const MAP = `
- user: { prefix: central, expire: 2035-01-01 }
- user: { prefix: member, expire: 2035-01-01 }
- user: { prefix: other, expire: 2035-01-01 }
- user: { prefix: library, expire: 2035-01-01 }
- relation: { tenant: member, executes_as: central, modules: [notes, signer], permissions: ['*'], expire: 2034-01-01 }
- relation: { tenant: library, executes_as: central, modules: [signer], permissions: ['*'], requires_account: true, expire: 2034-01-01 }
`;

let world: OkapiWorld;
let signer: SystemModule;
let admin: Person;
let mia: Person;
beforeAll(async () => {
  world = await startOkapiWorld(MAP);
  signer = await world.run(
    {
      id: 'signer-1.0.0',
      provides: [
        {
          id: 'signer',
          version: '1.0',
          handlers: [
            {
              methods: ['GET'],
              pathPattern: '/sign',
              permissionsRequired: [],
              permissionsDesired: ['notes.*', 'users.item.get'],
              modulePermissions: ['auth.token.sign.post', 'auth.signtoken', 'auth.signrefreshtoken'],
            },
            { methods: ['GET'], pathPattern: '/plain', permissionsRequired: [] },
          ],
        },
      ],
    },
    () => ({ status: 200, body: 'ok' }),
  );
  for (const tenant of ['central', 'member'])
    await world.must('POST', `/_/proxy/tenants/${tenant}/modules`, { id: 'signer-1.0.0' });
  signer.told();
  [admin, mia] = await addPeople(
    world,
    {
      tenant: 'member',
      username: 'admin',
      permissions: [
        'users.all',
        'notes.item.get',
        'auth.token.sign.post',
        'auth.signtoken',
        'auth.signrefreshtoken',
      ],
    },
    { tenant: 'member', username: 'mia', permissions: ['notes.item.get', 'users.item.get'] },
  );
});
afterAll(() => world?.remove());

const nobody = (tenant = 'member') => asking(world.url, tenant);
/** The token that a module got while it answered this. */
const moduleToken = async (path: string, person = mia): Promise<string> => {
  expect((await person.ask('GET', path)).status).toBe(200);
  return String(signer.calls.at(-1)?.headers['x-okapi-token']);
};
const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
const signIn = async (): Promise<Record<string, string>> => {
  const answer = await nobody()('POST', '/authn/login', { username: 'mia', password: PASSWORD });
  expect(answer.status).toBe(201);
  return answer.json();
};

describe('§4.1 where tokens are made', () => {
  test.each([
    ['/token', 'auth.signtoken'],
    ['/refreshtoken', 'auth.signrefreshtoken'],
    ['/token/sign', 'auth.token.sign.post'],
  ])('§4.1 %s is refused to a user who holds the permission himself', async (path, permission) => {
    const answer = await admin.ask('POST', path, { payload: { sub: 'mia', user_id: mia.id } });
    expect([answer.status, answer.text]).toEqual([
      401,
      `Missing required module-level permissions for endpoint '${path}': ${permission}`,
    ]);
  });

  test('§4.1 /token/sign is refused to a module whose entry does not have the permission', async () => {
    const token = await moduleToken('/plain');
    const body = { payload: { sub: 'mia', user_id: mia.id } };
    const answer = await asking(world.url, 'member', token)('POST', '/token/sign', body);
    expect([answer.status, answer.text]).toEqual([401, expect.stringContaining('module-level permissions')]);
  });

  test('§4.3 /token/sign gives a module a pair for a user of the tenant that it runs in: 201', async () => {
    const token = await moduleToken('/sign');
    const body = { payload: { sub: 'mia', user_id: mia.id, extra_permissions: ['users.all'] } };
    const answer = await asking(world.url, 'member', token)('POST', '/token/sign', body);
    expect(answer.status).toBe(201);
    const pair = answer.json<Record<string, string>>();
    expect(Object.keys(pair).toSorted()).toEqual([
      'accessToken',
      'accessTokenExpiration',
      'refreshToken',
      'refreshTokenExpiration',
      'tenantId',
    ]);
    expect(claimsOf(pair['accessToken'] ?? '')).toMatchObject({
      type: 'access',
      tenant: 'member',
      sub: 'mia',
    });
    expect(claimsOf(pair['accessToken'] ?? '')).not.toHaveProperty('extra_permissions');
    expect((await asking(world.url, 'member', pair['accessToken'])('GET', `/users/${mia.id}`)).status).toBe(
      200,
    );
  });

  test('§4.6 /token/sign makes a token of the tenant that the module runs in, whatever the payload says', async () => {
    const token = await moduleToken('/sign');
    const payload = { sub: 'mia', user_id: mia.id, tenant: 'central', type: 'module', aud: 'x' };
    const answer = await asking(world.url, 'member', token)('POST', '/token/sign', { payload });
    const { accessToken = '', tenantId } = answer.json<Record<string, string>>();
    expect([answer.status, tenantId, claimsOf(accessToken)['tenant']]).toEqual([201, 'member', 'member']);
    const elsewhere = await asking(world.url, 'central', token)('POST', '/token/sign', { payload });
    expect([elsewhere.status, elsewhere.text]).toEqual([403, expect.stringContaining('central')]);
  });

  test('§4.3 /token/sign makes no dummy tokens, which hold what their maker likes: 400', async () => {
    const token = await moduleToken('/sign');
    for (const path of ['/token/sign', '/token'])
      for (const payload of [
        { sub: 'x', dummy: true, extra_permissions: ['users.all'] },
        { sub: 'x', user_id: mia.id, dummy: true },
      ]) {
        const answer = await asking(world.url, 'member', token)('POST', path, { payload });
        expect([answer.status, answer.text]).toEqual([
          400,
          expect.stringContaining('Dummy tokens are not made'),
        ]);
      }
  });

  test('§4.1 /token and /refreshtoken make the older ones, and name what is missing: 422', async () => {
    const ask = asking(world.url, 'member', await moduleToken('/sign'));
    const made = await ask('POST', '/token', { payload: { sub: 'mia', user_id: mia.id } });
    const { token } = made.json<{ token: string }>();
    expect([made.status, made.headers.get('x-okapi-token')]).toEqual([201, token]);
    const refresh = await ask('POST', '/refreshtoken', { sub: 'mia', userId: mia.id });
    expect(refresh.status).toBe(201);
    const again = await nobody()('POST', '/refresh', refresh.json());
    expect([again.status, Object.keys(again.json<object>())]).toEqual([201, ['token']]);
    for (const [path, body] of [
      ['/token', { payload: { sub: 'mia' } }],
      ['/token/sign', { payload: { user_id: 'x' } }],
      ['/token/sign', {}],
      ['/refreshtoken', { sub: 'mia' }],
    ] as const)
      expect((await ask('POST', path, body)).status, path).toBe(422);
  });
});

describe('§4.3 refresh and end', () => {
  test('§4.3 /token/refresh gives a new pair, once; the second use ends all sessions of the user', async () => {
    const { refreshToken } = await signIn();
    const first = await nobody()('POST', '/token/refresh', { refreshToken });
    expect([first.status, Object.keys(first.json<object>())]).toEqual([
      201,
      expect.arrayContaining(['accessToken', 'refreshToken', 'tenantId']),
    ]);
    const next = first.json<Record<string, string>>();
    const reused = await nobody()('POST', '/token/refresh', { refreshToken });
    expect([reused.status, reused.text]).toEqual([401, 'Invalid token']);
    expect((await nobody()('POST', '/token/refresh', { refreshToken: next['refreshToken'] })).status).toBe(
      401,
    );
    const revoked = await asking(world.url, 'member', next['accessToken'])('GET', `/users/${mia.id}`);
    expect([revoked.status, revoked.text]).toEqual([401, 'Invalid token: it has been revoked']);
  });

  test.each(['/token/refresh', '/refresh', '/token/invalidate'])(
    '§4.3 %s takes no access token, nothing of another tenant, nothing made up',
    async (path) => {
      const { accessToken, refreshToken } = await signIn();
      for (const [tenant, token] of [
        ['member', accessToken],
        ['central', refreshToken],
        ['other', refreshToken],
        ['member', 'a.b.c'],
        ['member', `${refreshToken}x`],
      ] as const) {
        const answer = await nobody(tenant)('POST', path, { refreshToken: token });
        expect([answer.status, answer.text]).toEqual([401, 'Invalid token']);
      }
      expect((await nobody()('POST', path, {})).status).toBe(422);
      expect((await nobody()('POST', '/token/refresh', { refreshToken })).status).toBe(201);
    },
  );

  test('§4.3 /token/invalidate ends the session of the refresh token and no other: 204', async () => {
    const [one, two] = [await signIn(), await signIn()];
    const ended = await nobody()('POST', '/token/invalidate', { refreshToken: one['refreshToken'] });
    expect([ended.status, ended.text]).toEqual([204, '']);
    const revoked = await asking(world.url, 'member', one['accessToken'])('GET', `/users/${mia.id}`);
    expect([revoked.status, revoked.text]).toEqual([401, 'Invalid token: it has been revoked']);
    expect((await asking(world.url, 'member', two['accessToken'])('GET', `/users/${mia.id}`)).status).toBe(
      200,
    );
    expect((await nobody()('POST', '/token/refresh', { refreshToken: two['refreshToken'] })).status).toBe(
      201,
    );
    expect((await nobody()('POST', '/token/refresh', { refreshToken: one['refreshToken'] })).status).toBe(
      401,
    );
  });

  test('§4.3 /token/invalidate-all ends all of the caller: 204, and nothing for nobody: 401', async () => {
    const [one, two] = [await signIn(), await signIn()];
    expect((await nobody()('POST', '/token/invalidate-all')).status).toBe(401);
    const as = asking(world.url, 'member', one['accessToken']);
    expect((await as('POST', '/token/invalidate-all')).status).toBe(204);
    for (const { refreshToken } of [one, two])
      expect((await nobody()('POST', '/token/refresh', { refreshToken })).status).toBe(401);
    expect((await as('GET', `/users/${mia.id}`)).status).toBe(401);
  });
});

describe('§4.4 each request', () => {
  const notes = '/notes/1c3bd7b1-8a4c-4a0a-9d27-0f7dc5a0a111';
  /** Somebody whose sessions no other test ends. */
  const fresh = async (username: string, permissions: string[]): Promise<Person> =>
    (await addPeople(world, { tenant: 'member', username, permissions }))[0] as Person;

  test('§4.4.1 without a tenant: 400', async () => {
    const answer = await fetch(`${world.url}/users`);
    expect([answer.status, await answer.text()]).toEqual([400, 'Missing header: X-Okapi-Tenant']);
  });

  test('§4.4.2 without a token reaches what needs no permission, and nothing else: 400', async () => {
    expect((await nobody()('GET', '/plain')).status).toBe(200);
    const answer = await nobody()('GET', '/users');
    expect([answer.status, answer.text]).toEqual([
      400,
      'Token missing, access requires permission: users.collection.get',
    ]);
  });

  test('§4.4.3 with a token that is broken, of a wrong signature or kind: 401', async () => {
    const { accessToken = '', refreshToken = '' } = await signIn();
    const [head, claims] = accessToken.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of ['x', 'a.b.c', `${head}.${claims}.`, `${none}.${claims}.`, refreshToken]) {
      const answer = await asking(world.url, 'member', token)('GET', '/plain');
      expect([answer.status, answer.text], token).toEqual([401, 'Invalid token']);
    }
  });

  test('§4.9 §4.4.4 the user of the token counts, whatever X-Okapi-User-Id says', async () => {
    const person = await fresh('uma', []);
    const header = { 'x-okapi-user-id': admin.id ?? '' };
    await person.ask('GET', '/plain', undefined, header);
    expect(signer.calls.at(-1)?.headers['x-okapi-user-id']).toBe(person.id);
    await nobody()('GET', '/plain', undefined, header);
    expect(signer.calls.at(-1)?.headers).not.toHaveProperty('x-okapi-user-id');
  });

  test('§4.5 §4.4.5 of another tenant without a relation: 403, for a tenant that is there and one that is not', async () => {
    const person = await fresh('vera', ['notes.item.get']);
    const answers = await Promise.all(
      ['other', 'central_none'].map((tenant) =>
        person.ask('GET', notes, undefined, { 'x-okapi-tenant': tenant }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(answers[0]?.text.replaceAll('other', 'T')).toBe(answers[1]?.text.replaceAll('central_none', 'T'));
  });

  test('§4.8 of another tenant by a relation: the module has tenant, token and origin of it', async () => {
    const person = await fresh('wim', ['notes.item.get', 'users.item.get']);
    const answer = await person.ask('GET', '/sign', undefined, { 'x-okapi-tenant': 'central' });
    expect(answer.status).toBe(200);
    const headers = signer.calls.at(-1)?.headers ?? {};
    expect(headers['x-okapi-tenant']).toBe('central');
    expect(claimsOf(String(headers['x-okapi-token']))).toMatchObject({ type: 'module', tenant: 'central' });
    expect(headers['x-okapi-user-id']).toBe(person.id);
  });

  test('§6.8.24 by a relation that asks for an account: 403 without one there, also where no permission is needed', async () => {
    const [pat, keeper] = await addPeople(
      world,
      { tenant: 'library', username: 'pat', permissions: ['notes.item.get'] },
      { tenant: 'central', username: 'keeper', permissions: ['users.all'] },
    );
    const refused = [403, `Access for user 'pat' (${pat.id}) requires an account in central`];
    const ask = () => pat.ask('GET', '/plain', undefined, { 'x-okapi-tenant': 'central' });
    const before = await ask();
    expect([before.status, before.text]).toEqual(refused);
    // Somebody of the central tenant with the same id, and the shadow of another tenant's user, are others.
    for (const other of [
      { type: 'staff' },
      { type: 'shadow', customFields: { originaltenantid: 'member' } },
    ]) {
      const made = await keeper.ask('POST', '/users', { id: pat.id, username: 'pat', ...other });
      expect(made.status, made.text).toBe(201);
      const answer = await ask();
      expect([answer.status, answer.text]).toEqual(refused);
      expect((await keeper.ask('DELETE', `/users/${pat.id}`)).status).toBe(204);
    }
    const shadow = { type: 'shadow', customFields: { originaltenantid: 'library' } };
    expect((await keeper.ask('POST', '/users', { id: pat.id, username: 'pat', ...shadow })).status).toBe(201);
    await poll('the account is seen', async () => (await ask()).status === 200);
    expect(signer.calls.at(-1)?.headers).toMatchObject({ 'x-okapi-tenant': 'central' });
  });

  test('§4.4.8 of a user who is inactive, or is not there any more: 401', async () => {
    const person = await fresh('xena', ['notes.item.get']);
    const path = `/users/${person.id}`;
    expect((await person.ask('GET', notes)).status).toBe(404);
    expect((await admin.ask('PUT', path, { username: 'xena', active: false })).status).toBe(204);
    const inactive = await person.ask('GET', notes);
    expect([inactive.status, inactive.text]).toEqual([
      401,
      `Invalid token: user with id ${person.id} is not active`,
    ]);
    expect((await admin.ask('DELETE', path)).status).toBe(204);
    const gone = await person.ask('GET', notes);
    expect([gone.status, gone.text]).toEqual([
      401,
      `Invalid token: User with id ${person.id} does not exist`,
    ]);
  });

  test('§4.4.10 without a permission that the entry requires: 403, and it is named', async () => {
    const person = await fresh('yan', ['notes.item.post']);
    const answer = await person.ask('GET', notes);
    expect([answer.status, answer.text]).toEqual([
      403,
      `Access for user 'yan' (${person.id}) requires permission: notes.item.get`,
    ]);
  });

  test('§4.4.11 tells the module the user and which required and desired permissions he holds', async () => {
    const person = await fresh('zoe', ['notes.item.get', 'users.item.get', 'users.item.put']);
    await person.ask('GET', '/sign');
    const headers = signer.calls.at(-1)?.headers ?? {};
    expect(headers['x-okapi-user-id']).toBe(person.id);
    expect((JSON.parse(String(headers['x-okapi-permissions'])) as string[]).toSorted()).toEqual([
      'notes.item.get',
      'users.item.get',
    ]);
    expect(headers['x-okapi-token']).not.toBe(person.token);
  });

  test('§4.2 Authtoken-Refresh-Cache of a client does nothing', async () => {
    const person = await fresh('quin', ['notes.item.get']);
    const answer = await person.ask('GET', notes, undefined, { 'authtoken-refresh-cache': 'true' });
    expect(answer.status).toBe(404);
  });
});
