import { describe, expect, test } from 'vitest';
import type { SignedIn } from '../support/accounts-world.ts';
import type { Received } from '../support/gateway-world.ts';
import { admin, describeAccounts, other, setRole, world } from '../support/accounts-of-shop.ts';

const DAY = 86_400_000;

interface Annotation {
  readonly id: string;
  readonly title: string;
  readonly organization: { readonly id: string; readonly name: string };
  readonly author: object | null;
}

describeAccounts(() => {
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
        bots: false,
      });
      expect((await visitor.ask({ path: '/accounts/me' })).json()).toMatchObject({
        kind: 'share',
        role: null,
        permissions: ['reports.get'],
      });
    });

    test('is held to page views without bots unless it was made with them', async () => {
      const opened = await open((await makeShare({ selection: { ...selection, bots: true } })).token);
      expect(opened.json()).toMatchObject({ selection: { bots: true } });
      expect((await visitorOf(opened).ask({ path: '/shares/selection' })).json()).toMatchObject({
        bots: true,
      });
    });

    test('is held to the period of its comparison, too, and keeps the vital', async () => {
      const compared = { ...selection, compare: 'prev', vital: 'inp' };
      const opened = await open((await makeShare({ selection: compared })).token);
      expect(opened.json()).toMatchObject({ selection: compared });
      expect((await visitorOf(opened).ask({ path: '/shares/selection' })).json()).toMatchObject({
        from: '2026-10-26T00:00:00.000Z',
        compare: 'prev',
        compared: { from: '2026-09-28T11:55:00.000Z', to: '2026-10-26T00:00:00.000Z' },
      });
      const backwards = { ...selection, compare: { from: '2026-01-02', to: '2026-01-01' } };
      const asked = { path: '/shares', body: { name: 'x', page: 'overview', selection: backwards } };
      expect((await admin.ask(asked)).status).toBe(422);
    });

    test('shows the notes of the organization when it was made so, and nobody by name', async () => {
      const write = async (body: object, path = '/annotations'): Promise<void> => {
        const written = await admin.ask({ path, body: { kind: 'deploy', ...body } });
        expect([body, written.status]).toEqual([body, 201]);
      };
      const at = '2026-11-20T12:00:00Z';
      await write({ title: 'of all sites', at });
      await write({ title: 'of the site', at, site: 'shop.example' });
      await write({ title: 'of another site', at, site: 'other.example' });
      await write({ title: 'of before', at: '2026-01-01T12:00:00Z' });
      await write({ title: 'my own', at }, '/annotations/mine');
      const listed = async (who: SignedIn, more = ''): Promise<readonly Annotation[]> => {
        const path = `/annotations?from=2025-01-01T00:00:00Z&to=2027-01-01T00:00:00Z${more}`;
        return ((await who.ask({ path })).json() as { annotations: readonly Annotation[] }).annotations;
      };
      const share = await makeShare({ notes: true });
      const guest = visitorOf(await open(share.token));
      const seen = await listed(guest);
      expect(seen.map(({ title }) => title).toSorted()).toEqual(['of all sites', 'of the site']);
      expect(seen[0]?.author).toEqual({
        name: seen[0]?.organization.name,
        username: null,
        organization: seen[0]?.organization,
      });
      expect(JSON.stringify(seen)).not.toContain('admin');
      expect(await listed(guest, '&author=admin')).toEqual([]);
      const all = await listed(admin);
      for (const { id, title } of all) {
        const one = await guest.ask({ path: `/annotations/${id}` });
        expect([title, one.status]).toEqual([title, seen.some((each) => each.id === id) ? 200 : 404]);
        expect(one.text).not.toContain('admin');
      }
      for (const asking of [
        { path: '/annotations', body: { kind: 'deploy', title: 'x', site: 'shop.example' } },
        { path: '/annotations/mine', body: { title: 'x' } },
        { path: `/annotations/${seen[0]?.id}`, method: 'DELETE' },
        { path: '/notes' },
      ])
        expect([asking, (await guest.ask(asking)).status]).toEqual([asking, 403]);
      const without = visitorOf(await open((await makeShare()).token));
      expect((await without.ask({ path: '/annotations' })).status).toBe(403);
      const { shares } = (await admin.ask({ path: '/shares' })).json() as {
        shares: readonly { id: string; notes: boolean }[];
      };
      expect(shares.filter(({ notes }) => notes).map(({ id }) => id)).toEqual([share.id]);
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
