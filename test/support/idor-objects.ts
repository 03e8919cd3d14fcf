import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { PASSWORD, type Person } from './okapi-people.ts';
import { poll } from './poll.ts';

/** How objects of one route come to be, and how one is asked for. Ids are in the order of the route's parameters. */
export interface Target {
  /** Makes an object of this person's tenant, or one that an umbrella organization of his tenant alone has made for it; its ids. */
  make(owner: Person, umbrella: Person): Promise<readonly string[]>;
  /** The body of a good request; default: none. */
  body?(owner: Person, ids: readonly string[]): unknown;
  /** Added to the path: `?indexField=userId`. */
  readonly query?: string;
  /** Asked by nobody (a link's token is all that it needs). */
  readonly anonymous?: boolean;
}

const made = async (owner: Person, path: string, body: unknown): Promise<{ readonly id: string }> => {
  const answer = await owner.ask('POST', path, body);
  expect(answer.status, `${path} ${answer.text}`).toBe(201);
  return answer.json();
};
const byPost = (path: string, body: () => unknown) => async (owner: Person) => [
  (await made(owner, path, body())).id,
];
const some = (): string => randomUUID().slice(0, 8);
const DAY_MS = 86_400_000;

const user = byPost('/users', () => ({ username: some(), personal: { lastName: 'Doe' } }));
const person = async (owner: Person): Promise<readonly [string]> => {
  const [id = ''] = await user(owner);
  await made(owner, '/perms/users', { userId: id, permissions: [] });
  return [id];
};
const holder = byPost('/perms/users', () => ({ userId: randomUUID(), permissions: ['notes.item.get'] }));
const entry = () => ({ module: some(), configName: 'name', code: 'code', value: 'a value' });
const typeOf = async (owner: Person): Promise<string> =>
  (await made(owner, '/note-types', { name: some() })).id;
const noteBody = (typeId: string) => ({
  title: 'title',
  domain: 'books',
  typeId,
  links: [
    { id: 'kept', type: 'book' },
    { id: 'the-link', type: 'book' },
  ],
});
const note = async (owner: Person): Promise<readonly [string]> => [
  (await made(owner, '/notes', noteBody(await typeOf(owner)))).id,
];
const annotation = (path: string, scope: string) =>
  byPost(path, () => ({ kind: 'deploy', title: some(), scope }));
const changed = { kind: 'deploy', title: 'changed' };
const invitation = async (owner: Person): Promise<{ readonly id: string; readonly token: string }> =>
  (await made(owner, '/invitations', { role: 'viewer' })) as { id: string; token: string };
const share = () => ({
  name: some(),
  page: 'overview',
  selection: { from: new Date(Date.now() - DAY_MS).toISOString(), to: new Date().toISOString() },
});

/** Another session of the same person. */
const session = async (owner: Person): Promise<readonly string[]> => {
  const list = async (): Promise<readonly string[]> => {
    const answer = await owner.ask('GET', '/accounts/sessions');
    return answer.json<{ sessions: { id: string }[] }>().sessions.map(({ id }) => id);
  };
  const before = await list();
  await owner.ask('POST', '/authn/login', { username: owner.username, password: PASSWORD });
  return (await list()).filter((id) => !before.includes(id));
};

/** Sends a beacon and waits until its page view can be read. */
const pageView = async (owner: Person): Promise<readonly string[]> => {
  const trace = `trace-of-${owner.tenant}`;
  const marker = some();
  const body = new URLSearchParams({ u: `https://www.${owner.tenant}.example/${marker}`, pid: marker });
  const sent = await fetch(`${owner.url}/beacon/catcher?brum_trace=${trace}`, { method: 'POST', body });
  expect(sent.status).toBe(204);
  return poll('the page view', async () => {
    const list = await owner.ask('GET', '/reports/page-views?order=newest&bots=with');
    const { views } = list.json<{ views: { id: string; url: string }[] }>();
    const view = views.find(({ url }) => url.includes(marker));
    return view === undefined ? undefined : [view.id];
  });
};

/** Each route of a built-in module that has an id in its path, `METHOD pathPattern`. */
export const TARGETS: Readonly<Record<string, Target>> = {
  'GET /users/{id}': { make: user },
  'PUT /users/{id}': { make: user, body: () => ({ username: some() }) },
  'DELETE /users/{id}': { make: user },
  'GET /perms/users/{id}': { make: holder },
  'PUT /perms/users/{id}': { make: holder, body: () => ({ userId: randomUUID(), permissions: [] }) },
  'DELETE /perms/users/{id}': { make: holder },
  'GET /perms/users/{id}/permissions': { make: person, query: '?indexField=userId&expanded=true' },
  'POST /perms/users/{id}/permissions': { make: holder, body: () => ({ permissionName: 'notes.item.put' }) },
  'DELETE /perms/users/{id}/permissions/{name}': {
    make: async (owner) => [...(await holder(owner)), 'notes.item.get'],
  },
  'GET /configurations/entries/{id}': { make: byPost('/configurations/entries', entry) },
  'PUT /configurations/entries/{id}': { make: byPost('/configurations/entries', entry), body: entry },
  'DELETE /configurations/entries/{id}': { make: byPost('/configurations/entries', entry) },
  'GET /note-types/{id}': { make: async (owner) => [await typeOf(owner)] },
  'PUT /note-types/{id}': { make: async (owner) => [await typeOf(owner)], body: () => ({ name: some() }) },
  'DELETE /note-types/{id}': { make: async (owner) => [await typeOf(owner)] },
  'GET /notes/{id}': { make: note },
  'PUT /notes/{id}': { make: note, body: async (owner: Person) => noteBody(await typeOf(owner)) },
  'DELETE /notes/{id}': { make: note },
  'GET /note-links/domain/{domain}/type/{type}/id/{id}': {
    make: async (owner) => {
      await note(owner);
      return ['books', 'book', 'the-link'];
    },
  },
  'PUT /note-links/type/{type}/id/{id}': {
    make: async (owner) => ['book', ...(await note(owner))],
    body: (_, [, id]) => ({ notes: [{ id, status: 'ASSIGNED' }] }),
  },
  'GET /annotations/{id}': { make: annotation('/annotations', 'organization') },
  'PUT /annotations/{id}': { make: annotation('/annotations', 'organization'), body: () => changed },
  'DELETE /annotations/{id}': { make: annotation('/annotations', 'organization') },
  'PUT /annotations/{id}/hidden': {
    // One hides what comes from above; the own ones are changed.
    make: (_owner, umbrella) => annotation('/annotations', 'consortium')(umbrella),
    body: () => ({ hidden: true }),
  },
  'PUT /annotations/mine/{id}': { make: annotation('/annotations/mine', 'personal'), body: () => changed },
  'DELETE /annotations/mine/{id}': { make: annotation('/annotations/mine', 'personal') },
  'DELETE /accounts/sessions/{id}': { make: session },
  'PUT /accounts/people/{id}': { make: person, body: () => ({ active: false }) },
  'DELETE /invitations/{id}': { make: async (owner) => [(await invitation(owner)).id] },
  'GET /invitations/{token}': { make: async (owner) => [(await invitation(owner)).token], anonymous: true },
  'POST /invitations/{token}/accept': {
    make: async (owner) => [(await invitation(owner)).token],
    body: () => ({ username: some(), password: 'a password of some length', lastName: 'Doe' }),
    anonymous: true,
  },
  'DELETE /api-keys/{id}': {
    make: byPost('/api-keys', () => ({ name: some(), permissions: ['reports.get'] })),
  },
  'DELETE /shares/{id}': { make: byPost('/shares', share) },
  'DELETE /organizations/relations/{id}': {
    make: (owner) => Promise.resolve([`umbrella#${owner.tenant === 'bear' ? 1 : 2}`]),
  },
  'GET /reports/page-views/{id}': { make: pageView },
};
