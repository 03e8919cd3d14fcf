import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPeople, asking, PASSWORD, type Person } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

let world: OkapiWorld;
let ann: Person;
let oto: Person;

beforeAll(async () => {
  world = await startOkapiWorld(
    '- user: { prefix: diku, expire: 2035-01-01 }\n- user: { prefix: other, expire: 2035-01-01 }\n',
  );
  const permissions = ['users.all'];
  [ann, oto] = (await addPeople(
    world,
    { tenant: 'diku', username: 'ann', permissions },
    { tenant: 'other', username: 'oto', permissions },
  )) as [Person, Person];
});
afterAll(() => world?.remove());

test('nobody of a deleted tenant finds an account in one that has its id later', async () => {
  expect((await ann.ask('GET', '/users')).status).toBe(200);
  await world.must('DELETE', '/_/proxy/tenants/diku');
  await world.must('POST', '/_/proxy/tenants', { id: 'diku' });
  await expect.poll(async () => (await ann.ask('GET', '/users')).status, { timeout: 15_000 }).toBe(401);
  const diku = asking(world.url, 'diku');
  const login = { username: 'ann', password: PASSWORD };
  expect((await diku('POST', '/authn/login', login)).status).toBe(422);
  expect((await oto.ask('GET', '/users')).status).toBe(200);

  const [again] = (await addPeople(world, {
    tenant: 'diku',
    username: 'ann',
    permissions: ['users.all'],
  })) as [Person];
  expect((await again.ask('GET', '/users')).json()).toMatchObject({ totalRecords: 1 });
});
