import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aModule, type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { OPERATOR_TOKEN } from '../../support/rumbrella.ts';
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

describe('§3 a descriptor that is wrong is 400 and names why', () => {
  const handler = { methods: ['GET'], pathPattern: '/x', permissionsRequired: [] };
  const withHandler = (entry: object) => ({
    id: 'bad-1.0.0',
    provides: [{ id: 'bad', version: '1.0', handlers: [{ ...handler, ...entry }] }],
  });
  test.each([
    [{}, 'id is missing for module'],
    [{ id: 'noversion' }, 'Missing semantic version for: noversion'],
    [{ id: 'bad-1.0.0', routingEntries: [] }, 'Unrecognized field "routingEntries" in ModuleDescriptor'],
    [{ id: 'bad-1.0.0', provides: [{ version: '1.0' }] }, 'id is missing for module bad-1.0.0'],
    [{ id: 'bad-1.0.0', provides: [{ id: 'x' }] }, 'version is missing for module bad-1.0.0'],
    [{ id: 'bad-1.0.0', provides: [{ id: 'x', version: '1' }] }, "Bad version number '1'"],
    [
      { id: 'bad-1.0.0', provides: [{ id: 'x', version: '1.0', interfaceType: 'internal' }] },
      "Bad interface type 'internal' for module bad-1.0.0",
    ],
    [
      {
        id: 'bad-1.0.0',
        provides: [
          { id: 'x', version: '1.0' },
          { id: 'x', version: '1.1' },
        ],
      },
      'Interface x provided multiple times',
    ],
    [
      { id: 'bad-1.0.0', requires: [{ id: 'x', version: '1.0', handlers: [handler] }] },
      "No handlers allowed in 'requires' section for module bad-1.0.0",
    ],
    [{ id: 'bad-1.0.0', permissionSets: [{}] }, 'Missing permissionName'],
    [{ id: 'bad-1.0.0', filters: [{ methods: ['GET'], path: '/', phase: 'x' }] }, 'Invalid phase x'],
    [withHandler({ methods: ['get'] }), 'get'],
    [withHandler({ type: 'x' }), 'Invalid entry type: x'],
    [withHandler({ pathPattern: '/x(y)' }), 'Invalid character ( for pathPattern'],
    [withHandler({ pathPattern: '/{x' }), 'Missing }-character for {}-construct in pathPattern'],
    [withHandler({ pathPattern: '/{x/y}' }), 'Invalid character / inside {}-construct in pathPattern'],
    [withHandler({ type: 'redirect' }), 'Redirect entry without redirectPath'],
    [
      withHandler({ permissionsRequired: null }),
      "Module 'bad-1.0.0' handler /x: Missing field permissionsRequired",
    ],
    [withHandler({ pathPattern: null }), 'Bad routing entry, needs a pathPattern or at least a path'],
  ])('%j', async (module, text) => {
    const answer = await post(module, '?check=false');
    expect([answer.status, answer.text]).toEqual([400, text]);
  });
});

describe('§2.1 GET /_/proxy/modules', () => {
  beforeAll(async () => {
    for (const version of ['1.0.0', '1.2.0', '1.10.0', '1.10.1-SNAPSHOT.5', '2.0.0', '1.0.1000055'])
      await world.add({ ...aModule(`mod-a-${version}`, { alpha: version.slice(0, 3) }), name: 'A' });
    await world.add(aModule('mod-ab-1.0.0', { beta: '1.0' }, { alpha: '1.2' }));
    await world.add({
      ...aModule('scoped-1.0.0'),
      provides: [{ id: 'scoped', version: '1.0', scope: ['green'] }],
    });
  });

  test('filters by product, and by the beginning of a version in whole numbers', async () => {
    expect(await idsOf('filter=mod-a')).toEqual([
      'mod-a-1.0.0',
      'mod-a-1.0.1000055',
      'mod-a-1.2.0',
      'mod-a-1.10.0',
      'mod-a-1.10.1-SNAPSHOT.5',
      'mod-a-2.0.0',
    ]);
    expect(await idsOf('filter=mod-a-1.1')).toEqual([]);
    expect(await idsOf('filter=mod-a-1.10')).toEqual(['mod-a-1.10.0', 'mod-a-1.10.1-SNAPSHOT.5']);
    expect(await idsOf('filter=mod-a-1.10.1')).toEqual(['mod-a-1.10.1-SNAPSHOT.5']);
  });

  test('gives id, name and tags, or all with full=true', async () => {
    const short = await world.must('GET', '/_/proxy/modules?filter=mod-a-2');
    expect(short.text).toBe('[ {\n  "id" : "mod-a-2.0.0",\n  "name" : "A"\n} ]');
    const full = await world.must('GET', '/_/proxy/modules?filter=mod-a-2&full=true');
    expect(full.json()).toMatchObject([{ provides: [{ id: 'alpha', version: '2.0' }] }]);
  });

  test('gives the latest of each product', async () => {
    expect(await idsOf('filter=mod-a&latest=1')).toEqual(['mod-a-2.0.0']);
    expect(await idsOf('filter=mod-a&latest=2')).toEqual(['mod-a-1.10.1-SNAPSHOT.5', 'mod-a-2.0.0']);
    expect(await idsOf('filter=mod-a&latest=1&preRelease=only')).toEqual(['mod-a-1.10.1-SNAPSHOT.5']);
  });

  test('leaves snapshots out, or gives nothing else', async () => {
    expect(await idsOf('filter=mod-a&preRelease=false&npmSnapshot=false')).toEqual([
      'mod-a-1.0.0',
      'mod-a-1.2.0',
      'mod-a-1.10.0',
      'mod-a-2.0.0',
    ]);
    expect(await idsOf('filter=mod-a&npmSnapshot=only&preRelease=false')).toEqual(['mod-a-1.0.1000055']);
  });

  test('finds who provides or requires an interface, in the very version that is given', async () => {
    expect(await idsOf('provide=alpha=1.2')).toEqual(['mod-a-1.2.0']);
    expect(await idsOf('provide=beta')).toEqual(['mod-ab-1.0.0']);
    expect(await idsOf('require=alpha=1.2')).toEqual(['mod-ab-1.0.0']);
    expect(await idsOf('require=alpha=1.1,alpha')).toEqual(['mod-ab-1.0.0']);
    expect(await idsOf('require=alpha=1.1')).toEqual([]);
    expect(await idsOf('provide=scoped&scope=green')).toEqual(['scoped-1.0.0']);
    expect(await idsOf('provide=scoped&scope=red')).toEqual([]);
  });

  test('orders by id, descending unless told otherwise', async () => {
    expect(await idsOf('filter=mod-a-1.10&orderBy=id')).toEqual(['mod-a-1.10.1-SNAPSHOT.5', 'mod-a-1.10.0']);
    expect(await idsOf('filter=mod-a-1.10&orderBy=id&order=asc')).toEqual([
      'mod-a-1.10.0',
      'mod-a-1.10.1-SNAPSHOT.5',
    ]);
  });

  test('draws a graph with dot=true', async () => {
    const { headers, text } = await world.must('GET', '/_/proxy/modules?dot=true&filter=mod-ab');
    expect(headers.get('content-type')).toBe('text/plain');
    expect(text).toBe(
      [
        'digraph okapi {',
        '  mod__ab__1_0_0 [label="mod-ab-1.0.0"];',
        '  missing_alpha_1_2 [label="missing alpha 1.2", color=red];',
        '  mod__ab__1_0_0 -> missing_alpha_1_2;',
        '}',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['orderBy=name', 'unknown orderBy field: name'],
    ['orderBy=id&order=up', 'invalid order value: up'],
    ['full=yes', 'Bad boolean for parameter full: yes'],
    ['latest=few', 'Bad format for parameter latest. For input string: "few"'],
    [
      'preRelease=never',
      'Expected "true", "false", "only" or undefined/null for parameter preRelease, but got: never',
    ],
  ])('%s is 400', async (query, text) => {
    const answer = await world.ask('GET', `/_/proxy/modules?${query}`);
    expect([answer.status, answer.text]).toEqual([400, text]);
  });

  test('leaves out what a list in the body names', async () => {
    const ids = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(world.url);
      const path = '/_/proxy/modules?filter=mod-a';
      const list = '["mod-a-1.0.0","mod-a-2.0.0"]';
      // Node's client frames the body of a GET only when its length is said.
      const headers = { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-length': list.length };
      const sent = request({ method: 'GET', hostname, port, path, headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => resolve(body));
      });
      sent.on('error', reject);
      sent.end(list);
    });
    expect((JSON.parse(ids) as { id: string }[]).map(({ id }) => id)).toEqual([
      'mod-a-1.0.1000055',
      'mod-a-1.2.0',
      'mod-a-1.10.0',
      'mod-a-1.10.1-SNAPSHOT.5',
    ]);
  });

  test('has the built-in modules as well', async () => {
    expect(await idsOf('filter=mod-notes')).toEqual(['mod-notes-1.0.0']);
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

describe('hostile descriptors', () => {
  test('cannot claim paths that this server answers itself, nor hide there', async () => {
    for (const pathPattern of ['/_/proxy/tenants', '/_/*', '/beacon/catcher', '/metrics', '/health/{x}']) {
      const handler = { methods: ['GET'], pathPattern, permissionsRequired: [] };
      const provides = [{ id: 'claim', version: '1.0', handlers: [handler] }];
      const answer = await post({ id: 'claim-1.0.0', provides });
      expect([pathPattern, answer.status]).toEqual([pathPattern, 400]);
      expect(answer.text).toContain("Module 'claim-1.0.0' handler ");
    }
    const system = [
      {
        id: '_tenant',
        version: '2.0',
        interfaceType: 'system',
        handlers: [{ methods: ['POST'], pathPattern: '/_/tenant' }],
      },
    ];
    expect((await post({ id: 'claim-2.0.0', provides: system })).status).toBe(201);
  });

  test('may name __proto__ and constructor where they are free, and nothing comes of it', async () => {
    const sent =
      '{"id":"proto-1.0.0","metadata":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}';
    expect((await post(sent)).status).toBe(201);
    const kept = await world.must('GET', '/_/proxy/modules/proto-1.0.0');
    expect(kept.text.replaceAll(/\s/g, '')).toBe(sent);
    const refused = await post('{"id":"proto-2.0.0","__proto__":{"name":"x"}}');
    expect([refused.status, refused.text]).toEqual([
      400,
      'Unrecognized field "__proto__" in ModuleDescriptor',
    ]);
    expect((await world.must('GET', '/_/proxy/tenants')).json()).toEqual([{ id: 'diku', name: 'diku' }]);
  });

  test('are bounded in entries, in depth and in what is said about them', async () => {
    const handlers = Array.from({ length: 5_001 }, (_, index) => ({
      methods: ['GET'],
      pathPattern: `/r${index}`,
      permissionsRequired: [],
    }));
    const many = await post({ id: 'many-1.0.0', provides: [{ id: 'many', version: '1.0', handlers }] });
    expect([many.status, many.text]).toEqual([
      400,
      'module many-1.0.0 has 5001 routing entries, at most 5000 are allowed',
    ]);
    const deep = await post(
      `{"id":"deep-1.0.0","metadata":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    );
    expect([deep.status, deep.text]).toEqual([400, 'the body is nested deeper than 32 levels']);
    const long = await post({ id: 'x'.repeat(900_000) });
    expect(long.status).toBe(400);
    expect(long.text.length).toBeLessThan(10_000);
    const large = await post(`{"id":"large-1.0.0","name":"${'x'.repeat(1_100_000)}"}`);
    expect(large.status).toBe(413);
  });
});
