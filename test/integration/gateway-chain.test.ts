import { afterEach, expect, it } from 'vitest';
import type { Module } from '#gateway/contract';
import { authModule, type Seen, spyModule, startWorld, type World } from '../support/gateway-world.ts';

// docs/reference/tenant-resolution.md, "Modules that call back": a relation names the first module of a chain only.
const users = `
- user: { prefix: a, expire: 2028-01-01 }
- user: { prefix: b, expire: 2028-01-01 }
- relation: { tenant: a, executes_as: [b], modules: [first], permissions: ["*"], expire: 2027-12-31 }
`;

const seen: Seen[] = [];
let world: World;
afterEach(async () => {
  seen.length = 0;
  await world.stop();
});

const MODULES = ['mod-auth-1.0.0', 'mod-first-1.0.0', 'mod-second-1.0.0', 'mod-third-1.0.0'];

/** A module that answers `/<name>` with what the next one answers. */
const link = (name: string, next: string | null): Module =>
  spyModule(
    {
      id: `mod-${name}-1.0.0`,
      provides: [
        {
          id: name,
          version: '1.0',
          handlers: [{ methods: ['GET'], pathPattern: `/${name}`, permissionsRequired: [] }],
        },
      ],
    },
    seen,
    async (request) => {
      if (next === null) return { status: 200, body: name };
      const answer = await request.call({ method: 'GET', path: `/${next}` });
      return { status: answer.status, body: `${name} ${answer.text()}` };
    },
  );

it('stays in the tenant of a relation along a chain of modules, of which the relation names the first', async () => {
  world = await startWorld(users, [
    authModule(() => []),
    link('first', 'second'),
    link('second', 'third'),
    link('third', null),
  ]);
  world.store.enable('a', 'mod-auth-1.0.0');
  for (const id of MODULES) world.store.enable('b', id);

  const headers = { 'X-Okapi-Tenant': 'a', 'X-Okapi-Token': world.token('a') };
  const answer = await world.send({ path: '/first', headers });

  expect([answer.status, answer.text]).toEqual([200, 'first second third']);
  expect(seen.map(({ module, tenant, originTenant }) => [module, tenant, originTenant])).toEqual([
    ['mod-first-1.0.0', 'b', 'a'],
    ['mod-second-1.0.0', 'b', 'a'],
    ['mod-third-1.0.0', 'b', 'a'],
  ]);
});

it.each(['in process', 'remote'] as const)(
  'lends what a module %s does for nobody to no other tenant: no rule, no only candidate, no tenant that it names',
  async (hosting) => {
    const rules = `${users.replace('modules: [first]', 'modules: [second, third]')}`.replace(
      'permissions:',
      'when: [{ path: /second, tenant: b }], permissions:',
    );
    const calls = [
      { method: 'GET', path: '/second' },
      { method: 'GET', path: '/third' },
      { method: 'GET', path: '/third', tenant: 'b' },
    ];
    const timer = spyModule(
      {
        id: 'mod-first-1.0.0',
        provides: [
          {
            id: 'first',
            version: '1.0',
            handlers: [{ methods: ['GET'], pathPattern: '/first', permissionsRequired: [] }],
          },
        ],
      },
      seen,
      async (request) => {
        const answers = await Promise.all(calls.map((call) => request.call(call)));
        return { status: 200, body: answers.map(({ status }) => status).join(' ') };
      },
    );
    const modules = [authModule(() => []), timer, link('second', null), link('third', null)];
    world = await startWorld(rules, modules, {}, hosting);
    for (const id of MODULES.slice(0, 3)) world.store.enable('a', id);
    for (const id of MODULES) world.store.enable('b', id);

    const byNobody = await world.send({ path: '/first', headers: { 'X-Okapi-Tenant': 'a' } });
    expect([byNobody.status, byNobody.text]).toEqual([200, '200 404 403']);
    expect(seen.map(({ module, tenant }) => [module, tenant])).toEqual([
      ['mod-first-1.0.0', 'a'],
      ['mod-second-1.0.0', 'a'],
    ]);

    const headers = { 'X-Okapi-Tenant': 'a', 'X-Okapi-Token': world.token('a') };
    const byAnna = await world.send({ path: '/first', headers });
    expect([byAnna.status, byAnna.text]).toEqual([200, '200 200 200']);
    expect(new Set(seen.slice(2).map(({ module, tenant }) => `${module} ${tenant}`))).toEqual(
      new Set(['mod-first-1.0.0 a', 'mod-second-1.0.0 b', 'mod-third-1.0.0 b']),
    );
  },
);

it.each([
  ['goes on by the relation that let it in, at another place of the file', users, 200],
  ['is refused when that relation is gone and another one has its place', '', 403],
])('a request that is under way when the users map is edited %s', async (_, kept, status) => {
  const inFront = '- relation: { tenant: a, executes_as: [b], modules: [other], permissions: ["other.*"] }\n';
  const first = spyModule(
    {
      id: 'mod-first-1.0.0',
      provides: [
        {
          id: 'first',
          version: '1.0',
          handlers: [{ methods: ['GET'], pathPattern: '/first', permissionsRequired: [] }],
        },
      ],
    },
    seen,
    async (request) => {
      const [ofA, ofB, relation = ''] = users.trim().split('\n');
      world.map([ofA, ofB, inFront, kept === '' ? '' : relation].join('\n'));
      const answer = await request.call({ method: 'GET', path: '/second' });
      return { status: 200, body: String(answer.status) };
    },
  );
  world = await startWorld(users, [authModule(() => []), first, link('second', null)]);
  world.store.enable('a', 'mod-auth-1.0.0');
  for (const id of MODULES.slice(0, 3)) world.store.enable('b', id);
  const headers = { 'X-Okapi-Tenant': 'a', 'X-Okapi-Token': world.token('a') };
  expect((await world.send({ path: '/first', headers })).text).toBe(String(status));
});
