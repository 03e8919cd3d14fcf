import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen, stopServer } from '../../support/http-module.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { startSystemModule } from '../../support/system-module.ts';

const USERS_MAP = '- user: { prefix: diku, expire: 2035-01-01 }\n';

describe('§2.7 discovery', () => {
  let world: OkapiWorld;
  beforeAll(async () => {
    world = await startOkapiWorld(USERS_MAP);
    for (const id of ['mod-x-1.0.0', 'mod-y-1.0.0', 'mod-z-1.0.0']) await world.add({ id });
  });
  afterAll(() => world?.remove());
  const post = (body: unknown) => world.ask('POST', '/_/discovery/modules', body);

  test('keeps an instance with a Location and an echo, until it is deleted', async () => {
    const instance = { srvcId: 'mod-x-1.0.0', instId: 'x 1', url: 'http://localhost:9131/base/' };
    const kept = { ...instance, url: 'http://localhost:9131/base' };
    const answer = await post(instance);
    expect([answer.status, answer.headers.get('location'), answer.json()]).toEqual([
      201,
      '/_/discovery/modules/mod-x-1.0.0/x%201',
      kept,
    ]);
    const get = async (path: string) => (await world.must('GET', `/_/discovery/modules${path}`)).json();
    expect(await get('')).toEqual([kept]);
    expect(await get('/mod-x-1.0.0')).toEqual([kept]);
    expect(await get('/mod-x-1.0.0/x%201')).toEqual(kept);
    expect((await world.ask('GET', '/_/discovery/modules/mod-y-1.0.0')).status).toBe(404);
    expect((await world.ask('DELETE', '/_/discovery/modules/mod-x-1.0.0/x%201')).status).toBe(204);
    expect((await world.ask('DELETE', '/_/discovery/modules/mod-x-1.0.0/x%201')).status).toBe(404);
    expect((await world.ask('GET', '/_/discovery/modules/mod-x-1.0.0/x%201')).status).toBe(404);
  });

  test('deletes the instances of one module, or all', async () => {
    for (const [srvcId, instId] of [
      ['mod-x-1.0.0', 'a'],
      ['mod-x-1.0.0', 'b'],
      ['mod-y-1.0.0', 'c'],
    ] as const)
      await post({ srvcId, instId, url: 'http://127.0.0.1:9131' });
    expect((await world.ask('DELETE', '/_/discovery/modules/mod-x-1.0.0')).status).toBe(204);
    expect((await world.ask('DELETE', '/_/discovery/modules/mod-x-1.0.0')).status).toBe(404);
    expect((await world.must('GET', '/_/discovery/modules')).json()).toMatchObject([{ instId: 'c' }]);
    expect((await world.ask('DELETE', '/_/discovery/modules')).status).toBe(204);
    expect((await world.ask('DELETE', '/_/discovery/modules')).status).toBe(204);
    expect((await world.must('GET', '/_/discovery/modules')).text).toBe('[ ]');
  });

  test.each([
    [{ instId: 'i', url: 'http://127.0.0.1:1' }, 400, 'Needs srvcId'],
    [{ srvcId: '', instId: 'i', url: 'http://127.0.0.1:1' }, 400, 'Needs srvcId'],
    [{ srvcId: 'mod-x-1.0.0', url: 'http://127.0.0.1:1' }, 400, 'Needs instId'],
    [{ srvcId: 'mod-x-1.0.0', instId: 'i' }, 400, 'Needs url'],
    [{ srvcId: 'mod-x-1.0.0', descriptor: { exec: 'x' } }, 400, 'missing nodeId'],
    [{ srvcId: 'mod-x-1.0.0', nodeId: 'localhost' }, 400, 'Module mod-x-1.0.0 has no launchDescriptor'],
    [{ srvcId: 'mod-x-1.0.0', nodeId: 'mars' }, 404, 'Node mars not found'],
    [{ srvcId: 'mod-0-1.0.0', instId: 'i', url: 'http://127.0.0.1:1' }, 404, 'Module mod-0-1.0.0 not found'],
    [
      { srvcId: 'mod-users-1.0.0', instId: 'i', url: 'http://127.0.0.1:1' },
      400,
      'Module mod-users-1.0.0 is built in and runs here only',
    ],
    [{ srvcId: 'mod-x-1.0.0', instId: 'i', url: 'x' }, 400, 'x: the URL cannot be read'],
  ])('%j is %i', async (body, status, text) => {
    const answer = await post(body);
    expect([answer.status, answer.text]).toEqual([status, text]);
  });

  test('refuses an instance id that is taken, also by another module, and at the same moment', async () => {
    const one = { srvcId: 'mod-x-1.0.0', instId: 'taken', url: 'http://127.0.0.1:9131' };
    const answers = await Promise.all([post(one), post({ ...one, srvcId: 'mod-y-1.0.0' }), post(one)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400, 400]);
    expect(answers.find(({ status }) => status === 400)?.text).toBe('Duplicate instId taken');
    await world.must('DELETE', '/_/discovery/modules');
  });

  test('§2.7 PUT is no way to change an instance', async () => {
    expect((await world.ask('PUT', '/_/discovery/modules/mod-x-1.0.0/i', {})).status).toBe(404);
  });

  test('asks instances for their health, without following them anywhere', async () => {
    const hidden = await startSystemModule();
    const leading = createServer((_request, response) =>
      response.writeHead(302, { location: hidden.url }).end('secret of the module'),
    );
    const url = await listen(leading);
    await post({ srvcId: 'mod-x-1.0.0', instId: 'well', url });
    await post({ srvcId: 'mod-y-1.0.0', instId: 'ill', url: 'http://127.0.0.1:9' });
    const all = await world.must('GET', '/_/discovery/health');
    expect(all.json()).toEqual([
      { instId: 'well', srvcId: 'mod-x-1.0.0', healthMessage: 'OK', healthStatus: true },
      {
        instId: 'ill',
        srvcId: 'mod-y-1.0.0',
        healthMessage: expect.stringMatching(/^Fail: /),
        healthStatus: false,
      },
    ]);
    expect(all.text).not.toContain('secret');
    expect(hidden.calls).toEqual([]);
    expect((await world.must('GET', '/_/discovery/health/mod-x-1.0.0')).json()).toHaveLength(1);
    expect((await world.must('GET', '/_/discovery/health/mod-x-1.0.0/well')).json()).toMatchObject({
      healthStatus: true,
    });
    expect((await world.ask('GET', '/_/discovery/health/mod-z-1.0.0')).status).toBe(404);
    expect((await world.ask('GET', '/_/discovery/health/mod-x-1.0.0/none')).status).toBe(404);
    await stopServer(leading);
    await hidden.stop();
  });

  test('§1.11 a module without an instance is named', async () => {
    await world.add({
      id: 'lost-1.0.0',
      provides: [
        {
          id: 'lost',
          version: '1.0',
          handlers: [{ methods: ['GET'], pathPattern: '/lost', permissionsRequired: [] }],
        },
      ],
    });
    await world.must('POST', '/_/proxy/tenants/diku/modules', { id: 'lost-1.0.0' });
    const answer = await fetch(`${world.url}/lost`, { headers: { 'x-okapi-tenant': 'diku' } });
    expect([answer.status, await answer.text()]).toEqual([
      404,
      'No running module instance found for lost-1.0.0',
    ]);
  });

  test('refuses addresses where modules may not run, however they are written', async () => {
    for (const url of [
      'http://169.254.169.254/latest/meta-data',
      'http://[::ffff:169.254.169.254]/',
      'http://2852039166/',
      'http://0xa9fea9fe/',
      'http://0251.0376.0251.0376/',
      'http://169.254.43518/',
      'http://8.8.8.8/',
      'http://[2001:db8::1]/',
      'http://0.0.0.0/',
      'ftp://127.0.0.1/',
      'file:///etc/passwd',
      'http://user:secret@127.0.0.1/',
      'http://127.0.0.1/?x=1',
      'http://127.0.0.1/#x',
    ]) {
      const answer = await post({ srvcId: 'mod-x-1.0.0', instId: 'bad', url });
      expect([url, answer.status]).toEqual([url, 400]);
    }
    const long = await post({ srvcId: 'mod-x-1.0.0', instId: 'bad', url: `gopher://${'x'.repeat(1_900)}` });
    expect(long.text.length).toBeLessThan(500);
    expect((await world.must('GET', '/_/discovery/modules/mod-x-1.0.0')).text).not.toContain('bad');
  });
});

describe('§2.7 discovery where loopback is not allowed', () => {
  let world: OkapiWorld;
  beforeAll(async () => {
    world = await startOkapiWorld(USERS_MAP, { RUMBRELLA_GATEWAY_DISCOVERY_ALLOW: '10.0.0.0/8' });
    await world.add({ id: 'mod-x-1.0.0' });
  });
  afterAll(() => world?.remove());
  const post = (instId: string, url: string) =>
    world.ask('POST', '/_/discovery/modules', { srvcId: 'mod-x-1.0.0', instId, url });

  test('refuses it in every spelling of the address', async () => {
    for (const host of [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::]',
    ]) {
      const answer = await post('i', `http://${host}:${new URL(world.url).port}/_/`);
      expect([host, answer.status]).toEqual([host, 400]);
      expect(answer.text).toContain('modules may not run at');
    }
  });

  test('and a name that leads there is never connected to', async () => {
    const module = await startSystemModule();
    const { port } = new URL(module.url);
    for (const [index, host] of ['localhost', 'localhost.', 'ⓛocalhost'].entries()) {
      expect((await post(`name${index}`, `http://${host}:${port}`)).status).toBe(201);
      const health = await world.must('GET', `/_/discovery/health/mod-x-1.0.0/name${index}`);
      expect([host, health.json<{ healthStatus: boolean }>().healthStatus]).toEqual([host, false]);
    }
    expect(module.calls).toEqual([]);
    await module.stop();
  });
});
