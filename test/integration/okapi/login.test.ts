import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminAnswer } from '../../support/admin-client.ts';
import { addPeople, asking, PASSWORD, type Person } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

/** Two members of a consortium, one that has left, and one that never was in it. */
const MAP = `
- user: { prefix: central, expire: 2035-01-01 }
- user: { prefix: member, expire: 2035-01-01 }
- user: { prefix: second, expire: 2035-01-01 }
- user: { prefix: gone, expire: 2020-01-01 }
- user: { prefix: loner, expire: 2035-01-01 }
- relation: { tenant: member, executes_as: central, modules: [notes] }
- relation: { tenant: central, executes_as: [second], modules: [notes] }
- relation: { tenant: gone, executes_as: central, modules: [notes] }
- relation: { tenant: loner, executes_as: central, modules: [notes], expire: 2020-01-01 }
`;

let world: OkapiWorld;
let admin: Person;
let people: readonly Person[];
beforeAll(async () => {
  world = await startOkapiWorld(MAP);
  people = await addPeople(
    world,
    { tenant: 'central', username: 'admin', permissions: ['user-tenants.all', 'users.all'] },
    { tenant: 'member', username: 'mia', permissions: [] },
    { tenant: 'second', username: 'sam', permissions: [] },
    { tenant: 'loner', username: 'lou', permissions: [] },
    { tenant: 'central', username: 'both', permissions: [] },
    { tenant: 'member', username: 'both', permissions: [] },
  );
  admin = people[0] as Person;
});
afterAll(() => world?.remove());

const idOf = (tenant: string, name: string): string =>
  people.find(({ tenant: own, username }) => own === tenant && username === name)?.id ?? '';
const login = (tenant: string, body: unknown, path = '/authn/login'): Promise<AdminAnswer> =>
  asking(world.url, tenant)('POST', path, body);
const affiliate = async (tenantId: string, username: string, userId = idOf(tenantId, username)) => {
  const affiliation = { userId, username, tenantId, centralTenantId: 'central' };
  expect((await admin.ask('POST', '/user-tenants', affiliation)).status).toBe(201);
};
const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('§5.5 POST /authn/login', () => {
  test('§4.3 gives a pair with its ends, and the access token in X-Okapi-Token', async () => {
    const answer = await login('member', { username: 'mia', password: PASSWORD });
    expect(answer.status).toBe(201);
    const pair = answer.json<Record<string, string>>();
    expect(pair).toMatchObject({ tenantId: 'member' });
    expect(answer.headers.get('x-okapi-token')).toBe(pair['accessToken']);
    expect(claimsOf(pair['accessToken'] ?? '')).toMatchObject({
      type: 'access',
      tenant: 'member',
      sub: 'mia',
      user_id: idOf('member', 'mia'),
    });
    const lives = ['accessTokenExpiration', 'refreshTokenExpiration'].map((name) =>
      Math.round((Date.parse(pair[name] ?? '') - Date.now()) / 60_000),
    );
    expect(lives).toEqual([10, 7 * 24 * 60]);
  });

  test('§4.3 /authn/login-with-expiry gives it in cookies, the refresh token for /authn alone', async () => {
    const answer = await login('member', { username: 'mia', password: PASSWORD }, '/authn/login-with-expiry');
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.json<object>()).toSorted()).toEqual([
      'accessTokenExpiration',
      'refreshTokenExpiration',
      'tenantId',
    ]);
    const [access, refresh] = answer.headers.getSetCookie();
    expect(access).toMatch(/^folioAccessToken=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/);
    expect(refresh).toMatch(
      /^folioRefreshToken=[^;]+; Path=\/authn; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test('§5.5 takes the user id instead of the name; both must be of one user', async () => {
    const userId = idOf('member', 'mia');
    expect((await login('member', { userId, password: PASSWORD })).status).toBe(201);
    expect((await login('member', { userId, username: 'mia', password: PASSWORD })).status).toBe(201);
    expect((await login('member', { userId, username: 'both', password: PASSWORD })).status).toBe(422);
    expect((await login('second', { userId, password: PASSWORD })).status).toBe(422);
  });

  test.each([
    [{}, 'You must provide a username or userId'],
    [{ password: PASSWORD }, 'You must provide a username or userId'],
    [{ username: 'mia' }, 'You must provide a password'],
    [{ userId: 'x' }, 'You must provide a password'],
  ])('§5.5 says what is missing: %j', async (body, text) => {
    for (const path of ['/authn/login', '/authn/login-with-expiry']) {
      const answer = await login('member', body, path);
      expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([
        400,
        'text/plain',
        text,
      ]);
    }
  });

  test('§5.5 says the same for a name that is not there and a password that is wrong', async () => {
    const answers = [
      await login('member', { username: 'nobody', password: PASSWORD }),
      await login('member', { username: 'mia', password: 'not the password' }),
      await login('member', { userId: 'x', password: PASSWORD }),
    ];
    const inWords = answers.map((answer) => {
      const [error] = answer.json<{ errors: { message: string; code: string; parameters: object[] }[] }>()
        .errors;
      return [answer.status, error?.message, error?.code, error?.parameters];
    });
    const wrong = (key: string, value: string) => [
      422,
      'Username or password is wrong',
      'password.incorrect',
      [{ key, value }],
    ];
    expect(inWords).toEqual([wrong('username', 'nobody'), wrong('username', 'mia'), wrong('userId', 'x')]);
  });

  test('§4.3 the user id and the name have the same five tries', async () => {
    const userId = idOf('central', 'both');
    for (const named of [{ username: 'both' }, { userId }, { username: 'both' }, { userId }, { userId }])
      expect((await login('central', { ...named, password: 'wrong' })).status).toBe(422);
    for (const named of [{ username: 'both' }, { userId }]) {
      const answer = await login('central', { ...named, password: PASSWORD });
      expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    }
  });
});

describe('§5.5 the tenant at login', () => {
  const home = async (body: object): Promise<unknown> => {
    const answer = await login('central', { password: PASSWORD, ...body });
    return answer.status === 201 ? answer.json<{ tenantId: string }>().tenantId : answer.status;
  };

  test('§5.5 is the one of the header without an affiliation', async () => {
    expect(await home({ username: 'admin' })).toBe('central');
    expect(await home({ username: 'mia' })).toBe(422);
  });

  test('§6.8.2 is the home of the user with exactly one: user, password, token and session are of there', async () => {
    await affiliate('member', 'mia');
    const answer = await login('central', { username: 'mia', password: PASSWORD });
    expect(answer.status).toBe(201);
    const { accessToken, refreshToken, tenantId } = answer.json<Record<string, string>>();
    expect(tenantId).toBe('member');
    expect(claimsOf(accessToken ?? '')).toMatchObject({ tenant: 'member', user_id: idOf('member', 'mia') });
    const member = asking(world.url, 'member');
    expect((await member('POST', '/token/refresh', { refreshToken })).status).toBe(201);
    expect((await asking(world.url, 'central')('POST', '/token/refresh', { refreshToken })).status).toBe(401);
    expect(await home({ userId: idOf('member', 'mia') })).toBe('member');
    expect(await home({ username: 'mia', tenant: 'member' })).toBe('member');
    expect(await home({ username: 'mia', tenant: 'second' })).toBe(422);
    expect(await home({ username: 'mia', password: 'wrong' })).toBe(422);
  });

  test('§6.8.2 is found by the relation in either direction', async () => {
    await affiliate('second', 'sam');
    expect(await home({ username: 'sam' })).toBe('second');
  });

  test('§6.8.2 with several stays that of the header, unless the login names one of them', async () => {
    await affiliate('member', 'both');
    await affiliate('central', 'both');
    // Known at home by the password of the central tenant's account, which was tried too often above.
    expect(await home({ username: 'both' })).toBe(429);
    expect(await home({ username: 'both', tenant: 'member' })).toBe('member');
    expect(await home({ userId: idOf('member', 'both') })).toBe('member');
  });

  test('§6.8.14 is never one that the users map does not relate, nor one that is over or unknown', async () => {
    await affiliate('loner', 'lou');
    await affiliate('gone', 'gus', '7d0f2a52-5a2c-4b1b-9a51-3d6f0f3a1a11');
    await affiliate('nobody', 'ned', '7d0f2a52-5a2c-4b1b-9a51-3d6f0f3a1a12');
    for (const username of ['lou', 'gus', 'ned']) expect(await home({ username })).toBe(422);
    expect((await login('loner', { username: 'lou', password: PASSWORD })).status).toBe(201);
  });

  test('§5.5 a star is a name like any other', async () => {
    expect(await home({ username: 'm*' })).toBe(422);
    expect(await home({ username: '*' })).toBe(422);
  });
});
