import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aModule, type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { poll } from '../../support/poll.ts';

const USERS_MAP = `--- # the organizations of the tests
# the first one pays
- user:
    prefix: first_one      # since 2019
    brum_trace: TRACE1
    name: First One
    expire: 2035-01-01
- user: { prefix: second, expire: 2035-01-01 } # the second one
- relation: { tenant: first_one, executes_as: [second], modules: [notes], permissions: ['*'], expire: 2035-01-01 }
`;

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld(USERS_MAP);
});
afterAll(() => world?.remove());

const map = () => readFile(join(world.server.folder, 'users-map.yaml'), 'utf8');
const post = (tenant: unknown) => world.ask('POST', '/_/proxy/tenants', tenant);

describe('§2.2 tenants', () => {
  test('are those of the users map', async () => {
    expect((await world.must('GET', '/_/proxy/tenants')).text).toBe(
      '[ {\n  "id" : "first_one",\n  "name" : "First One"\n}, {\n  "id" : "second",\n  "name" : "second"\n} ]',
    );
    expect((await world.must('GET', '/_/proxy/tenants/second')).json()).toEqual({
      id: 'second',
      name: 'second',
    });
    expect(await world.ask('GET', '/_/proxy/tenants/third')).toMatchObject({ status: 404, text: 'third' });
  });

  test('are added to the users map with a Location and an echo, comments and order kept', async () => {
    const answer = await post({ id: 'third', name: 'Third: "One" #3', description: 'the third' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/_/proxy/tenants/third');
    expect(answer.text).toBe(
      '{\n  "id" : "third",\n  "name" : "Third: \\"One\\" #3",\n  "description" : "the third"\n}',
    );
    expect((await world.must('GET', '/_/proxy/tenants/third')).text).toBe(answer.text);
    const text = await map();
    expect(text).toContain('# the first one pays');
    expect(text).toContain('prefix: first_one      # since 2019');
    expect(text).toContain('# the second one');
    expect(text.replace(/- user:\n +prefix: third\n +name: [^\n]*\n/, '')).toBe(USERS_MAP);
  });

  test('that are new have the built-in modules when the answer comes', async () => {
    await post({ id: 'fourth' });
    expect(await world.enabled('fourth')).toContain('mod-notes-1.0.0');
  });

  test('without an id get one of t and 30 hex digits', async () => {
    for (const tenant of [{}, { id: '' }]) {
      const { id } = (await post(tenant)).json<{ id: string }>();
      expect(id).toMatch(/^t[0-9a-f]{30}$/);
      await world.must('DELETE', `/_/proxy/tenants/${id}`);
    }
  });

  test('with a bad id are refused with the reason', async () => {
    const refusals: readonly (readonly [string, string])[] = [
      ['second', 'Duplicate tenant id second'],
      ['a-b', 'Tenant id must not contain minus: a-b'],
      ['a'.repeat(32), `Tenant id must not exceed 31 characters: ${'a'.repeat(32)}`],
      ['1', 'Tenant id must not start with a digit: 1'],
      [
        'Ab',
        'Invalid tenant id, may only contain a-z and 0-9 and must match [a-z][a-z0-9_]{0,30} but it is Ab',
      ],
      ['supertenant', 'Invalid tenant id supertenant, expected a prefix that is not a reserved word'],
      [
        'a_webperf',
        'Invalid tenant id a_webperf, expected a prefix without webperf or page_views, which are parts of table names',
      ],
    ];
    for (const [id, text] of refusals) {
      const answer = await post({ id });
      expect([id, answer.status, answer.text]).toEqual([id, 400, text]);
    }
  });

  test('with an underscore are accepted, since prefixes have them', async () => {
    expect((await post({ id: 'under_score' })).status).toBe(201);
    expect((await world.ask('DELETE', '/_/proxy/tenants/under_score')).status).toBe(204);
  });

  test('with wrong documents are refused', async () => {
    expect(await post({ id: 'x', extra: 1 })).toMatchObject({
      status: 400,
      text: 'Unrecognized field "extra"',
    });
    expect((await post('{"id":"x","__proto__":{"id":"y"}}')).text).toBe('Unrecognized field "__proto__"');
    expect((await post({ id: 7 })).text).toBe('id: Invalid input: expected string, received number');
    expect((await post('{"id":')).text).toMatch(/^Failed to decode: /);
    expect((await post({ id: 'x', name: 'n'.repeat(201) })).status).toBe(400);
    const long = await post({ id: 'y'.repeat(500_000) });
    expect([long.status, long.text.length < 1_000]).toEqual([400, true]);
  });
});

describe('§2.2 PUT', () => {
  const put = (id: string, tenant: unknown) => world.ask('PUT', `/_/proxy/tenants/${id}`, tenant);

  test('renames and describes, modules stay enabled', async () => {
    await post({ id: 'renamed', name: 'Old' });
    const before = await world.enabled('renamed');
    const answer = await put('renamed', { id: 'renamed', name: 'New', description: 'now' });
    expect([answer.status, answer.json()]).toEqual([200, { id: 'renamed', name: 'New', description: 'now' }]);
    expect((await world.must('GET', '/_/proxy/tenants/renamed')).json()).toEqual(answer.json());
    expect(await world.enabled('renamed')).toEqual(before);
    expect(await map()).toContain('name: "New"');
    await put('renamed', { id: 'renamed', name: 'New' });
    expect((await world.must('GET', '/_/proxy/tenants/renamed')).json()).toEqual({
      id: 'renamed',
      name: 'New',
    });
  });

  test('creates what is not there', async () => {
    expect((await put('put_made', { id: 'put_made', name: 'Made' })).status).toBe(200);
    expect((await world.must('GET', '/_/proxy/tenants/put_made')).json()).toMatchObject({ name: 'Made' });
    expect((await put('put-made', { id: 'put-made' })).status).toBe(400);
  });

  test('never changes an id', async () => {
    expect(await put('second', { id: 'other', name: 'x' })).toMatchObject({
      status: 400,
      text: "The tenant id must not be changed, old='second', new='other'",
    });
  });
});

describe('§2.2 DELETE', () => {
  test('removes the tenant from the users map and from the modules', async () => {
    await world.add(aModule('gone-1.0.0'));
    await post({ id: 'leaving', description: 'soon gone' });
    await world.must('POST', '/_/proxy/tenants/leaving/modules', { id: 'gone-1.0.0' });
    expect((await world.ask('DELETE', '/_/proxy/modules/gone-1.0.0')).status).toBe(400);
    expect(await world.ask('DELETE', '/_/proxy/tenants/leaving')).toMatchObject({ status: 204, text: '' });
    expect(await map()).not.toContain('leaving');
    expect((await world.ask('GET', '/_/proxy/tenants/leaving')).status).toBe(404);
    expect((await world.ask('GET', '/_/proxy/tenants/leaving/modules')).status).toBe(404);
    expect((await world.ask('DELETE', '/_/proxy/modules/gone-1.0.0')).status).toBe(204);
  });

  test('and one of the same name later is a new one', async () => {
    await world.add(aModule('extra-1.0.0'));
    await post({ id: 'again', description: 'first' });
    const fresh = await world.enabled('again');
    await world.must('POST', '/_/proxy/tenants/again/modules', { id: 'extra-1.0.0' });
    await world.must('DELETE', '/_/proxy/tenants/again/modules/mod-notes-1.0.0');
    await world.must('DELETE', '/_/proxy/tenants/again');
    await post({ id: 'again' });
    expect(await world.enabled('again')).toEqual(fresh);
    expect((await world.must('GET', '/_/proxy/tenants/again')).json()).toEqual({
      id: 'again',
      name: 'again',
    });
  });

  test('refuses a tenant that a relation still names, and one that is not there', async () => {
    const answer = await world.ask('DELETE', '/_/proxy/tenants/second');
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('second');
    expect((await world.ask('GET', '/_/proxy/tenants/second')).status).toBe(200);
    expect(await world.ask('DELETE', '/_/proxy/tenants/nobody')).toMatchObject({
      status: 404,
      text: 'nobody',
    });
    expect((await world.ask('DELETE', '/_/proxy/tenants/supertenant')).status).toBe(404);
  });
});

test('a tenant that is written into the file by hand is there with its modules', async () => {
  const { appendFile } = await import('node:fs/promises');
  await appendFile(
    join(world.server.folder, 'users-map.yaml'),
    '- user: { prefix: by_hand, expire: 2035-01-01 }\n',
  );
  await poll('the tenant has its modules', async () => {
    const answer = await world.ask('GET', '/_/proxy/tenants/by_hand/modules');
    return answer.status === 200 && answer.text.includes('mod-notes-1.0.0');
  });
});
