import { describe, expect, test } from 'vitest';
import type { SignedIn } from '../support/accounts-world.ts';
import type { Received } from '../support/gateway-world.ts';
import {
  admin,
  describeAccounts,
  editor,
  operator,
  other,
  roleOf,
  setRole,
  viewer,
  world,
} from '../support/accounts-of-shop.ts';

describeAccounts(() => {
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
});
