import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPeople, PASSWORD, type Person } from '../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../support/okapi-world.ts';
import { poll } from '../support/poll.ts';

/** An organization and its umbrella; two others with an umbrella of their own. */
const MAP = `
- user: { prefix: bear, brum_trace: trace-of-bear, expire: 2035-01-01 }
- user: { prefix: umbrella, expire: 2035-01-01 }
- user: { prefix: crow, brum_trace: trace-of-crow, expire: 2035-01-01 }
- user: { prefix: deer, brum_trace: trace-of-deer, expire: 2035-01-01 }
- user: { prefix: rival, expire: 2035-01-01 }
- relation: { tenant: umbrella, executes_as: [bear], modules: [notes, reports], permissions: ['*'], expire: 2034-01-01 }
- relation: { tenant: rival, executes_as: [crow, deer], modules: [notes, reports], permissions: ['*'], expire: 2034-01-01 }
`;
/** In every text that they write. */
const WORDS = { crow: 'charliecharlie', deer: 'deltadelta', rival: 'romeoromeo' } as const;
/** The same ids in all organizations: nothing may hold a record by its id alone. */
const NOTE = '1c3bd7b1-8a4c-4a0a-9d27-0f7dc5a0a111';
const TYPE = '1c3bd7b1-8a4c-4a0a-9d27-0f7dc5a0a222';

const from = new Date(Date.now() - 3_600_000).toISOString();
const to = new Date(Date.now() + 3_600_000).toISOString();
const PERIOD = `from=${from}&to=${to}`;

let world: OkapiWorld;
let ann: Person;
let una: Person;
let bob: Person;
let dan: Person;
let rob: Person;

const must = async (person: Person, method: string, path: string, body?: unknown, tenant = person.tenant) => {
  const answer = await person.ask(method, path, body, { 'x-okapi-tenant': tenant });
  expect(answer.status, `${method} ${path} ${answer.text}`).toBeLessThan(300);
  return answer;
};

/** Writes one of everything that an organization has, each text with the word in it. */
const fill = async (person: Person, word: string): Promise<void> => {
  const post = async (path: string, body: unknown): Promise<{ id: string }> =>
    (await must(person, 'POST', path, body)).json();
  await post('/note-types', { id: TYPE, name: `${word} kind` });
  const links = [{ id: 'one', type: 'book' }];
  await post('/notes', {
    id: NOTE,
    title: `${word} note`,
    domain: 'books',
    typeId: TYPE,
    links,
    content: word,
  });
  for (const scope of ['personal', 'organization'])
    await post('/annotations', { kind: 'deploy', title: `${word} ${scope}`, scope });
  const { id } = await post('/users', {
    username: `${word}-user`,
    personal: { lastName: word, email: `${word}@x.example` },
  });
  await post('/perms/users', { userId: id, permissions: ['notes.item.get'] });
  await post('/authn/credentials', { userId: id, password: PASSWORD }).catch(() => undefined);
  await post('/user-tenants', { userId: id, username: `${word}-user`, tenantId: person.tenant });
  await post('/configurations/entries', { module: 'APP', configName: `${word} setting`, value: word });
  await post('/api-keys', { name: `${word} key`, permissions: ['reports.get'] });
  await post('/invitations', { role: 'viewer', name: `${word} invited` });
  await post('/shares', { name: `${word} share`, page: 'overview', selection: { from, to } });
};

/** Sends page views and waits until the organization's own reports count them. */
const visit = async (person: Person, word: string, count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) {
    const body = new URLSearchParams({
      u: `https://${word}.example/${word}-${index}`,
      pid: `${word}${index}`,
      'pt.lcp': '1200',
    });
    const sent = await fetch(`${world.url}/beacon/catcher?brum_trace=trace-of-${person.tenant}`, {
      method: 'POST',
      body,
    });
    expect(sent.status).toBe(204);
  }
  await poll(`the page views of ${person.tenant}`, async () => {
    const summary = await person.ask('GET', `/reports/summary?bots=with&${PERIOD}`);
    return summary.json<{ views: number }>().views === count;
  });
};

/** What people look at. */
const PATHS = [
  `/consortium/matrix?bots=with&${PERIOD}`,
  `/consortium/matrix?bots=with&format=csv&${PERIOD}`,
  '/annotations',
  '/annotations/kinds',
  '/notes',
  `/notes/${NOTE}`,
  '/notes?query=title=*',
  '/note-types',
  `/note-types/${TYPE}`,
  '/note-links/domain/books/type/book/id/one',
  '/accounts/me',
  '/accounts/people',
  '/accounts/roles',
  '/accounts/sessions',
  '/invitations',
  '/api-keys',
  '/shares',
  '/users?limit=1000',
  '/perms/users?limit=1000',
  '/perms/permissions?limit=10000&expanded=true',
  '/user-tenants',
  '/configurations/entries',
  '/organizations',
  '/organizations/relations',
  '/organizations/audit',
];
/** What an umbrella may look at for its member. */
const ABROAD = ['/annotations', '/annotations/kinds', '/notes', `/notes/${NOTE}`, '/note-types'];

/** When somebody was seen last is of his own doing while he asks. */
const steady = (text: string): string =>
  text
    .replaceAll(/"(?:seenAt|lastSeenAt|lastUsedAt|lastSignInAt)":"[^"]*"/g, '')
    .replaceAll(/"version":"[^"]*"/g, '');

const look = async (): Promise<ReadonlyMap<string, string>> => {
  const seen = new Map<string, string>();
  for (const [person, tenant, paths] of [
    [ann, 'bear', PATHS],
    [una, 'umbrella', PATHS.filter((path) => !path.includes(NOTE) && !path.includes(TYPE))],
    [una, 'bear', ABROAD],
  ] as const)
    for (const path of paths) {
      const answer = await person.ask('GET', path, undefined, { 'x-okapi-tenant': tenant });
      expect(answer.status, `${path} ${answer.text}`).toBe(200);
      const headers = [...answer.headers].filter(
        ([name]) => name !== 'date' && name !== 'x-okapi-request-id',
      );
      seen.set(
        `${person.username} for ${tenant}: ${path}`,
        steady(`${JSON.stringify(headers)}\n${answer.text}`),
      );
    }
  return seen;
};

beforeAll(async () => {
  world = await startOkapiWorld(MAP);
  const permissions = [
    'role.administrator',
    'role.editor',
    'notes.all',
    'configuration.all',
    'user-tenants.all',
    'perms.all',
    'users.all',
    'login.all',
    'accounts.all',
    'organizations.all',
    'reports.all',
    'consortium.all',
  ];
  [ann, una, bob, dan, rob] = await addPeople(
    world,
    { tenant: 'bear', username: 'ann', permissions },
    { tenant: 'umbrella', username: 'una', permissions },
    { tenant: 'crow', username: 'bob', permissions },
    { tenant: 'deer', username: 'dan', permissions },
    { tenant: 'rival', username: 'rob', permissions },
  );
  await fill(ann, 'bravobravo');
  await must(una, 'POST', '/annotations', { kind: 'deploy', title: 'from above', scope: 'consortium' });
  await must(una, 'POST', '/annotations', { kind: 'deploy', title: 'of the umbrella' }, 'bear');
  await visit(ann, 'bravobravo', 3);
});
afterAll(() => world?.remove());

describe('what an organization and its umbrella are told', () => {
  test('is the same to the last byte whether others have anything or not, and while they change it', async () => {
    // What the umbrella does for its member is noted a little later, once.
    const alone = await poll('nothing changes by looking', async () => {
      const [first, second] = [await look(), await look()];
      return isDeepStrictEqual(first, second) ? second : undefined;
    });

    await Promise.all([fill(bob, WORDS.crow), fill(dan, WORDS.deer), fill(rob, WORDS.rival)]);
    await must(rob, 'POST', '/annotations', { kind: 'deploy', title: WORDS.rival, scope: 'consortium' });
    await must(rob, 'POST', '/annotations', { kind: 'deploy', title: WORDS.rival }, 'crow');
    await must(rob, 'POST', '/notes', { title: WORDS.rival, domain: 'books', typeId: TYPE }, 'deer');
    await Promise.all([visit(bob, WORDS.crow, 5), visit(dan, WORDS.deer, 7)]);
    const beside = await look();
    for (const [what, text] of beside) {
      expect(text, what).toBe(alone.get(what));
      for (const word of Object.values(WORDS))
        expect(text.includes(word), `${what} shows ${word}`).toBe(false);
    }

    for (const person of [bob, dan, rob]) {
      await must(person, 'PUT', `/note-types/${TYPE}`, { name: 'changed' });
      await must(person, 'DELETE', `/notes/${NOTE}`);
      const { keys } = (await must(person, 'GET', '/api-keys')).json<{ keys: { id: string }[] }>();
      for (const { id } of keys) await must(person, 'DELETE', `/api-keys/${id}`);
    }
    expect(await look()).toEqual(alone);
  });

  test('is told to the others of their own: what this suite looks for is there', async () => {
    for (const [person, word] of [
      [bob, WORDS.crow],
      [dan, WORDS.deer],
    ] as const)
      for (const path of [
        '/annotations',
        '/accounts/people',
        '/invitations',
        '/api-keys',
        '/shares',
        '/users?limit=1000',
        '/user-tenants',
        '/configurations/entries',
        '/organizations/audit',
      ]) {
        const { text } = await must(person, 'GET', path);
        expect(text.includes(word), `${path} ${text}`).toBe(true);
        expect(text).not.toContain('bravobravo');
      }
    const matrix = await must(rob, 'GET', `/consortium/matrix?bots=with&${PERIOD}`);
    const rows = matrix.json<{ rows: { tenant: string; views: number | null }[] }>().rows;
    expect(rows.map(({ tenant, views }) => [tenant, views])).toEqual([
      ['rival', null],
      ['crow', 5],
      ['deer', 7],
    ]);
  });
});
