import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AccountsWorld, type SignedIn, startAccountsWorld } from '../support/accounts-world.ts';
import type { Received } from '../support/gateway-world.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';

const DAY = 86_400_000;
let postgres: RunningPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres?.stop());

describe.each(['sqlite', 'postgres'] as const)('accounts on %s', (kind) => {
  let world: AccountsWorld;
  let admin: SignedIn;
  let editor: SignedIn;
  let viewer: SignedIn;
  let operator: SignedIn;
  let other: SignedIn;
  let databases = 0;

  beforeEach(async () => {
    databases += 1;
    const url = kind === 'sqlite' ? '' : await postgres.database(`accounts_${databases}`);
    world = await startAccountsWorld(url);
    admin = await world.add('shop', 'admin', 'role.administrator');
    editor = await world.add('shop', 'editor', 'role.editor');
    viewer = await world.add('shop', 'viewer', 'role.viewer');
    operator = await world.add('shop', 'operator', 'role.operator');
    other = await world.add('news', 'other', 'role.administrator');
  });
  afterEach(() => world?.stop());

  const roleOf = async (person: SignedIn): Promise<unknown> =>
    ((await person.ask({ path: '/accounts/me' })).json() as { role: unknown }).role;
  const setRole = (by: SignedIn, id: string, change: object): Promise<Received> =>
    by.ask({ method: 'PUT', path: `/accounts/people/${id}`, body: change });

  test('the trace of an own request is shown as long as the session lasts', async () => {
    const made = await viewer.ask({ path: '/accounts/me' });
    const path = `/_/requests/${encodeURIComponent(String(made.headers['x-okapi-request-id']))}`;
    expect((await viewer.ask({ path })).status).toBe(200);
    expect((await editor.ask({ path })).status).toBe(401);
    expect((await viewer.ask({ method: 'POST', path: '/authn/logout' })).status).toBe(204);
    expect((await viewer.ask({ path })).status).toBe(401);
  });

  describe('who one is', () => {
    test('is told to everybody who is signed in, with the role and what he may do', async () => {
      const me = (await viewer.ask({ path: '/accounts/me' })).json();
      expect(me).toMatchObject({
        username: 'viewer',
        kind: 'person',
        role: 'viewer',
        home: { id: 'shop', name: 'The Shop' },
        tenant: { id: 'shop' },
        actingAs: null,
        permissions: expect.arrayContaining(['reports.get', 'role.viewer']),
      });
    });

    test('is told for another organization with the relation, its end, and what is left within its ceiling', async () => {
      const agent = await world.add('agency', 'agent', 'role.administrator');
      const me = (await agent.ask({ path: '/accounts/me?tenant=shop', tenant: 'shop' })).json() as {
        permissions: readonly string[];
      };
      expect(me).toMatchObject({
        home: { id: 'agency' },
        tenant: { id: 'shop', name: 'The Shop' },
        actingAs: { relations: [{ id: 'agency#1' }], until: '2028-01-01T00:00:00.000Z' },
      });
      expect(me.permissions).toContain('notes.annotations.item.post');
      expect(me.permissions.filter((name) => !/^(notes|reports)\./.test(name))).toEqual([]);
    });

    describe('and in another organization', () => {
      const REMOVES_A_TYPE = { method: 'DELETE', path: `/note-types/${crypto.randomUUID()}`, tenant: 'shop' };
      const PASSWORD = 'a long enough passphrase';

      /** Somebody of the agency, with an id of the agency's choice, as any administrator can make one. */
      const agentWithId = async (id: string): Promise<SignedIn> => {
        const boss = await world.add('agency', 'boss', 'role.administrator');
        const made = [
          await boss.ask({ path: '/users', body: { id, username: 'twin', personal: { lastName: 'Twin' } } }),
          await boss.ask({ path: '/perms/users', body: { userId: id, permissions: ['role.administrator'] } }),
          await boss.ask({
            path: '/authn/credentials',
            body: { userId: id, username: 'twin', password: PASSWORD },
          }),
        ];
        expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
        const login = { path: '/authn/login', body: { username: 'twin', password: PASSWORD } };
        const answer = await boss.ask(login);
        return world.holding('agency', String(answer.headers['x-okapi-token']));
      };
      const isAllowed = async (agent: SignedIn): Promise<boolean> => {
        const { status } = await agent.ask(REMOVES_A_TYPE);
        expect([403, 404]).toContain(status);
        const me = await agent.ask({ path: '/accounts/me?tenant=shop' });
        const { permissions } = me.json() as { permissions: readonly string[] };
        expect(permissions.includes('note.types.item.delete')).toBe(status === 404);
        return status === 404;
      };

      test("somebody with the id of its administrator has none of the administrator's rights", async () => {
        const twin = await agentWithId(admin.id);
        expect(await isAllowed(twin)).toBe(false);
      });

      test('the account counts that it has made for him: active, a shadow, of his organization', async () => {
        const id = crypto.randomUUID();
        const agent = await agentWithId(id);
        expect(await isAllowed(agent)).toBe(false);
        const shadow = {
          id,
          username: 'twin_abcde',
          type: 'shadow',
          personal: { lastName: 'Twin' },
          customFields: { originaltenantid: 'agency' },
        };
        const set = async (change: object): Promise<boolean> => {
          const put = { method: 'PUT', path: `/users/${id}`, body: { ...shadow, ...change } };
          expect((await admin.ask(put)).status).toBe(204);
          return isAllowed(agent);
        };
        expect((await admin.ask({ path: '/users', body: shadow })).status).toBe(201);
        const held = { userId: id, permissions: ['note.types.item.delete'] };
        expect((await admin.ask({ path: '/perms/users', body: held })).status).toBe(201);
        expect(await isAllowed(agent)).toBe(true);
        expect(await set({ active: false })).toBe(false);
        expect(await set({})).toBe(true);
        expect(await set({ type: 'staff' })).toBe(false);
      });

      test("nobody's account becomes a shadow, and no shadow somebody else's", async () => {
        const person = { username: 'viewer', personal: { lastName: 'Viewer' } };
        const shadow = { ...person, type: 'shadow', customFields: { originaltenantid: 'agency' } };
        const put = { method: 'PUT', path: `/users/${viewer.id}`, body: shadow };
        expect((await admin.ask(put)).status).toBe(422);
        const made = await admin.ask({ path: '/users', body: { ...shadow, username: 'another' } });
        const { id } = made.json() as { id: string };
        const ofNews = { ...shadow, username: 'another', customFields: { originaltenantid: 'news' } };
        expect((await admin.ask({ method: 'PUT', path: `/users/${id}`, body: ofNews })).status).toBe(422);
      });
    });

    test('is refused for an organization that no relation reaches, in the same words as for one that is not there', async () => {
      const answers = await Promise.all(
        ['news', 'nowhere'].map((tenant) => viewer.ask({ path: `/accounts/me?tenant=${tenant}` })),
      );
      expect(answers.map(({ status, text }) => [status, text.replace(/"\w+"/, '')])).toEqual([
        [403, 'tenant  cannot be used for this request'],
        [403, 'tenant  cannot be used for this request'],
      ]);
    });

    test('is not told to nobody', async () => {
      expect((await world.ask({ path: '/accounts/me' })).status).toBe(401);
    });
  });

  describe('people', () => {
    test('are listed with role and last sign-in, those of other organizations are not', async () => {
      const { people } = (await admin.ask({ path: '/accounts/people' })).json() as {
        people: readonly { username: string; role: string; lastSignInAt: string }[];
      };
      expect(people.map(({ username, role }) => [username, role])).toEqual([
        ['admin', 'administrator'],
        ['editor', 'editor'],
        ['operator', 'operator'],
        ['viewer', 'viewer'],
      ]);
      expect(people[0]?.lastSignInAt).toBe('2026-11-22T12:00:00.000Z');
    });

    test('get another role from an administrator, in force at once', async () => {
      expect((await setRole(admin, viewer.id, { role: 'editor' })).json()).toMatchObject({ role: 'editor' });
      expect(await roleOf(viewer)).toBe('editor');
    });

    test('who are deactivated are refused at once, and their sessions are over', async () => {
      await setRole(admin, viewer.id, { active: false });
      expect((await viewer.ask({ path: '/accounts/me' })).status).toBe(401);
      await setRole(admin, viewer.id, { active: true });
      world.clock.advance(1_000);
      expect((await viewer.ask({ path: '/accounts/me' })).status).toBe(401);
    });

    test.each([
      ['an editor', () => editor],
      ['a viewer', () => viewer],
    ])('are not seen or changed by %s', async (_, who) => {
      expect((await who().ask({ path: '/accounts/people' })).status).toBe(403);
      expect((await setRole(who(), viewer.id, { role: 'administrator' })).status).toBe(403);
    });

    test('of another organization are not found', async () => {
      const answers = [
        await setRole(other, viewer.id, { role: 'editor' }),
        await setRole(other, crypto.randomUUID(), { role: 'editor' }),
      ];
      expect(answers.map(({ status, text }) => [status, text])).toEqual([
        [404, 'There is no such person'],
        [404, 'There is no such person'],
      ]);
      expect(await roleOf(viewer)).toBe('viewer');
    });

    test('who hold more than the administrator are not changed by him', async () => {
      for (const change of [{ active: false }, { role: 'viewer' }])
        expect((await setRole(admin, operator.id, change)).status).toBe(403);
      expect(await roleOf(operator)).toBe('operator');
    });

    test('keep one administrator: the last one cannot go, lose his role or his rights', async () => {
      const lone = await world.add('stranger', 'lone', 'role.administrator');
      await world.add('stranger', 'guest', 'role.viewer');
      const perms = (await lone.ask({ path: `/perms/users/${lone.id}?indexField=userId` })).json() as {
        id: string;
      };
      const user = (await lone.ask({ path: `/users/${lone.id}` })).json() as object;
      const answers = [
        await setRole(lone, lone.id, { role: 'editor' }),
        await setRole(lone, lone.id, { active: false }),
        await lone.ask({ method: 'DELETE', path: `/users/${lone.id}` }),
        await lone.ask({ method: 'PUT', path: `/users/${lone.id}`, body: { ...user, active: false } }),
        await lone.ask({ method: 'DELETE', path: `/perms/users/${perms.id}` }),
        await lone.ask({
          method: 'PUT',
          path: `/perms/users/${perms.id}`,
          body: { userId: lone.id, permissions: ['role.viewer'] },
        }),
        await lone.ask({ method: 'DELETE', path: `/perms/users/${perms.id}/permissions/role.administrator` }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 422));
      expect(await roleOf(lone)).toBe('administrator');
      await world.add('stranger', 'second', 'role.administrator');
      expect((await setRole(lone, lone.id, { role: 'editor' })).status).toBe(200);
    });
  });

  describe('nobody grants what he does not hold', () => {
    const grants = (
      name: string,
    ): readonly [string, (by: SignedIn, target: SignedIn) => Promise<Received>][] => [
      [
        'by POST /perms/users',
        (by) =>
          by.ask({
            path: '/perms/users',
            body: { userId: crypto.randomUUID(), permissions: ['notes.all', name] },
          }),
      ],
      [
        'by PUT /perms/users',
        async (by, target) => {
          const { id } = (await by.ask({ path: `/perms/users/${target.id}?indexField=userId` })).json() as {
            id: string;
          };
          return by.ask({
            method: 'PUT',
            path: `/perms/users/${id}`,
            body: { userId: target.id, permissions: ['role.viewer', name] },
          });
        },
      ],
      [
        'by POST /perms/users/{id}/permissions',
        (by, target) =>
          by.ask({
            path: `/perms/users/${target.id}/permissions?indexField=userId`,
            body: { permissionName: name },
          }),
      ],
      ['by an API key', (by) => by.ask({ path: '/api-keys', body: { name: 'x', permissions: [name] } })],
    ];

    test.each(['operations.tenants.get', 'operations.all', 'role.operator', 'kb-ebsco.all'])(
      'not %s, whichever way he tries, not even to himself',
      async (name) => {
        for (const [way, grant] of grants(name))
          for (const target of [viewer, admin]) {
            const answer = await grant(admin, target);
            expect([way, answer.status]).toEqual([way, 403]);
            expect(answer.text).toContain('does not hold');
          }
        expect((await setRole(admin, viewer.id, { role: 'operator' })).status).toBe(403);
        expect((await admin.ask({ path: '/invitations', body: { role: 'operator' } })).status).toBe(403);
        expect((await admin.ask({ path: '/operations/tenants' })).status).toBe(403);
      },
    );

    test('and an operator grants operations', async () => {
      expect((await setRole(operator, admin.id, { role: 'operator' })).status).toBe(200);
      expect((await admin.ask({ path: '/operations/tenants' })).status).toBe(200);
    });

    test('but what somebody has already may stay when an administrator changes the rest', async () => {
      const { id } = (await admin.ask({ path: `/perms/users/${operator.id}?indexField=userId` })).json() as {
        id: string;
      };
      const body = { userId: operator.id, permissions: ['role.operator', 'notes.all'] };
      expect((await admin.ask({ method: 'PUT', path: `/perms/users/${id}`, body })).status).toBe(204);
    });

    test('and nobody takes over an account that holds more, by a new password', async () => {
      const body = { userId: operator.id, password: 'a password of the administrator' };
      const taken = await admin.ask({ path: '/authn/credentials', body });
      expect([taken.status, taken.text]).toEqual([403, expect.stringContaining('role.operator')]);
      const removed = await admin.ask({ method: 'DELETE', path: `/authn/credentials?userId=${operator.id}` });
      expect(removed.status).toBe(403);
      expect(
        (await admin.ask({ path: '/authn/credentials', body: { ...body, userId: viewer.id } })).status,
      ).toBe(201);
    });

    test('and nobody changes or removes an account that holds more, as a user or by its rights', async () => {
      const path = `/users/${operator.id}`;
      const user = (await operator.ask({ path })).json() as object;
      const rights = `/perms/users/${operator.id}`;
      const answers = [
        await admin.ask({ method: 'PUT', path, body: { ...user, active: false } }),
        await admin.ask({ method: 'PUT', path, body: { ...user, username: 'mine' } }),
        await admin.ask({ method: 'DELETE', path }),
        await admin.ask({
          method: 'PUT',
          path: `${rights}?indexField=userId`,
          body: { userId: operator.id, permissions: ['role.viewer'] },
        }),
        await admin.ask({ method: 'DELETE', path: `${rights}/permissions/role.operator?indexField=userId` }),
        await admin.ask({ method: 'DELETE', path: `${rights}?indexField=userId` }),
      ];
      for (const { status, text } of answers)
        expect([status, text]).toEqual([403, expect.stringContaining('role.operator')]);
      expect(await roleOf(operator)).toBe('operator');
      const changed = { method: 'PUT', path, body: { ...user, barcode: '7' } };
      expect((await operator.ask(changed)).status).toBe(204);
      const ofEditor = (await admin.ask({ path: `/users/${editor.id}` })).json() as object;
      const below = { method: 'PUT', path: `/users/${editor.id}`, body: { ...ofEditor, active: false } };
      expect((await admin.ask(below)).status).toBe(204);
    });

    test('and roles say which of them the caller may give', async () => {
      const { roles } = (await admin.ask({ path: '/accounts/roles' })).json() as {
        roles: readonly { name: string; mayGrant: boolean }[];
      };
      expect(roles.map(({ name, mayGrant }) => [name, mayGrant])).toEqual([
        ['viewer', true],
        ['editor', true],
        ['administrator', true],
        ['operator', false],
      ]);
    });
  });

  describe('an invitation', () => {
    const invite = async (role: string, more: object = {}): Promise<{ token: string; id: string }> =>
      (await admin.ask({ path: '/invitations', body: { role, ...more } })).json() as {
        token: string;
        id: string;
      };
    const accept = (token: string, username = 'eve', tenant = 'shop'): Promise<Received> =>
      world.ask({
        path: `/invitations/${token}/accept`,
        tenant,
        body: { username, password: 'a long password', lastName: 'Evers' },
      });

    test('tells whoever has the link what it is for, and makes an account of that role', async () => {
      const { token } = await invite('editor', { name: 'Eve' });
      expect((await world.ask({ path: `/invitations/${token}` })).json()).toMatchObject({
        organization: { id: 'shop', name: 'The Shop' },
        role: 'editor',
        name: 'Eve',
        invitedBy: 'admin',
      });
      expect((await accept(token)).status).toBe(201);
      const login = await world.ask({
        path: '/authn/login',
        body: { username: 'eve', password: 'a long password' },
      });
      const eve = world.holding('shop', String(login.headers['x-okapi-token']));
      expect(await roleOf(eve)).toBe('editor');
    });

    test('is good once, also when it is used twice at once', async () => {
      const { token } = await invite('viewer');
      const answers = await Promise.all([accept(token, 'one'), accept(token, 'two')]);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 410]));
      expect((await accept(token, 'three')).status).toBe(410);
    });

    test('stays good when the user name is taken', async () => {
      const { token } = await invite('viewer');
      expect((await accept(token, 'viewer')).status).toBe(422);
      expect((await accept(token, 'vera')).status).toBe(201);
    });

    test('ends with its time, and when it is taken back', async () => {
      const { token } = await invite('viewer', { expires: '2026-11-25T00:00:00Z' });
      const second = await invite('viewer');
      expect((await admin.ask({ method: 'DELETE', path: `/invitations/${second.id}` })).status).toBe(204);
      expect((await accept(second.token)).text).toBe('This invitation has been taken back');
      world.clock.advance(3 * DAY);
      expect((await accept(token)).status).toBe(410);
      expect((await world.ask({ path: `/invitations/${token}` })).status).toBe(410);
    });

    test('ends when who has invited does not hold the role any more', async () => {
      const { token } = await invite('administrator');
      await setRole(operator, admin.id, { role: 'editor' });
      expect((await accept(token)).status).toBe(410);
    });

    test('is listed without its token, and by nobody else', async () => {
      const { token } = await invite('viewer');
      const list = await admin.ask({ path: '/invitations' });
      expect(list.json()).toMatchObject({ invitations: [{ role: 'viewer', state: 'open' }] });
      expect(list.text).not.toContain(token.slice(token.indexOf('.') + 1));
      expect((await other.ask({ path: '/invitations' })).json()).toEqual({ invitations: [] });
      expect((await editor.ask({ path: '/invitations' })).status).toBe(403);
    });

    test('of one organization is none of another, nor can it be taken back from there', async () => {
      const { token, id } = await invite('viewer');
      expect((await accept(token, 'eve', 'news')).status).toBe(404);
      expect((await accept(token.replace('shop.', 'news.'), 'eve', 'news')).status).toBe(404);
      expect((await other.ask({ method: 'DELETE', path: `/invitations/${id}` })).status).toBe(404);
    });

    test('cannot be guessed: after some failures there is a wait', async () => {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 6; attempt += 1)
        statuses.push((await world.ask({ path: `/invitations/shop.${'A'.repeat(43)}` })).status);
      expect(statuses).toEqual([404, 404, 404, 404, 404, 429]);
    });

    test('cannot be guessed from all addresses of one IPv6 network either', async () => {
      const statuses: number[] = [];
      for (const address of ['::1', '::2', ':1::3', ':2::4', '::5', '::6'])
        statuses.push(
          (
            await world.ask({
              path: `/invitations/shop.${'A'.repeat(43)}`,
              headers: { 'x-forwarded-for': `2001:db8:0:1${address}` },
            })
          ).status,
        );
      expect(statuses).toEqual([404, 404, 404, 404, 404, 429]);
      const elsewhere = await world.ask({
        path: `/invitations/shop.${'A'.repeat(43)}`,
        headers: { 'x-forwarded-for': '2001:db8:0:2::1' },
      });
      expect(elsewhere.status).toBe(404);
    });

    test('does not take what is not asked for', async () => {
      const { token } = await invite('viewer');
      const body = {
        username: 'eve',
        password: 'a long password',
        lastName: 'E',
        role: 'administrator',
        permissions: ['role.operator'],
        tenant: 'news',
      };
      expect((await world.ask({ path: `/invitations/${token}/accept`, body })).json()).toEqual({
        tenant: 'shop',
        username: 'eve',
      });
      const { people } = (await admin.ask({ path: '/accounts/people' })).json() as {
        people: readonly { username: string; role: string; otherPermissions: readonly string[] }[];
      };
      expect(people.find(({ username }) => username === 'eve')).toMatchObject({
        role: 'viewer',
        otherPermissions: [],
      });
    });
  });

  test('what is done about accounts stands in the trail of the organization, without secrets', async () => {
    const { token } = (
      await admin.ask({ path: '/invitations', body: { role: 'viewer', name: 'Eve' } })
    ).json() as { token: string };
    world.clock.advance(1);
    const body = { username: 'eve', password: 'a long password', lastName: 'Evers' };
    await world.ask({ path: `/invitations/${token}/accept`, body });
    world.clock.advance(1);
    await setRole(admin, viewer.id, { role: 'editor', active: false });
    world.clock.advance(1);
    await setRole(admin, operator.id, { role: 'viewer' });
    const made = { name: 'ci', permissions: ['notes.annotations.item.post'], site: 'shop.example' };
    const { id } = (await admin.ask({ path: '/api-keys', body: made })).json() as { id: string };
    world.clock.advance(1);
    await admin.ask({ method: 'DELETE', path: `/api-keys/${id}` });
    expect(await world.trail('shop')).toEqual([
      `admin revoked the API key ci (/api-keys/${id})`,
      'admin made the API key ci: notes.annotations.item.post for shop.example (/api-keys)',
      `admin made viewer editor, deactivated viewer (/accounts/people/${viewer.id})`,
      'eve accepted the invitation as viewer by admin (/invitations/{token}/accept)',
      'admin invited Eve as viewer (/invitations)',
    ]);
    expect(await world.trail('news')).toEqual([]);
  });

  describe('an API key', () => {
    const makeKey = async (body: object, maker = admin): Promise<SignedIn> => {
      const made = (await maker.ask({ path: '/api-keys', body: { name: 'ci', ...body } })).json() as {
        key: string;
      };
      return world.holding('shop', made.key);
    };
    const marker = { path: '/annotations', body: { version: '2.31.0' } };

    test('does what it was given, for its site, and nothing else', async () => {
      const key = await makeKey({ permissions: ['notes.annotations.item.post'], site: 'shop.example' });
      expect((await key.ask(marker)).json()).toMatchObject({
        kind: { key: 'deploy' },
        title: '2.31.0',
        site: 'shop.example',
        scope: 'site',
        author: { name: 'ci' },
      });
      const refused: readonly Parameters<SignedIn['ask']>[0][] = [
        { path: '/annotations', body: { version: '1', site: 'other.example' } },
        { path: '/annotations', body: { version: '1', scope: 'organization' } },
        { path: '/annotations/mine', body: { title: 'x' } },
        { path: '/annotations' },
        { path: '/reports/summary' },
        { path: '/users' },
        { path: '/perms/users' },
        { path: '/api-keys', body: { name: 'more', permissions: ['notes.annotations.item.post'] } },
        { path: '/notes' },
        { ...marker, tenant: 'news' },
      ];
      for (const asking of refused) expect([asking, (await key.ask(asking)).status]).toEqual([asking, 403]);
    });

    test('that may change notes changes those of its site alone', async () => {
      const permissions = ['collection.get', 'item.post', 'item.put', 'item.delete'].map(
        (name) => `notes.annotations.${name}`,
      );
      const key = await makeKey({ permissions, site: 'shop.example' });
      const write = async (site: string): Promise<string> => {
        const body = { kind: 'deploy', title: site, site };
        return ((await admin.ask({ path: '/annotations', body })).json() as { id: string }).id;
      };
      const [own, foreign] = [await write('shop.example'), await write('other.example')];
      const statuses = async (id: string): Promise<readonly number[]> => [
        (await key.ask({ path: `/annotations/${id}` })).status,
        (await key.ask({ method: 'PUT', path: `/annotations/${id}`, body: { title: 'taken' } })).status,
        (await key.ask({ method: 'DELETE', path: `/annotations/${id}` })).status,
      ];
      expect(await statuses(foreign)).toEqual([404, 404, 404]);
      expect(await statuses(own)).toEqual([200, 200, 204]);
      expect((await key.ask({ path: '/annotations?site=other.example' })).json()).toMatchObject({
        totalRecords: 0,
      });
    });

    test('lives long after sessions have ended, until its own end', async () => {
      const key = await makeKey({
        permissions: ['notes.annotations.item.post'],
        expires: '2027-02-01T00:00:00Z',
        site: 'a.example',
      });
      world.clock.advance(60 * DAY);
      expect((await key.ask(marker)).status).toBe(201);
      world.clock.advance(30 * DAY);
      expect((await key.ask(marker)).status).toBe(401);
    });

    test('is refused as soon as it is revoked', async () => {
      const key = await makeKey({ permissions: ['reports.get'] });
      expect((await key.ask({ path: '/reports/summary' })).status).toBe(200);
      expect((await admin.ask({ method: 'DELETE', path: `/api-keys/${key.id}` })).status).toBe(204);
      expect((await key.ask({ path: '/reports/summary' })).status).toBe(401);
      expect((await admin.ask({ method: 'DELETE', path: `/api-keys/${key.id}` })).status).toBe(404);
    });

    test('is listed with its last use and without the key', async () => {
      const key = await makeKey({ permissions: ['reports.get'] });
      world.clock.advance(5_000);
      await key.ask({ path: '/reports/summary' });
      await expect
        .poll(async () => (await admin.ask({ path: '/api-keys' })).json())
        .toMatchObject({
          keys: [
            {
              name: 'ci',
              permissions: ['reports.get'],
              state: 'active',
              lastUsedAt: '2026-11-22T12:00:05.000Z',
            },
          ],
        });
      expect((await admin.ask({ path: '/api-keys' })).text).not.toContain(key.token);
    });

    test('goes on when its maker is deactivated or gone, and the list says so', async () => {
      const maker = await world.add('shop', 'maker', 'role.administrator');
      const key = await makeKey({ permissions: ['reports.get'] }, maker);
      await makeKey({ permissions: ['reports.get'] });
      const listed = async (): Promise<unknown> => {
        const { keys } = (await admin.ask({ path: '/api-keys' })).json() as {
          keys: readonly { createdBy: string; isMakerActive: boolean; state: string }[];
        };
        return keys
          .map(({ createdBy, isMakerActive, state }) => [createdBy, isMakerActive, state])
          .toSorted(([one], [two]) => String(one).localeCompare(String(two)));
      };
      const others = ['admin', true, 'active'];
      expect(await listed()).toEqual([others, ['maker', true, 'active']]);
      expect((await setRole(admin, maker.id, { active: false })).status).toBe(200);
      expect(await listed()).toEqual([others, ['maker', false, 'active']]);
      expect((await admin.ask({ method: 'DELETE', path: `/users/${maker.id}` })).status).toBe(204);
      // Somebody else of this name is not its maker.
      await world.add('shop', 'maker', 'role.viewer');
      expect(await listed()).toEqual([others, ['maker', false, 'active']]);
      expect((await key.ask({ path: '/reports/summary' })).status).toBe(200);
    });

    test('is no person: it is not listed, has no password, and is not changed as a user', async () => {
      const key = await makeKey({ permissions: ['reports.get'] });
      expect((await admin.ask({ path: '/accounts/people' })).text).not.toContain(key.id);
      const password = { userId: key.id, password: 'a long password' };
      expect((await admin.ask({ path: '/authn/credentials', body: password })).status).toBe(422);
      const user = { username: 'x', active: true };
      expect((await admin.ask({ method: 'PUT', path: `/users/${key.id}`, body: user })).status).toBe(422);
      expect((await setRole(admin, key.id, { role: 'viewer' })).status).toBe(404);
    });

    test('of one organization cannot be revoked or seen by another', async () => {
      const key = await makeKey({ permissions: ['reports.get'] });
      expect((await other.ask({ method: 'DELETE', path: `/api-keys/${key.id}` })).status).toBe(404);
      expect((await other.ask({ path: '/api-keys' })).json()).toEqual({ keys: [] });
      expect((await key.ask({ path: '/reports/summary' })).status).toBe(200);
    });

    test('with a site is held to it for reports as well', async () => {
      const key = await makeKey({ permissions: ['reports.get'], site: 'Shop.Example' });
      expect((await key.ask({ path: '/shares/selection' })).json()).toMatchObject({
        kind: 'api-key',
        site: 'shop.example',
        from: null,
        to: null,
        filters: [],
      });
    });
  });

  describe('a share link', () => {
    const selection = {
      site: 'shop.example',
      from: '-28d',
      to: 'now',
      filters: [{ dimension: 'device', op: 'is', values: ['mobile'] }],
    };
    const makeShare = async (more: object = {}): Promise<{ id: string; token: string; path: string }> =>
      (
        await admin.ask({ path: '/shares', body: { name: 'For Bob', page: 'overview', selection, ...more } })
      ).json() as { id: string; token: string; path: string };
    const open = (token: string, tenant = 'shop'): Promise<Received> =>
      world.ask({ path: '/shares/open', body: { token }, tenant });
    const visitorOf = (opened: Received): SignedIn =>
      world.holding('shop', /folioAccessToken=([^;]+)/.exec(String(opened.headers['set-cookie']))?.[1] ?? '');

    test('opens a session that sees reports and is held to the selection', async () => {
      const { token, path } = await makeShare();
      expect(path).toBe(`/app/share/${token}`);
      const opened = await open(token);
      expect(opened.json()).toMatchObject({ tenant: 'shop', name: 'For Bob', page: 'overview', selection });
      const visitor = visitorOf(opened);
      expect((await visitor.ask({ path: '/reports/summary' })).status).toBe(200);
      expect((await visitor.ask({ path: '/shares/selection' })).json()).toEqual({
        kind: 'share',
        name: 'For Bob',
        page: 'overview',
        site: 'shop.example',
        from: '2026-10-26T00:00:00.000Z',
        to: '2026-11-22T12:05:00.000Z',
        period: { from: '-28d', to: 'now' },
        filters: selection.filters,
      });
      expect((await visitor.ask({ path: '/accounts/me' })).json()).toMatchObject({
        kind: 'share',
        role: null,
        permissions: ['reports.get'],
      });
    });

    test('lets nobody write or see anything else', async () => {
      const visitor = visitorOf(await open((await makeShare()).token));
      const refused: readonly Parameters<SignedIn['ask']>[0][] = [
        { path: '/annotations' },
        { path: '/annotations', body: { kind: 'deploy', title: 'x', site: 'shop.example' } },
        { path: '/annotations/mine', body: { title: 'x' } },
        { path: '/notes' },
        { path: '/users' },
        { path: '/shares' },
        { path: '/shares', body: { name: 'x', page: 'overview', selection } },
        { path: '/accounts/people' },
        { path: '/accounts/me', method: 'PUT', body: { lastName: 'x' } },
        { path: '/reports/summary', tenant: 'news' },
      ];
      for (const asking of refused)
        expect([asking, (await visitor.ask(asking)).status]).toEqual([asking, 403]);
    });

    test('ends with its time: sessions that were opened by it as well', async () => {
      const { token } = await makeShare({ expires: '2026-11-22T12:05:00Z' });
      const visitor = visitorOf(await open(token));
      world.clock.advance(5 * 60_000);
      expect((await open(token)).status).toBe(410);
      expect((await visitor.ask({ path: '/reports/summary' })).status).toBe(401);
    });

    test('ends at once when it is taken back: sessions that were opened by it as well', async () => {
      const { token, id } = await makeShare();
      const opened = await open(token);
      const visitor = visitorOf(opened);
      expect((await admin.ask({ method: 'DELETE', path: `/shares/${id}` })).status).toBe(204);
      expect((await visitor.ask({ path: '/reports/summary' })).status).toBe(401);
      expect((await open(token)).text).toBe('This link has been taken back');
      const refresh = /folioRefreshToken=([^;]+)/.exec(String(opened.headers['set-cookie']))?.[1] ?? '';
      const renewed = await world.ask({
        method: 'POST',
        path: '/authn/refresh',
        headers: { cookie: `folioRefreshToken=${refresh}`, 'sec-fetch-site': 'same-origin' },
      });
      expect(renewed.status).toBe(401);
    });

    test('shows nothing any more when its maker is deactivated, loses what it shows, or is gone', async () => {
      const maker = await world.add('shop', 'maker', 'role.administrator');
      const made = await maker.ask({ path: '/shares', body: { name: 'x', page: 'overview', selection } });
      const { token } = made.json() as { token: string };
      const visitor = visitorOf(await open(token));
      const statuses = async (): Promise<readonly number[]> => [
        (await visitor.ask({ path: '/reports/summary' })).status,
        (await open(token)).status,
      ];
      const path = `/users/${maker.id}`;
      const user = (await admin.ask({ path })).json() as object;
      const change = async (more: object): Promise<void> => {
        expect((await admin.ask({ method: 'PUT', path, body: { ...user, ...more } })).status).toBe(204);
      };
      expect(await statuses()).toEqual([200, 201]);

      await change({ active: false });
      expect(await statuses()).toEqual([403, 410]);
      expect((await admin.ask({ path: '/shares' })).json()).toMatchObject({ shares: [{ state: 'revoked' }] });
      await change({ active: true });
      expect(await statuses()).toEqual([200, 201]);

      const held = `/perms/users/${maker.id}/permissions/role.administrator?indexField=userId`;
      expect((await admin.ask({ method: 'DELETE', path: held })).status).toBe(204);
      expect(await statuses()).toEqual([403, 410]);

      expect((await admin.ask({ method: 'DELETE', path })).status).toBe(204);
      expect(await statuses()).toEqual([403, 410]);
    });

    test('of one organization is none of another, nor can it be taken back from there', async () => {
      const { token, id } = await makeShare();
      expect((await open(token, 'news')).status).toBe(404);
      expect((await open(token.replace('shop.', 'news.'), 'news')).status).toBe(404);
      expect((await other.ask({ method: 'DELETE', path: `/shares/${id}` })).status).toBe(404);
      expect((await other.ask({ path: '/shares' })).json()).toEqual({ shares: [] });
    });

    test('cannot be opened by a form of another site, nor guessed', async () => {
      const { token } = await makeShare();
      const form = await world.ask({
        path: '/shares/open',
        body: { token },
        headers: { 'content-type': 'text/plain' },
      });
      expect([form.status, form.headers['set-cookie']]).toEqual([415, undefined]);
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 6; attempt += 1)
        statuses.push((await open(`shop.${'A'.repeat(43)}`)).status);
      expect(statuses).toEqual([404, 404, 404, 404, 404, 429]);
    });

    test('cannot be guessed from all addresses of one IPv6 network either', async () => {
      const guess = async (address: string): Promise<number> =>
        (
          await world.ask({
            path: '/shares/open',
            body: { token: `shop.${'A'.repeat(43)}` },
            headers: { 'x-forwarded-for': address },
          })
        ).status;
      for (let host = 1; host <= 5; host += 1) expect(await guess(`2001:db8:0:1::${host}`)).toBe(404);
      expect(await guess('2001:db8:0:1::6')).toBe(429);
      expect(await guess('2001:db8:0:2::6')).toBe(404);
    });

    test('is refused with a dimension that there is not, a period that ends before it begins, or a page that is an address', async () => {
      const backwards = { ...selection, from: 'now', to: '-28d' };
      const filters = [{ dimension: 'password', op: 'is', values: ['x'] }];
      const answers = [
        await admin.ask({
          path: '/shares',
          body: { name: 'x', page: 'overview', selection: { ...selection, filters } },
        }),
        await admin.ask({ path: '/shares', body: { name: 'x', page: 'overview', selection: backwards } }),
        await admin.ask({ path: '/shares', body: { name: 'x', page: '//evil.example', selection } }),
        await admin.ask({ path: '/shares', body: { name: 'x', page: 'overview' } }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    });

    test('of an umbrella organization shows nothing of its members', async () => {
      const agent = await world.add('agency', 'agent', 'role.administrator');
      const body = { name: 'x', page: 'overview', selection: { ...selection, site: null } };
      const { token } = (await agent.ask({ path: '/shares', body })).json() as { token: string };
      const visitor = visitorOf(await open(token, 'agency'));
      expect((await agent.ask({ path: '/reports/summary', tenant: 'shop' })).status).toBe(200);
      expect((await visitor.ask({ path: '/reports/summary', tenant: 'shop' })).status).toBe(403);
    });

    test('people are held to no selection', async () => {
      expect((await admin.ask({ path: '/shares/selection' })).status).toBe(404);
    });
  });
});
