import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPeople, type Person } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

let world: OkapiWorld;
let ann: Person;
let other: Person;
beforeAll(async () => {
  world = await startOkapiWorld(
    '- user: { prefix: diku, expire: 2035-01-01 }\n- user: { prefix: other, expire: 2035-01-01 }\n',
  );
  const permissions = ['perms.all', 'users.all', 'notes.item.get', 'notes.all'];
  [ann, other] = await addPeople(
    world,
    { tenant: 'diku', username: 'ann', permissions },
    { tenant: 'other', username: 'oto', permissions },
  );
});
afterAll(() => world?.remove());

type Permissions = {
  permissions: { permissionName: string; subPermissions?: string[] }[];
  totalRecords: number;
};
type Names = { permissionNames: string[]; totalRecords: number };
const query = (cql: string): string => `query=${encodeURIComponent(cql)}`;
const ask = async (parameters: string): Promise<Permissions> => {
  const answer = await ann.ask('GET', `/perms/permissions?${parameters}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json();
};

describe('§5.4 GET /perms/permissions', () => {
  test('§4.4.9 the question of mod-authtoken gives one set with all that it stands for', async () => {
    const { permissions, totalRecords } = await ask(
      `expanded=true&${query('permissionName=="role.administrator"')}`,
    );
    expect(totalRecords).toBe(1);
    const [role] = permissions;
    // A set in the set, and what that one contains.
    expect(role?.subPermissions).toEqual(expect.arrayContaining(['perms.all', 'perms.users.item.put']));
    expect(role?.subPermissions).not.toContain('role.administrator');
    const plain = await ask(query('permissionName=="role.administrator"'));
    expect(plain.permissions[0]?.subPermissions).not.toContain('perms.users.item.put');
  });

  test('§5.4 by name, by part of it, by several, sorted and paged', async () => {
    const some = query(
      'permissionName==notes.item.* not permissionName==notes.item.put sortby permissionName/sort.descending',
    );
    const { permissions, totalRecords } = await ask(`${some}&limit=2`);
    expect(permissions.map(({ permissionName }) => permissionName)).toEqual([
      'notes.item.post',
      'notes.item.get',
    ]);
    expect(totalRecords).toBe(3);
    expect((await ask(query('permissionName==no.such'))).permissions).toEqual([]);
    const two = await ask(query('permissionName==("notes.item.get" or "notes.item.put")'));
    expect(two.totalRecords).toBe(2);
    const pages = await Promise.all([0, 3].map((offset) => ask(`limit=3&offset=${offset}`)));
    const names = pages.flatMap((page) => page.permissions.map(({ permissionName }) => permissionName));
    expect(names).toEqual(names.toSorted());
    expect(new Set(names).size).toBe(6);
  });

  test('§5.4 a query that cannot be read, or asks for an unknown field, is 400 and says why', async () => {
    for (const [cql, why] of [
      ['permissionName==', 'a value'],
      ['colour==red', 'known are permissionName'],
    ] as const) {
      const answer = await ann.ask('GET', `/perms/permissions?${query(cql)}`);
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(why)]);
    }
  });

  test('§5.4 knows what modules of this tenant have announced, and nothing of another', async () => {
    await world.add({
      id: 'books-1.0.0',
      provides: [],
      permissionSets: [{ permissionName: 'books.read', displayName: 'read books' }],
    });
    await world.must('POST', '/_/proxy/tenants/diku/modules', { id: 'books-1.0.0' });
    expect((await ask(query('permissionName==books.*'))).permissions).toEqual([
      { permissionName: 'books.read', displayName: 'read books' },
    ]);
    const elsewhere = await other.ask('GET', `/perms/permissions?${query('permissionName==books.*')}`);
    expect(elsewhere.json()).toEqual({ permissions: [], totalRecords: 0 });
  });
});

describe('§5.4 /perms/users', () => {
  const make = async (permissions: readonly string[]): Promise<{ id: string; userId: string }> => {
    const made = await ann.ask('POST', '/perms/users', { userId: randomUUID(), permissions });
    expect(made.status, made.text).toBe(201);
    return made.json();
  };

  test('§5.4 POST, GET, PUT and DELETE of a record', async () => {
    const user = await make(['notes.item.get']);
    const path = `/perms/users/${user.id}`;
    expect((await ann.ask('GET', path)).json()).toEqual({ ...user, permissions: ['notes.item.get'] });
    expect((await ann.ask('PUT', path, { ...user, permissions: [] })).status).toBe(204);
    expect((await ann.ask('GET', path)).json()).toEqual({ ...user, permissions: [] });
    const list = (await ann.ask('GET', `/perms/users?${query(`userId==${user.userId}`)}`)).json();
    expect(list).toEqual({ permissionUsers: [{ ...user, permissions: [] }], totalRecords: 1 });
    expect((await ann.ask('DELETE', path)).status).toBe(204);
    const gone = await ann.ask('GET', path);
    expect([gone.status, gone.text]).toEqual([404, `User does not exist: ${user.id}`]);
  });

  test('§5.4 permissions of a user by indexField=userId: as assigned, expanded, in full', async () => {
    const { id, userId } = await make(['notes.all', 'perms.users.get']);
    const names = async (path: string): Promise<Names> => (await ann.ask('GET', path)).json();
    const by = `/perms/users/${userId}/permissions?indexField=userId`;
    expect(await names(by)).toEqual({ permissionNames: ['notes.all', 'perms.users.get'], totalRecords: 2 });
    expect(await names(`/perms/users/${id}/permissions`)).toEqual(await names(by));
    const expanded = await names(`${by}&expanded=true&full=false`);
    expect(expanded.permissionNames).toEqual(expect.arrayContaining(['notes.all', 'notes.item.get']));
    expect(expanded.totalRecords).toBe(expanded.permissionNames.length);
    const full = await ann.ask('GET', `${by}&full=true`);
    expect(full.json()).toMatchObject({
      permissionNames: [{ permissionName: 'notes.all' }, { permissionName: 'perms.users.get' }],
    });
  });

  test('§4.4.9 nobody is 404 with the text that mod-authtoken hands on', async () => {
    const id = randomUUID();
    const answer = await ann.ask('GET', `/perms/users/${id}/permissions?expanded=true&indexField=userId`);
    expect([answer.status, answer.text]).toEqual([404, `User does not exist: ${id}`]);
  });

  test('§5.4 a single permission is added and taken away', async () => {
    const { id } = await make([]);
    const path = `/perms/users/${id}/permissions`;
    const added = await ann.ask('POST', path, { permissionName: 'notes.item.get' });
    expect([added.status, added.json()]).toEqual([200, { permissionName: 'notes.item.get' }]);
    expect((await ann.ask('DELETE', `${path}/notes.item.get`)).status).toBe(204);
    expect((await ann.ask('GET', path)).json()).toEqual({ permissionNames: [], totalRecords: 0 });
  });

  test('§5.4 a record of the same user twice is 422, and of no user id as well', async () => {
    const { userId } = await make([]);
    expect((await ann.ask('POST', '/perms/users', { userId })).status).toBe(422);
    expect((await ann.ask('POST', '/perms/users', { permissions: [] })).status).toBe(422);
  });
});

test('§2.6 the system interface is not there for clients', async () => {
  const answer = await ann.ask('POST', '/_/tenantpermissions', { moduleId: 'evil-1.0.0', perms: [] });
  expect(answer.status).toBe(401);
  const invoked = await ann.ask('POST', '/_/invoke/tenant/diku/_/tenantpermissions', { moduleId: 'evil' });
  expect(invoked.status).toBe(404);
});
