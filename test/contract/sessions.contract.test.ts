import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AccountsWorld, startAccountsWorld } from '../support/accounts-world.ts';
import type { Received } from '../support/gateway-world.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';

const PASSWORD = 'correct horse battery';
let postgres: RunningPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres?.stop());

describe.each(['sqlite', 'postgres'] as const)('sessions on %s', (kind) => {
  let world: AccountsWorld;
  let databases = 0;

  beforeEach(async () => {
    databases += 1;
    const url = kind === 'sqlite' ? '' : await postgres.database(`sessions_${databases}`);
    world = await startAccountsWorld(url);
    await world.addWithPassword('shop', 'ann', PASSWORD, 'role.administrator');
  });
  afterEach(() => world?.stop());

  const signIn = (password = PASSWORD, headers: Readonly<Record<string, string>> = {}): Promise<Received> =>
    world.ask({ path: '/authn/login-with-expiry', body: { username: 'ann', password }, headers });
  /** The cookies of an answer, as a browser sends them back to `/authn`. */
  const cookiesOf = ({ headers }: Received): string =>
    (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';', 1)[0]).join('; ');
  const me = (cookie: string): Promise<Received> => world.ask({ path: '/accounts/me', headers: { cookie } });
  /** What a browser says of a request of our own page. */
  const OURS = { 'sec-fetch-site': 'same-origin' };
  const post = (path: string, cookie: string, headers: Readonly<Record<string, string>> = OURS) =>
    world.ask({ method: 'POST', path, headers: { cookie, ...headers } });

  test('are cookies that no script reads and no other site sends', async () => {
    const [access = '', refresh = ''] = (await signIn()).headers['set-cookie'] ?? [];
    expect(access).toMatch(/^folioAccessToken=\S+; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/);
    expect(refresh).toMatch(
      /^folioRefreshToken=\S+; Path=\/authn; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test('are renewed by the refresh token, once', async () => {
    const first = await signIn();
    const renewed = await post('/authn/refresh', cookiesOf(first));
    expect(renewed.status).toBe(201);
    expect((await me(cookiesOf(renewed))).status).toBe(200);
    expect((await post('/authn/refresh', cookiesOf(first))).status).toBe(401);
    // Somebody else has the token: nobody goes on.
    expect((await post('/authn/refresh', cookiesOf(renewed))).status).toBe(401);
    expect((await me(cookiesOf(renewed))).status).toBe(401);
  });

  test('go on when the refresh token of one that has ended is shown', async () => {
    const [phone, desk] = [await signIn(), await signIn()].map(cookiesOf) as [string, string];
    expect((await post('/authn/logout', phone)).status).toBe(204);
    expect((await post('/authn/refresh', phone)).status).toBe(401);
    expect((await me(desk)).status).toBe(200);
    expect((await post('/authn/refresh', desk)).status).toBe(201);
  });

  test('end alone when one signs out, by its access token or by its refresh token', async () => {
    const [phone, desk, tablet] = [await signIn(), await signIn(), await signIn()].map(cookiesOf) as [
      string,
      string,
      string,
    ];
    const out = await post('/authn/logout', phone);
    expect([out.status, out.headers['set-cookie']?.map((cookie) => /Max-Age=0/.test(cookie))]).toEqual([
      204,
      [true, true],
    ]);
    expect((await me(phone)).status).toBe(401);
    expect((await post('/authn/refresh', phone)).status).toBe(401);
    const refreshAlone = desk.split('; ')[1] ?? '';
    expect((await post('/authn/logout', refreshAlone)).status).toBe(204);
    expect((await me(desk)).status).toBe(401);
    expect((await me(tablet)).status).toBe(200);
  });

  test('end together when one signs out everywhere', async () => {
    const [phone, desk] = [await signIn(), await signIn()].map(cookiesOf) as [string, string];
    world.clock.advance(1_000);
    expect((await post('/authn/logout-all', phone)).status).toBe(204);
    expect([(await me(phone)).status, (await me(desk)).status]).toEqual([401, 401]);
  });

  test('end when the password changes, and the old one is none any more', async () => {
    const cookie = cookiesOf(await signIn());
    const body = { username: 'ann', password: PASSWORD, newPassword: 'another long one' };
    expect((await world.ask({ path: '/authn/update', body })).status).toBe(204);
    expect((await me(cookie)).status).toBe(401);
    expect((await signIn()).status).toBe(422);
    expect((await signIn('another long one')).status).toBe(201);
  });

  test('that were ended elsewhere take their cookie along, so that one can sign in again in this browser', async () => {
    const cookie = cookiesOf(await signIn());
    await post('/authn/logout-all', cookiesOf(await signIn()));
    const refused = await me(cookie);
    expect([refused.status, refused.headers['set-cookie']]).toEqual([
      401,
      [
        'folioAccessToken=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
        'folioAccessToken=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
      ],
    ]);
    const forged = await me('folioAccessToken=of.another.server');
    expect([forged.status, forged.headers['set-cookie']?.length]).toEqual([401, 2]);
  });

  test('are listed for their user, who can end another one', async () => {
    const phone = cookiesOf(await signIn(PASSWORD, { 'user-agent': '<b>Phone</b>' }));
    world.clock.advance(60_000);
    const desk = cookiesOf(await signIn(PASSWORD, { 'user-agent': 'Desk' }));
    const list = (await world.ask({ path: '/accounts/sessions', headers: { cookie: desk } })).json() as {
      sessions: readonly { id: string; agent: string; isCurrent: boolean }[];
    };
    expect(list.sessions.map(({ agent, isCurrent }) => [agent, isCurrent])).toEqual([
      ['Desk', true],
      ['<b>Phone</b>', false],
    ]);
    const path = `/accounts/sessions/${list.sessions[1]?.id ?? ''}`;
    const eve = await world.add('shop', 'eve', 'role.administrator');
    expect((await eve.ask({ method: 'DELETE', path })).status).toBe(404);
    expect((await me(phone)).status).toBe(200);
    expect((await world.ask({ method: 'DELETE', path, headers: { cookie: desk, ...OURS } })).status).toBe(
      204,
    );
    expect([(await me(phone)).status, (await me(desk)).status]).toEqual([401, 200]);
  });

  describe('against other sites', () => {
    const evil = { origin: 'https://evil.example' };

    test('a change with the cookie from another origin is refused and does nothing', async () => {
      const cookie = cookiesOf(await signIn());
      for (const [method, path, body] of [
        ['POST', '/invitations', { role: 'administrator' }],
        ['POST', '/api-keys', { name: 'x', permissions: ['reports.get'] }],
        ['POST', '/annotations', { kind: 'deploy', title: 'x' }],
        ['PUT', '/accounts/me', { lastName: 'x' }],
        ['POST', '/authn/logout-all', {}],
      ] as const) {
        const answer = await world.ask({ method, path, body, headers: { cookie, ...evil } });
        expect([path, answer.status]).toEqual([path, 403]);
      }
      expect((await me(cookie)).status).toBe(200);
      expect((await world.ask({ path: '/invitations', headers: { cookie } })).json()).toEqual({
        invitations: [],
      });
    });

    test('nobody is signed out or renewed by another site, which has the refresh cookie alone', async () => {
      const [access = '', refresh = ''] = cookiesOf(await signIn()).split('; ');
      for (const path of ['/authn/refresh', '/authn/logout'])
        for (const headers of [
          evil,
          { 'sec-fetch-site': 'cross-site' },
          { 'sec-fetch-site': 'same-site' },
          {},
        ])
          expect((await post(path, refresh, headers)).status).toBe(403);
      expect((await me(access)).status).toBe(200);
      expect((await post('/authn/refresh', refresh)).status).toBe(201);
    });

    test('the same change from our own origin is made', async () => {
      const cookie = cookiesOf(await signIn());
      const origin = `http://127.0.0.1:${world.port}`;
      const answer = await world.ask({
        path: '/annotations',
        body: { kind: 'deploy', title: 'x' },
        headers: { cookie, origin, host: `127.0.0.1:${world.port}` },
      });
      expect(answer.status).toBe(201);
    });

    test('a form of another site cannot sign a visitor in as somebody else', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
        expect((await signIn(PASSWORD, { 'content-type': type })).headers['set-cookie']).toBeUndefined();
    });
  });

  test('are not given to whoever guesses: after some failures there is a wait, for this name from this address', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) statuses.push((await signIn('wrong password')).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
    expect((await signIn()).status).toBe(429);
    await world.addWithPassword('shop', 'bob', PASSWORD, 'role.viewer');
    const bob = { username: 'bob', password: PASSWORD };
    expect((await world.ask({ path: '/authn/login', body: bob })).status).toBe(201);
    world.clock.advance(15 * 60_000);
    expect((await signIn()).status).toBe(201);
  });

  test('tell nobody whether a user name exists', async () => {
    const answers = await Promise.all(
      ['ann', 'nobody'].map(async (username) => {
        const body = { username, password: 'wrong password' };
        const { status, text } = await world.ask({ path: '/authn/login', body });
        // Which name was sent is said again, nothing else.
        return `${status} ${text.replace(`"${username}"`, '"NAME"')}`;
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"NAME"');
  });
});
