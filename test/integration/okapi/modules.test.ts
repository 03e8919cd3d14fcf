import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aModule, type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { authtokenDescriptor } from './authtoken-descriptor.ts';

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: diku, expire: 2035-01-01 }\n');
});
afterAll(() => world?.remove());

const post = (module: unknown, query = '') => world.ask('POST', `/_/proxy/modules${query}`, module);
const idsOf = async (query: string): Promise<readonly string[]> =>
  (await world.must('GET', `/_/proxy/modules?${query}`)).json<{ id: string }[]>().map(({ id }) => id);

describe('§2.1 POST /_/proxy/modules', () => {
  test('echoes the descriptor in the layout of Jackson, with its Location', async () => {
    const answer = await post({ id: 'echo-1.0.0', name: 'echo', tags: ['a', 'b'], provides: [] });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/_/proxy/modules/echo-1.0.0');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.text).toBe(
      '{\n  "id" : "echo-1.0.0",\n  "name" : "echo",\n  "tags" : [ "a", "b" ],\n  "provides" : [ ]\n}',
    );
    expect((await world.must('GET', '/_/proxy/modules/echo-1.0.0')).text).toBe(answer.text);
  });

  test('encodes a plus sign of the id in the Location', async () => {
    const answer = await post({ id: 'plus-1.0.0+build.7' });
    expect(answer.headers.get('location')).toBe('/_/proxy/modules/plus-1.0.0%2Bbuild.7');
    expect((await world.must('GET', answer.headers.get('location') ?? '')).json()).toEqual({
      id: 'plus-1.0.0+build.7',
    });
  });

  test("accepts mod-authtoken's own descriptor and gives back every byte of it", async () => {
    const sent = JSON.stringify(authtokenDescriptor);
    const answer = await post(sent, '?check=false');
    expect(answer.status).toBe(201);
    const kept = await world.must('GET', `/_/proxy/modules/${authtokenDescriptor.id}`);
    expect(kept.text).toBe(answer.text);
    // Key order and values are the very same: compact JSON of what came back is what was sent.
    expect(JSON.stringify(kept.json())).toBe(sent);
    expect((await post(kept.text, '?check=false')).status).toBe(201);
    const [full] = (await world.must('GET', '/_/proxy/modules?full=true&filter=mod-authtoken-2')).json<
      unknown[]
    >();
    expect(JSON.stringify(full)).toBe(sent);
  });

  test('the same descriptor again is 201, in any order of keys; another one of the same id is 400', async () => {
    await post({ id: 'twice-1.0.0', name: 'twice' });
    expect((await post({ name: 'twice', id: 'twice-1.0.0' })).status).toBe(201);
    const other = await post({ id: 'twice-1.0.0', name: 'thrice' });
    expect([other.status, other.text]).toEqual([400, 'create: module twice-1.0.0 already exists']);
    expect(other.headers.get('content-type')).toBe('text/plain');
  });

  test('another one of the same id with check=false is 201 and not kept', async () => {
    await post({ id: 'kept-1.0.0', name: 'first' });
    expect((await post({ id: 'kept-1.0.0', name: 'second' }, '?check=false')).status).toBe(201);
    expect((await world.must('GET', '/_/proxy/modules/kept-1.0.0')).json()).toMatchObject({ name: 'first' });
  });

  test('names what is missing, one line each, unless it is not to be checked', async () => {
    const needy = aModule('needy-1.0.0', {}, { absent: '1.0', other: '2.0' });
    const answer = await post(needy);
    expect([answer.status, answer.text]).toEqual([
      400,
      'Missing dependency: needy-1.0.0 requires absent: 1.0\nMissing dependency: needy-1.0.0 requires other: 2.0',
    ]);
    expect((await post(needy, '?check=false')).status).toBe(201);
  });

  test('names the versions that there are when none fits', async () => {
    await world.add(aModule('base-1.0.0', { basis: '1.0' }));
    await world.add(aModule('base-2.0.0', { basis: '2.1' }));
    const answer = await post(aModule('high-1.0.0', {}, { basis: '3.0' }));
    expect(answer.text).toBe(
      'Incompatible version for module high-1.0.0 interface basis. Need 3.0. Have 1.0/base-1.0.0 2.1/base-2.0.0',
    );
    expect((await post(aModule('fits-1.0.0', {}, { basis: '1.0 3.0' }))).status).toBe(201);
  });

  test('does not count snapshots as providers with preRelease=false', async () => {
    await world.add(aModule('early-1.0.0-SNAPSHOT', { early: '1.0' }));
    const bird = aModule('bird-1.0.0', {}, { early: '1.0' });
    expect((await post(bird, '?preRelease=false')).text).toBe(
      'Missing dependency: bird-1.0.0 requires early: 1.0',
    );
    expect((await post(bird)).status).toBe(201);
  });

  test('leaves members out that are null, as Jackson does', async () => {
    const answer = await post('{"id":"nulls-1.0.0","name":null,"requires":null,"metadata":{"kept":null}}');
    expect(answer.json()).toEqual({ id: 'nulls-1.0.0', metadata: { kept: null } });
    expect((await world.ask('GET', '/_/proxy/modules?provide=x')).status).toBe(200);
  });
});

describe('§2.1 single modules', () => {
  test('one that nobody knows is 404, and PUT is always 404', async () => {
    expect(await world.ask('GET', '/_/proxy/modules/none-1.0.0')).toMatchObject({
      status: 404,
      text: 'none-1.0.0',
    });
    expect((await world.ask('PUT', '/_/proxy/modules/base-1.0.0', { id: 'base-1.0.0' })).status).toBe(404);
  });

  test('are deleted, unless they are unknown, in use, needed or built in', async () => {
    const remove = async (id: string) => {
      const { status, text } = await world.ask('DELETE', `/_/proxy/modules/${id}`);
      return [status, text];
    };
    await world.add(aModule('root-1.0.0', { root: '1.0' }));
    await world.add(aModule('leaf-1.0.0', {}, { root: '1.0' }));
    await world.must('POST', '/_/proxy/tenants/diku/install', [{ id: 'leaf' }]);
    expect(await remove('none-1.0.0')).toEqual([404, 'delete: module none-1.0.0 does not exist']);
    expect(await remove('leaf-1.0.0')).toEqual([400, 'delete: module leaf-1.0.0 is used by tenant diku']);
    await world.must('DELETE', '/_/proxy/tenants/diku/modules/leaf-1.0.0');
    await world.must('DELETE', '/_/proxy/tenants/diku/modules/root-1.0.0');
    expect(await remove('root-1.0.0')).toEqual([
      400,
      'delete: module root-1.0.0: Missing dependency: leaf-1.0.0 requires root: 1.0',
    ]);
    expect(await remove('leaf-1.0.0')).toEqual([204, '']);
    expect(await remove('root-1.0.0')).toEqual([204, '']);
    expect(await remove('mod-notes-1.0.0')).toEqual([400, 'delete: module mod-notes-1.0.0 is built in']);
  });
});

describe('§2.1 many modules at once', () => {
  test('are imported in any order, all or none', async () => {
    const pair = [aModule('roof-1.0.0', {}, { wall: '1.0' }), aModule('wall-1.0.0', { wall: '1.0' })];
    expect(await world.ask('POST', '/_/proxy/import/modules', pair)).toMatchObject({ status: 204, text: '' });
    expect((await world.ask('POST', '/_/proxy/import/modules', pair)).status).toBe(204);
    const broken = [aModule('door-1.0.0'), aModule('lock-1.0.0', {}, { key: '1.0' })];
    expect(await world.ask('POST', '/_/proxy/import/modules', broken)).toMatchObject({
      status: 400,
      text: 'Missing dependency: lock-1.0.0 requires key: 1.0',
    });
    expect((await world.ask('GET', '/_/proxy/modules/door-1.0.0')).status).toBe(404);
    expect((await world.ask('POST', '/_/proxy/import/modules', {})).status).toBe(400);
  });

  test('one of them twice is no error, unless it differs', async () => {
    const again = [{ id: 'same-1.0.0' }, { id: 'same-1.0.0' }];
    expect((await world.ask('POST', '/_/proxy/import/modules', again)).status).toBe(204);
    const differing = [{ id: 'differs-1.0.0' }, { id: 'differs-1.0.0', name: 'x' }];
    expect(await world.ask('POST', '/_/proxy/import/modules', differing)).toMatchObject({
      status: 400,
      text: 'create: module differs-1.0.0 already exists',
    });
  });

  test('old snapshots are cleaned up, releases and the newest snapshots stay', async () => {
    for (const version of ['1.0.0', '1.1.0-SNAPSHOT.1', '1.1.0-SNAPSHOT.2', '1.1.0', '1.2.0-SNAPSHOT.1'])
      await world.add({ id: `dusty-${version}` });
    const clean = (query: string) => world.ask('POST', `/_/proxy/cleanup/modules${query}`);
    expect((await clean('')).text).toBe("Missing value for parameter 'saveReleases'");
    expect((await clean('?saveReleases=1')).text).toBe("Missing value for parameter 'saveSnapshots'");
    expect((await clean('?saveReleases=x&saveSnapshots=1')).text).toBe(
      "Bad integer for parameter 'saveReleases'",
    );
    expect((await clean('?saveReleases=1&saveSnapshots=1')).status).toBe(204);
    expect(await idsOf('filter=dusty')).toEqual([
      'dusty-1.0.0',
      'dusty-1.1.0-SNAPSHOT.2',
      'dusty-1.1.0',
      'dusty-1.2.0-SNAPSHOT.1',
    ]);
  });

  test('a clean-up names who needs what goes, and takes them along when told so', async () => {
    await world.add(aModule('ash-1.0.0-SNAPSHOT.1', { ash: '1.0' }));
    await world.add({ id: 'ash-1.0.0' });
    await world.add(aModule('phoenix-1.0.0', {}, { ash: '1.0' }));
    const clean = (more: string) =>
      world.ask('POST', `/_/proxy/cleanup/modules?saveReleases=1&saveSnapshots=0${more}`);
    const refused = await clean('');
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Missing dependency: phoenix-1.0.0 requires ash: 1.0');
    expect((await clean('&removeDependencies=true')).status).toBe(204);
    expect((await world.ask('GET', '/_/proxy/modules/phoenix-1.0.0')).status).toBe(404);
  });

  test('nothing is pulled from elsewhere', async () => {
    const answer = await world.ask('POST', '/_/proxy/pull/modules', { urls: ['http://127.0.0.1:9/'] });
    expect([answer.status, answer.text]).toEqual([404, 'pull: none of remote URLs work']);
  });
});
