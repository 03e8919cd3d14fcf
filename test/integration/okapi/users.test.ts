import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPeople, asking, type Person } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

let world: OkapiWorld;
let ann: Person;
let other: Person;
beforeAll(async () => {
  world = await startOkapiWorld(
    '- user: { prefix: diku, expire: 2035-01-01 }\n- user: { prefix: other, expire: 2035-01-01 }\n',
  );
  const permissions = ['users.all', 'user-tenants.all'];
  [ann, other] = await addPeople(
    world,
    { tenant: 'diku', username: 'ann', permissions },
    { tenant: 'other', username: 'ann', permissions },
  );
});
afterAll(() => world?.remove());

type Users = { users: { id: string; username: string }[]; totalRecords: number };
type Affiliations = { userTenants: Record<string, string>[]; totalRecords: number };

describe('§5.3 /users', () => {
  test('§5.3 POST makes a user: 201 with its Location, further members kept, who made it and when', async () => {
    const sent = {
      username: 'bob',
      active: false,
      type: 'patron',
      barcode: 'B-7',
      externalSystemId: 'ext-7',
      patronGroup: 'students',
      personal: { lastName: 'Builder', firstName: 'Bob', middleName: 'B.', email: 'bob@example.org' },
      customFields: { shoe: 43 },
    };
    const made = await ann.ask('POST', '/users', sent);
    const user = made.json<{ id: string; metadata: Record<string, string> }>();
    expect([made.status, made.headers.get('location')]).toEqual([201, `/users/${user.id}`]);
    expect(user).toMatchObject(sent);
    expect(user.metadata).toMatchObject({ createdByUserId: ann.id, updatedByUserId: ann.id });
    expect((await ann.ask('GET', `/users/${user.id}`)).json()).toEqual(user);
  });

  test('§5.3 GET of a user that is not there is 404 in plain text', async () => {
    const answer = await ann.ask('GET', `/users/${randomUUID()}`);
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([
      404,
      'text/plain',
      'the user was not found',
    ]);
  });

  test('§5.3 GET lists by query, limit and offset, with totalRecords and resultInfo', async () => {
    for (const username of ['page-1', 'page-2', 'page-3'])
      expect((await ann.ask('POST', '/users', { username, personal: { lastName: 'Page' } })).status).toBe(
        201,
      );
    const query = encodeURIComponent('personal.lastName==Page sortby username/sort.descending');
    const list = (await ann.ask('GET', `/users?query=${query}&limit=2&offset=1`)).json<Users>();
    expect(list.users.map(({ username }) => username)).toEqual(['page-2', 'page-1']);
    expect(list).toMatchObject({ totalRecords: 3, resultInfo: { totalRecords: 3 } });
    const wrong = await ann.ask('GET', '/users?query=shoe==43');
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('the field shoe')]);
  });

  test('§5.3 PUT changes a user, 204, and keeps who made it; DELETE removes it, 204; then it is 404', async () => {
    const { id } = (await ann.ask('POST', '/users', { username: 'carl' })).json<{ id: string }>();
    const path = `/users/${id}`;
    expect((await ann.ask('PUT', path, { id, username: 'carl', active: false })).status).toBe(204);
    expect((await ann.ask('GET', path)).json()).toMatchObject({
      active: false,
      metadata: { createdByUserId: ann.id },
    });
    expect((await ann.ask('DELETE', path)).status).toBe(204);
    for (const [method, body] of [['GET'], ['DELETE'], ['PUT', { username: 'carl' }]] as const)
      expect((await ann.ask(method, path, body)).status, method).toBe(404);
  });

  test('§5.3 a second user of the same name is 422 with the name', async () => {
    const answer = await ann.ask('POST', '/users', { username: 'ann' });
    expect([answer.status, answer.json()]).toEqual([
      422,
      expect.objectContaining({
        errors: [expect.objectContaining({ parameters: [{ key: 'username', value: 'ann' }] })],
      }),
    ]);
  });

  test('§5.3 each entry needs its permission', async () => {
    const [nobody] = await addPeople(world, { tenant: 'diku', username: 'nobody', permissions: [] });
    const path = `/users/${ann.id}`;
    for (const [method, at, permission] of [
      ['GET', '/users', 'users.collection.get'],
      ['POST', '/users', 'users.item.post'],
      ['GET', path, 'users.item.get'],
      ['PUT', path, 'users.item.put'],
      ['DELETE', path, 'users.item.delete'],
      ['GET', '/user-tenants', 'user-tenants.collection.get'],
      ['POST', '/user-tenants', 'user-tenants.item.post'],
      ['DELETE', '/user-tenants?tenantId=x', 'user-tenants.collection.delete'],
    ] as const) {
      const answer = await nobody.ask(method, at, method === 'GET' || method === 'DELETE' ? undefined : {});
      expect([answer.status, answer.text]).toEqual([
        403,
        `Access for user 'nobody' (${nobody.id}) requires permission: ${permission}`,
      ]);
    }
  });
});

describe('§5.3 /user-tenants', () => {
  const one = {
    userId: randomUUID(),
    username: 'dora',
    tenantId: 'other',
    centralTenantId: 'diku',
    consortiumId: randomUUID(),
    email: 'dora@example.org',
    phoneNumber: '+359 2 123',
    barcode: 'D-1',
    externalSystemId: 'ext-d',
  };
  const two = { ...one, userId: randomUUID(), username: 'd*', email: 'star@example.org', barcode: 'D-2' };
  const find = async (query: string): Promise<readonly string[]> => {
    const answer = await ann.ask('GET', `/user-tenants?${query}`);
    return answer.json<Affiliations>().userTenants.map(({ username }) => username ?? '');
  };

  test('§5.3 POST makes an affiliation, 201, and the same one twice is 422', async () => {
    for (const affiliation of [one, two]) {
      const made = await ann.ask('POST', '/user-tenants', affiliation);
      expect([made.status, made.json()]).toEqual([201, expect.objectContaining(affiliation)]);
    }
    expect((await ann.ask('POST', '/user-tenants', one)).status).toBe(422);
    expect((await ann.ask('POST', '/user-tenants', { tenantId: 'other' })).status).toBe(422);
  });

  test.each(Object.entries({ ...one, tenantId: undefined }).filter(([, value]) => value !== undefined))(
    '§5.3 GET filters by %s',
    async (field, value) => {
      const isOfBoth = ['centralTenantId', 'consortiumId', 'phoneNumber', 'externalSystemId'].includes(field);
      const found = await find(new URLSearchParams({ [field]: value ?? '' }).toString());
      expect(found.toSorted()).toEqual(isOfBoth ? ['d*', 'dora'] : ['dora']);
      expect(await find(`${field}=${randomUUID()}`)).toEqual([]);
    },
  );

  test('§5.3 GET filters by tenantId, and a star in a value is a star', async () => {
    expect((await find('tenantId=other')).toSorted()).toEqual(['d*', 'dora']);
    expect(await find('tenantId=diku')).toEqual([]);
    expect(await find('username=d*')).toEqual(['d*']);
    expect(await find(`username=${encodeURIComponent('" or userId=="')}`)).toEqual([]);
  });

  test('§5.3 GET joins the filters by queryOp, and pages by limit and offset', async () => {
    expect(await find('username=dora&barcode=D-2')).toEqual([]);
    expect(await find('username=dora&barcode=D-2&queryOp=and')).toEqual([]);
    expect((await find('username=dora&barcode=D-2&queryOp=or')).toSorted()).toEqual(['d*', 'dora']);
    const page = (await ann.ask('GET', '/user-tenants?tenantId=other&limit=1&offset=1')).json<Affiliations>();
    expect([page.userTenants.length, page.totalRecords]).toEqual([1, 2]);
    const wrong = await ann.ask('GET', '/user-tenants?queryOp=xor');
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('"xor"')]);
  });

  test('§5.3 another tenant has its own', async () => {
    expect((await other.ask('GET', '/user-tenants')).json()).toEqual({ userTenants: [], totalRecords: 0 });
  });

  test('§5.3 DELETE ?tenantId= removes those of that tenant, 204, and needs the parameter', async () => {
    const missing = await ann.ask('DELETE', '/user-tenants');
    expect([missing.status, missing.text]).toEqual([400, 'the parameter tenantId is missing']);
    expect((await ann.ask('DELETE', '/user-tenants?tenantId=diku')).status).toBe(204);
    expect(await find('tenantId=other')).toHaveLength(2);
    expect((await ann.ask('DELETE', '/user-tenants?tenantId=other&username=dora&queryOp=or')).status).toBe(
      204,
    );
    expect(await find('tenantId=other')).toEqual(['d*']);
    expect((await ann.ask('DELETE', '/user-tenants?tenantId=other')).status).toBe(204);
    expect(await find('tenantId=other')).toEqual([]);
  });

  test('§1.11 nobody without a token gets anything', async () => {
    const answer = await asking(world.url, 'diku')('GET', '/user-tenants');
    expect([answer.status, answer.text]).toEqual([
      400,
      'Token missing, access requires permission: user-tenants.collection.get',
    ]);
  });
});
