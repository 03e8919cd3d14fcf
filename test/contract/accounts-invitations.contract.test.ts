import { describe, expect, test } from 'vitest';
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

const DAY = 86_400_000;

describeAccounts(() => {
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
});
