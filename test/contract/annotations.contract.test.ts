import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AccountsWorld, type SignedIn, startAccountsWorld } from '../support/accounts-world.ts';
import type { Received } from '../support/gateway-world.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';

interface Note {
  readonly id: string;
  readonly title: string;
  readonly scope: string;
}

let postgres: RunningPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres?.stop());

describe.each(['sqlite', 'postgres'] as const)('annotations on %s', (kind) => {
  let world: AccountsWorld;
  let admin: SignedIn;
  let editor: SignedIn;
  let viewer: SignedIn;
  let agent: SignedIn;
  let newsEditor: SignedIn;
  let databases = 0;

  beforeEach(async () => {
    databases += 1;
    const url = kind === 'sqlite' ? '' : await postgres.database(`annotations_${databases}`);
    world = await startAccountsWorld(url);
    admin = await world.add('shop', 'admin', 'role.administrator');
    editor = await world.add('shop', 'editor', 'role.editor');
    viewer = await world.add('shop', 'viewer', 'role.viewer');
    agent = await world.add('agency', 'agent', 'role.administrator');
    newsEditor = await world.add('news', 'editor', 'role.editor');
  });
  afterEach(() => world?.stop());

  const write = (by: SignedIn, body: object, tenant?: string): Promise<Received> =>
    by.ask({
      path: '/annotations',
      body: { kind: 'deploy', title: 'A note', ...body },
      ...(tenant !== undefined && { tenant }),
    });
  const written = async (by: SignedIn, body: object, tenant?: string): Promise<Note> => {
    const answer = await write(by, body, tenant);
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.json() as Note;
  };
  const titles = async (by: SignedIn, query = '', tenant?: string): Promise<readonly string[]> => {
    const answer = await by.ask({ path: `/annotations${query}`, ...(tenant !== undefined && { tenant }) });
    return (answer.json() as { annotations: readonly Note[] }).annotations.map(({ title }) => title);
  };
  const change = (by: SignedIn, id: string, body: object): Promise<Received> =>
    by.ask({ method: 'PUT', path: `/annotations/${id}`, body });
  const remove = (by: SignedIn, id: string): Promise<Received> =>
    by.ask({ method: 'DELETE', path: `/annotations/${id}` });

  describe('a list', () => {
    test('has what touches the period, by time, moments and periods', async () => {
      for (const [title, at, to] of [
        ['before', '2026-11-01T00:00:00Z', null],
        ['into', '2026-11-01T00:00:00Z', '2026-11-10T12:00:00Z'],
        ['begin', '2026-11-10T00:00:00Z', null],
        ['inside', '2026-11-11T00:00:00Z', '2026-11-12T00:00:00Z'],
        ['over', '2026-11-02T00:00:00Z', '2026-11-30T00:00:00Z'],
        ['end', '2026-11-20T00:00:00Z', null],
      ] as const)
        await written(admin, { title, at, to });
      expect(await titles(viewer, '?from=2026-11-10T00:00:00Z&to=2026-11-20T00:00:00Z')).toEqual([
        'into',
        'over',
        'begin',
        'inside',
      ]);
    });

    test('of a site has the notes of the site and of all sites', async () => {
      await written(editor, { title: 'mine', site: 'Shop.Example' });
      await written(editor, { title: 'other', site: 'blog.example' });
      await written(admin, { title: 'all', scope: 'organization' });
      expect((await titles(viewer, '?site=shop.example')).toSorted()).toEqual(['all', 'mine']);
      expect((await titles(viewer)).toSorted()).toEqual(['all', 'mine', 'other']);
    });

    test('is narrowed by kind, scope and author', async () => {
      await written(editor, { title: 'one', kind: 'Measurement change', site: 'a.example' });
      await written(admin, { title: 'two', kind: 'incident' });
      expect(await titles(viewer, '?kind=measurement-change')).toEqual(['one']);
      expect(await titles(viewer, '?scope=organization')).toEqual(['two']);
      expect(await titles(viewer, '?author=editor')).toEqual(['one']);
    });

    test('has nothing of another organization, whatever is asked', async () => {
      const { id } = await written(admin, { title: 'secret of the shop', scope: 'organization' });
      const seen = await newsEditor.ask({ path: '/annotations?site=shop.example' });
      expect(seen.text).not.toContain('secret');
      expect(seen.json()).toMatchObject({ totalRecords: 0 });
      const nowhere = crypto.randomUUID();
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const body = method === 'PUT' ? { kind: 'deploy', title: 'stolen', site: 'x.example' } : undefined;
        const [of, none] = await Promise.all(
          [id, nowhere].map((each) => newsEditor.ask({ method, path: `/annotations/${each}`, body })),
        );
        expect([of?.status, of?.text.replace(id, '')]).toEqual([404, none?.text.replace(nowhere, '')]);
      }
      expect(await titles(viewer)).toEqual(['secret of the shop']);
    });

    test('of a period that cannot be read is refused', async () => {
      const answer = await viewer.ask({ path: '/annotations?from=yesterday' });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('from')]);
    });
  });

  describe('scopes', () => {
    test('personal: anybody writes them, and only who wrote one sees, changes and removes it', async () => {
      const mine = (
        await viewer.ask({ path: '/annotations/mine', body: { kind: 'incident', title: 'mine' } })
      ).json() as Note;
      expect(mine.scope).toBe('personal');
      expect(await titles(admin)).toEqual([]);
      expect(await titles(viewer)).toEqual(['mine']);
      for (const asking of [
        { path: `/annotations/${mine.id}` },
        { path: `/annotations/${mine.id}`, method: 'DELETE' },
        { path: `/annotations/mine/${mine.id}`, method: 'DELETE' },
      ])
        expect((await admin.ask(asking)).status).toBe(404);
      const path = `/annotations/mine/${mine.id}`;
      const changed = await viewer.ask({ method: 'PUT', path, body: { title: 'changed' } });
      expect(changed.json()).toMatchObject({
        title: 'changed',
        scope: 'personal',
        kind: { key: 'incident' },
      });
      expect((await viewer.ask({ method: 'DELETE', path })).status).toBe(204);
    });

    test('site: editors and above write, change and remove them, viewers see them', async () => {
      expect((await write(viewer, { site: 'a.example' })).status).toBe(403);
      const note = await written(editor, { title: 'deployed', site: 'a.example' });
      expect(note.scope).toBe('site');
      expect(await titles(viewer)).toEqual(['deployed']);
      expect((await change(viewer, note.id, { title: 'x' })).status).toBe(403);
      expect(
        (await change(admin, note.id, { title: 'by the administrator', site: 'a.example' })).status,
      ).toBe(200);
      expect((await remove(viewer, note.id)).status).toBe(403);
      expect((await remove(editor, note.id)).status).toBe(204);
    });

    test('organization: administrators alone; who wrote one may always change it', async () => {
      expect((await write(editor, { scope: 'organization' })).status).toBe(403);
      const note = await written(admin, { scope: 'organization' });
      expect((await change(editor, note.id, { title: 'x' })).status).toBe(403);
      expect((await remove(editor, note.id)).status).toBe(403);
      await world.add('shop', 'second', 'role.administrator');
      const path = `/accounts/people/${admin.id}`;
      const second = await world.add('shop', 'third', 'role.administrator');
      expect((await second.ask({ method: 'PUT', path, body: { role: 'viewer' } })).status).toBe(200);
      const own = { method: 'PUT', path: `/annotations/mine/${note.id}`, body: { title: 'still mine' } };
      expect((await admin.ask(own)).json()).toMatchObject({ title: 'still mine', scope: 'organization' });
    });

    test('an editor cannot raise a note to a scope that is not his', async () => {
      const note = await written(editor, { site: 'a.example' });
      for (const scope of ['organization', 'consortium'])
        expect((await change(editor, note.id, { title: 'x', scope })).status).toBe(403);
    });

    test('system: nobody can write one', async () => {
      expect((await write(admin, { scope: 'system' })).status).toBe(422);
    });
  });

  describe('a note of the consortium', () => {
    test('is seen by all members, marked with the name of the umbrella organization', async () => {
      await written(agent, { title: 'for everybody', scope: 'consortium' });
      for (const member of [viewer, newsEditor]) {
        const { annotations } = (await member.ask({ path: '/annotations' })).json() as {
          annotations: readonly unknown[];
        };
        expect(annotations).toMatchObject([
          {
            title: 'for everybody',
            scope: 'consortium',
            organization: { id: 'agency', name: 'The Agency' },
            may: { edit: false, remove: false },
          },
        ]);
      }
    });

    test('is all of the umbrella organization that its members see', async () => {
      await written(agent, { title: 'at home', scope: 'organization' });
      await written(agent, { title: 'of a site', site: 'agency.example' });
      await agent.ask({ path: '/annotations/mine', body: { title: 'personal', kind: 'deploy' } });
      expect(await titles(viewer)).toEqual([]);
    });

    test('is not seen by strangers, nor where the relation is not about notes or is over', async () => {
      const banker = await world.add('bank', 'banker', 'role.administrator');
      const stranger = await world.add('stranger', 'sam', 'role.administrator');
      expect((await write(banker, { scope: 'consortium' })).status).toBe(422);
      expect((await write(stranger, { scope: 'consortium' })).status).toBe(422);
      await written(agent, { title: 'for members', scope: 'consortium' });
      expect(await titles(banker)).toEqual([]);
      expect(await titles(stranger)).toEqual([]);
      expect(await titles(agent)).toEqual(['for members']);
    });

    test('is written at home by administrators only', async () => {
      const assistant = await world.add('agency', 'assistant', 'role.editor');
      expect((await write(assistant, { scope: 'consortium' })).status).toBe(403);
      expect((await write(agent, { scope: 'consortium' }, 'shop')).status).toBe(403);
      expect((await write(admin, { scope: 'consortium' })).status).toBe(422);
    });

    test('is not changed or removed by a member, but hidden for all of it by an editor', async () => {
      const { id } = await written(agent, { title: 'noise', scope: 'consortium' });
      expect((await change(admin, id, { title: 'x', scope: 'organization' })).status).toBe(403);
      expect((await remove(admin, id)).status).toBe(403);
      const hide = (by: SignedIn, hidden: boolean): Promise<Received> =>
        by.ask({ method: 'PUT', path: `/annotations/${id}/hidden`, body: { hidden } });
      expect((await hide(viewer, true)).status).toBe(403);
      expect((await hide(editor, true)).status).toBe(204);
      expect(await titles(viewer)).toEqual([]);
      expect(await titles(viewer, '?hidden=with')).toEqual(['noise']);
      expect(await titles(newsEditor)).toEqual(['noise']);
      expect(await titles(agent)).toEqual(['noise']);
      await hide(editor, false);
      expect(await titles(viewer)).toEqual(['noise']);
    });

    test('ordinary notes cannot be hidden', async () => {
      const { id } = await written(admin, { scope: 'organization' });
      const asking = { method: 'PUT', path: `/annotations/${id}/hidden`, body: { hidden: true } };
      expect((await editor.ask(asking)).status).toBe(403);
    });
  });

  describe('a note that the umbrella organization writes for a member', () => {
    test('is the member’s and carries both names', async () => {
      const note = await written(agent, { title: 'seen by the agency', site: 'shop.example' }, 'shop');
      expect(note).toMatchObject({
        organization: { id: 'shop', name: 'The Shop' },
        author: {
          name: 'agent of agency',
          username: 'agent',
          organization: { id: 'agency', name: 'The Agency' },
        },
      });
      expect(await titles(viewer)).toEqual(['seen by the agency']);
      expect(await titles(agent)).toEqual([]);
      expect(
        (await change(editor, note.id, { title: 'ours now', site: 'shop.example' })).json(),
      ).toMatchObject({
        author: { username: 'agent' },
      });
    });

    test('is refused for an organization that no relation about notes reaches', async () => {
      const banker = await world.add('bank', 'banker', 'role.administrator');
      expect((await write(banker, { site: 'x' }, 'news')).status).toBe(403);
      expect((await write(agent, { site: 'x' }, 'bank')).status).toBe(403);
    });

    test('stays between the two when it is personal', async () => {
      const own = {
        path: '/annotations/mine',
        body: { title: 'between us', kind: 'deploy' },
        tenant: 'shop',
      };
      expect((await agent.ask(own)).status).toBe(201);
      expect(await titles(agent, '', 'shop')).toEqual(['between us']);
      expect(await titles(admin)).toEqual([]);
    });
  });

  describe('kinds', () => {
    test('are offered without being note types before they are used', async () => {
      const { kinds } = (await viewer.ask({ path: '/annotations/kinds' })).json() as {
        kinds: readonly { key: string; id: string | null }[];
      };
      expect(kinds.map(({ key }) => key)).toEqual([
        'deploy',
        'incident',
        'campaign',
        'experiment',
        'content',
        'configuration',
        'measurement-change',
        'outside-world',
      ]);
      expect((await admin.ask({ path: '/note-types' })).json()).toMatchObject({ totalRecords: 0 });
    });

    test('become note types with their first note, once also at the same time', async () => {
      await Promise.all(
        ['one', 'two', 'three'].map((title) => written(editor, { title, site: 'a.example' })),
      );
      expect((await admin.ask({ path: '/note-types' })).json()).toMatchObject({
        totalRecords: 1,
        noteTypes: [{ name: 'Deploy', usage: { isAssigned: true } }],
      });
    });

    test('count towards the limit of note types', async () => {
      const limit = {
        module: 'NOTES',
        configName: 'note-type-limit',
        code: 'note.types.number.limit',
        value: '1',
      };
      expect((await admin.ask({ path: '/configurations/entries', body: limit })).status).toBe(201);
      await written(editor, { site: 'a.example' });
      const refused = await write(editor, { kind: 'incident', site: 'a.example' });
      expect([refused.status, refused.json()]).toMatchObject([
        422,
        { errors: [{ code: 'NOTE_TYPES_LIMIT_REACHED', parameters: [{ key: 'limit', value: '1' }] }] },
      ]);
    });

    test('of the organization itself are kinds, too, and are not removed while they are used', async () => {
      const made = (await admin.ask({ path: '/note-types', body: { name: 'Price change' } })).json() as Note;
      await written(editor, { kind: 'price-change', site: 'a.example' });
      const refused = await admin.ask({ method: 'DELETE', path: `/note-types/${made.id}` });
      expect(refused.status).toBe(400);
    });
  });

  test.each([
    ['no title', { title: '' }, 'title'],
    ['no kind', { kind: '' }, 'kind'],
    ['a kind that nobody knows', { kind: 'party' }, 'kind'],
    ['an end before its beginning', { at: '2026-11-22T10:00:00Z', to: '2026-11-22T09:00:00Z' }, 'to'],
    ['a moment in words', { at: 'yesterday' }, 'at'],
    ['a moment far away', { at: '0026-11-22T00:00:00Z' }, 'at'],
    ['a site note without site', { scope: 'site', site: null }, 'site'],
    ['a link that is a script', { link: 'javascript:alert(1)' }, 'link'],
    ['a title without end', { title: 'x'.repeat(201) }, 'title'],
    ['a text without end', { content: 'x'.repeat(10_001) }, 'content'],
  ])('with %s is a 422 that names the field', async (_, body, field) => {
    const answer = await write(admin, { site: 'a.example', ...body });
    expect([answer.status, answer.json()]).toMatchObject([
      422,
      { errors: [{ code: 'VALIDATION_ERROR', type: '-1', parameters: [{ key: field }] }] },
    ]);
  });

  test('does not take who wrote it, when, or whose it is from the client', async () => {
    const note = await written(editor, {
      site: 'a.example',
      id: 'chosen',
      author: { name: 'Boss', username: 'boss' },
      organization: { id: 'news', name: 'News' },
      createdAt: '2000-01-01T00:00:00Z',
      may: { edit: false },
    });
    expect(note).toMatchObject({
      author: { username: 'editor', organization: { id: 'shop' } },
      organization: { id: 'shop' },
      createdAt: '2026-11-22T12:00:00.000Z',
      may: { edit: true, remove: true },
    });
    expect(note.id).not.toBe('chosen');
  });

  test('FOLIO’s notes have nothing of them', async () => {
    await written(admin, { title: 'on a chart' });
    expect((await admin.ask({ path: '/notes' })).json()).toEqual({ notes: [], totalRecords: 0 });
  });
});
