import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModuleDescriptor } from '#gateway';
import type { AdminAnswer } from '../support/admin-client.ts';
import { TARGETS } from '../support/idor-objects.ts';
import { addPeople, type Ask, asking, type Person } from '../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../support/okapi-world.ts';

/** Two organizations that have nothing to do with each other, an umbrella that acts for both, and one of crow alone. */
const MAP = `
- user: { prefix: bear, brum_trace: trace-of-bear, expire: 2035-01-01 }
- user: { prefix: crow, brum_trace: trace-of-crow, expire: 2035-01-01 }
- user: { prefix: umbrella, expire: 2035-01-01 }
- relation: { tenant: umbrella, executes_as: [bear], modules: [notes], expire: 2034-01-01 }
- relation: { tenant: umbrella, executes_as: [crow], modules: [notes], expire: 2034-01-01 }
- user: { prefix: owl, expire: 2035-01-01 }
- relation: { tenant: owl, executes_as: [crow], modules: [notes], permissions: ['*'], expire: 2034-01-01 }
`;

/**
 * Only operators hold permissions about the whole installation, and they see all of it: what is about tenants there is not the tenants'. Everybody else
 * is refused before any id is looked at.
 */
const OF_OPERATORS = '/operations/';

let world: OkapiWorld;
let routes: readonly string[];
let ann: Person;
let bob: Person;
let olga: Person;
beforeAll(async () => {
  world = await startOkapiWorld(MAP);
  const listed = await world.must('GET', '/_/proxy/modules?full=true');
  const modules = listed.json<ModuleDescriptor[]>();
  routes = modules.flatMap(({ provides = [] }) =>
    provides
      .filter(({ interfaceType }) => interfaceType !== 'system')
      .flatMap(({ handlers = [] }) => handlers)
      .flatMap(({ methods = [], pathPattern = '' }) => methods.map((method) => `${method} ${pathPattern}`)),
  );
  // Everything that an organization's own people can hold.
  const permissions = modules
    .flatMap(({ permissionSets = [] }) => permissionSets)
    .map(({ permissionName }) => permissionName)
    .filter((name) => !name.startsWith('operations.') && name !== 'role.operator');
  [ann, bob, olga] = await addPeople(
    world,
    { tenant: 'bear', username: 'ann', permissions },
    { tenant: 'crow', username: 'bob', permissions },
    { tenant: 'owl', username: 'olga', permissions },
  );
});
afterAll(() => world?.remove());

const withId = (): readonly string[] => routes.filter((route) => route.includes('{'));

/** An id of the same form and length that nobody has: only the end is another, since the beginning may carry a meaning. */
const like = (id: string): string =>
  /^[0-9a-f-]{36}$/.test(id)
    ? randomUUID()
    : id.replace(/.{3}$/, (end) =>
        end
          .replaceAll(/\d/g, (digit) => String((Number(digit) + 3) % 10))
          .replaceAll(/[a-z]/gi, (letter) => (letter === 'q' ? 'r' : 'q')),
      );

/** All that an answer tells, but for the ids that were asked for, moments and request ids. */
const told = ({ status, headers, text }: AdminAnswer, ids: readonly string[]): unknown => {
  const plain = (value: string): string =>
    ids
      .toSorted((a, b) => b.length - a.length)
      .reduce((all, id) => all.replaceAll(id, '<id>').replaceAll(encodeURIComponent(id), '<id>'), value)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>');
  const said = [...headers].filter(([name]) => !['date', 'x-okapi-request-id'].includes(name));
  // A length follows from the ids, which are of one length.
  return { status, headers: said.map(([name, value]) => `${name}: ${plain(value)}`), text: plain(text) };
};

const pathOf = (pattern: string, ids: readonly string[]): string => {
  let index = 0;
  return pattern.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent(ids[index++] ?? ''));
};

/** Everything that lists show to people of an organization. */
const LISTS = [
  '/users?limit=1000',
  '/perms/users?limit=1000',
  '/configurations/entries?limit=1000',
  '/note-types?limit=1000',
  '/notes?limit=1000',
  '/annotations',
  '/user-tenants',
  '/invitations',
  '/api-keys',
  '/shares',
  '/accounts/people',
  '/accounts/sessions',
  '/organizations/relations',
  '/organizations/audit',
];
const lists = async (who: Person): Promise<readonly string[]> =>
  Promise.all(
    LISTS.map(async (path) => {
      const answer = await who.ask('GET', path);
      expect(answer.status, `${path} ${answer.text}`).toBe(200);
      return `${path} ${answer.text.replaceAll(/"(?:seenAt|lastSeenAt|lastUsedAt)":"[^"]*"/g, '')}`;
    }),
  );

describe('an id in a path', () => {
  test('of every route of every built-in module is known to this sweep', () => {
    expect(withId().length).toBeGreaterThan(35);
    const unknown = withId().filter((route) => TARGETS[route] === undefined && !route.includes(OF_OPERATORS));
    expect(unknown).toEqual([]);
    expect(Object.keys(TARGETS).filter((route) => !withId().includes(route))).toEqual([]);
  });

  test.each(Object.keys(TARGETS))(
    'of another organization is one that nobody has, and nothing of it changes: %s',
    async (route) => {
      const target = TARGETS[route];
      if (target === undefined) throw new Error(route);
      const [method = '', pattern = ''] = route.split(' ');
      const theirs = await target.make(bob, olga);
      expect(theirs.every((id) => id !== '')).toBe(true);
      const before = await lists(bob);
      const ask: Ask = target.anonymous === true ? asking(world.url, 'bear') : ann.ask;
      const aim = async (ids: readonly string[], by: Ask, owner: Person): Promise<AdminAnswer> =>
        by(method, `${pathOf(pattern, ids)}${target.query ?? ''}`, await target.body?.(owner, ids));

      const others = theirs.map(like);
      const answers = [told(await aim(theirs, ask, ann), theirs), told(await aim(others, ask, ann), others)];
      expect(answers[0]).toEqual(answers[1]);
      expect(await lists(bob)).toEqual(before);

      // The request was a good one: the owner is answered.
      const own = await aim(theirs, target.anonymous === true ? asking(world.url, 'crow') : bob.ask, bob);
      expect([own.status, own.text], route).toEqual([expect.toSatisfy((status) => status < 300), own.text]);
    },
  );

  test('of the operators is refused to everybody else before it is looked at', async () => {
    for (const route of withId().filter((each) => each.includes(OF_OPERATORS))) {
      const [method = '', pattern = ''] = route.split(' ');
      for (const id of ['crow', 'umbrella#2', randomUUID()]) {
        const answer = await ann.ask(method, pathOf(pattern, [id]), method === 'GET' ? undefined : {});
        expect([answer.status, answer.text], route).toEqual([
          403,
          expect.stringMatching(/requires permission: operations\./),
        ]);
      }
    }
  });
});

describe('an id elsewhere in a request', () => {
  test.each<readonly [string, string, (id: string) => string, (id: string) => unknown, string]>([
    [
      'PUT',
      'the type of a note',
      () => '/notes/1c3bd7b1-8a4c-4a0a-9d27-0f7dc5a0a111',
      (typeId) => ({ title: 'x', domain: 'd', typeId }),
      'GET /note-types/{id}',
    ],
    [
      'POST',
      'the type of a new note',
      () => '/notes',
      (typeId) => ({ title: 'x', domain: 'd', typeId }),
      'GET /note-types/{id}',
    ],
    [
      'PUT',
      'a note that is linked',
      () => '/note-links/type/book/id/one',
      (id) => ({ notes: [{ id, status: 'UNASSIGNED' }] }),
      'GET /notes/{id}',
    ],
    [
      'POST',
      'the user of a password',
      () => '/authn/credentials',
      (userId) => ({ userId, password: 'a long password' }),
      'GET /users/{id}',
    ],
    [
      'DELETE',
      'the user whose password goes',
      (id) => `/authn/credentials?userId=${id}`,
      () => undefined,
      'GET /users/{id}',
    ],
    [
      'POST',
      'the user who signs in',
      () => '/authn/login',
      (userId) => ({ userId, password: 'a long password' }),
      'GET /users/{id}',
    ],
    ['GET', 'the user in a query', (id) => `/users?query=id==${id}`, () => undefined, 'GET /users/{id}'],
    [
      'GET',
      'the user of an affiliation',
      (id) => `/user-tenants?userId=${id}`,
      () => undefined,
      'GET /users/{id}',
    ],
    ['GET', 'a note in a query', (id) => `/notes?query=id==${id}`, () => undefined, 'GET /notes/{id}'],
    [
      'POST',
      'the token of a share',
      () => '/shares/open',
      (token) => ({ token }),
      'GET /invitations/{token}',
    ],
  ])('%s %s', async (method, _, path, body, kind) => {
    const [theirs = ''] = (await TARGETS[kind]?.make(bob, olga)) ?? [];
    const before = await lists(bob);
    const other = like(theirs);
    const [one, two] = [
      await ann.ask(method, path(theirs), body(theirs)),
      await ann.ask(method, path(other), body(other)),
    ];
    expect(told(one, [theirs])).toEqual(told(two, [other]));
    expect(await lists(bob)).toEqual(before);
  });
});
