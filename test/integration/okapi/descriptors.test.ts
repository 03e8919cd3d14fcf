import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aModule, type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: diku, expire: 2035-01-01 }\n');
});
afterAll(() => world?.remove());

const post = (module: unknown, query = '') => world.ask('POST', `/_/proxy/modules${query}`, module);
const isRefused = async (module: unknown, text: string): Promise<void> => {
  const answer = await post(module, '?check=false');
  expect([answer.status, answer.text]).toEqual([400, text]);
};

describe('a descriptor that is wrong is 400 and names why', () => {
  const handler = { methods: ['GET'], pathPattern: '/x', permissionsRequired: [] };
  const withHandler = (entry: object) => ({
    id: 'bad-1.0.0',
    provides: [{ id: 'bad', version: '1.0', handlers: [{ ...handler, ...entry }] }],
  });
  test.each([
    [{}, 'id is missing for module'],
    [{ id: 'noversion' }, 'Missing semantic version for: noversion'],
    [{ id: 'bad-1.0.0', routingEntries: [] }, 'Unrecognized field "routingEntries" in ModuleDescriptor'],
    [
      { id: 'bad-1.0.0', requires: [{ id: 'x', version: '1.0', handlers: [handler] }] },
      "No handlers allowed in 'requires' section for module bad-1.0.0",
    ],
    [{ id: 'bad-1.0.0', permissionSets: [{}] }, 'Missing permissionName'],
  ])('§3.1 %j', isRefused);

  test.each([
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
  ])('§3.2 %j', isRefused);

  test.each([
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
  ])('§3.3 %j', isRefused);
});

describe('versions', () => {
  test.each([
    ['1.2', '1.2', true],
    ['1.3', '1.2', true],
    ['1.1', '1.2', false],
    ['2.2', '1.2', false],
    ['1.10', '1.9', true],
    ['1.2.3', '1.2.3', true],
    ['1.2.2', '1.2.3', false],
    ['1.3', '1.2.3', true],
    ['2.1', '1.0 2.0', true],
    ['3.0', '1.0 2.0', false],
  ])('§3.4 an interface %s where %s is needed: %s', async (provided, needed, fits) => {
    const name = `i${`${provided}_${needed}`.replaceAll(/[. ]/g, '_')}`;
    await world.add(aModule(`mod_provides_${name}-1.0.0`, { [name]: provided }));
    const answer = await post(aModule(`mod_needs_${name}-1.0.0`, {}, { [name]: needed }));
    expect([answer.status, answer.text.slice(0, 12)]).toEqual(
      fits ? [201, expect.any(String)] : [400, 'Incompatible'],
    );
  });

  test('§3.4 of modules are ordered by their numbers, a snapshot before its release', async () => {
    for (const version of ['1.10.0', '1.9.0', '1.10.0-SNAPSHOT.9', '1.10.0-SNAPSHOT.10'])
      await world.add({ id: `ordered-${version}` });
    const listed = await world.must('GET', '/_/proxy/modules?filter=ordered');
    expect(listed.json<{ id: string }[]>().map(({ id }) => id)).toEqual([
      'ordered-1.9.0',
      'ordered-1.10.0-SNAPSHOT.9',
      'ordered-1.10.0-SNAPSHOT.10',
      'ordered-1.10.0',
    ]);
  });
});

describe('what a descriptor says beyond Okapi', () => {
  test('§3.6 stands in its metadata, which is kept as it came, and nowhere else', async () => {
    const metadata = { tenantResolution: { executesIn: 'origin' }, ours: [1, { deep: true }], empty: {} };
    expect((await post({ id: 'beyond-1.0.0', metadata })).status).toBe(201);
    expect((await world.must('GET', '/_/proxy/modules/beyond-1.0.0')).json()).toEqual({
      id: 'beyond-1.0.0',
      metadata,
    });
    await isRefused(
      { id: 'beyond-2.0.0', extensions: metadata },
      'Unrecognized field "extensions" in ModuleDescriptor',
    );
  });
});

describe('§3.1 hostile descriptors', () => {
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
