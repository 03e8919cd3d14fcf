import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModuleDescriptor } from '#gateway';
import { aModule, type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { poll } from '../../support/poll.ts';

const TENANT_INTERFACE = {
  id: '_tenant',
  version: '1.0',
  interfaceType: 'system' as const,
  handlers: [{ methods: ['POST', 'DELETE'], pathPattern: '/_/tenant' }],
};
/** With a `_tenant` of its own. */
const told = (module: ModuleDescriptor): ModuleDescriptor => ({
  ...module,
  provides: [...(module.provides ?? []), TENANT_INTERFACE],
});

let world: OkapiWorld;
const order: string[] = [];
/** Modules that refuse while their id is in here. */
const failing = new Set<string>();
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: other, expire: 2035-01-01 }\n');
  for (const module of [
    aModule('ground-1.0.0', { ground: '1.0' }),
    aModule('ground-1.1.0', { ground: '1.1' }),
    aModule('ground-2.0.0', { ground: '2.0' }),
    aModule('ground-2.1.0-SNAPSHOT', { ground: '2.1' }),
    aModule('wall-1.0.0', { wall: '1.0' }, { ground: '1.0' }),
    aModule('wall-2.0.0', { wall: '2.0' }, { ground: '2.0' }),
    aModule('roof-1.0.0', {}, { wall: '1.0' }),
  ]) {
    await world.run(told(module), ({ body }) => {
      order.push(module.id);
      return failing.has(module.id) ? { status: 500, body: `no: ${body}` } : undefined;
    });
  }
  await world.add(aModule('fork-1.0.0', { tool: '1.0' }));
  await world.add(aModule('spoon-1.0.0', { tool: '1.0' }));
  await world.add(aModule('eater-1.0.0', {}, { tool: '1.0' }));
  await world.add(aModule('wishful-1.0.0', {}, { nothing: '1.0' }));
});
afterAll(() => world?.remove());

let count = 0;
const aTenant = async (): Promise<string> => {
  count += 1;
  await world.bareTenant(`site${count}`);
  order.length = 0;
  return `site${count}`;
};
const install = (tenant: string, wishes: unknown, query = '') =>
  world.ask('POST', `/_/proxy/tenants/${tenant}/install${query}`, wishes);
const enable = (...ids: readonly string[]) => ids.map((id) => ({ id, action: 'enable' }));

describe('§2.4 POST /_/proxy/tenants/{t}/install', () => {
  test('§3.5 enables with everything that is needed, newest fitting versions, providers first', async () => {
    const tenant = await aTenant();
    const answer = await install(tenant, [{ id: 'roof' }], '?preRelease=false');
    expect([answer.status, answer.json()]).toEqual([200, enable('ground-1.1.0', 'wall-1.0.0', 'roof-1.0.0')]);
    expect(order).toEqual(['ground-1.1.0', 'wall-1.0.0', 'roof-1.0.0']);
    expect(await world.enabled(tenant)).toEqual(['ground-1.1.0', 'roof-1.0.0', 'wall-1.0.0']);
  });

  test('simulates: the same answer, nothing changed and nobody called', async () => {
    const tenant = await aTenant();
    const answer = await install(tenant, [{ id: 'roof-1.0.0' }], '?simulate=true');
    expect(answer.json()).toEqual(enable('ground-1.1.0', 'wall-1.0.0', 'roof-1.0.0'));
    expect(order).toEqual([]);
    expect(await world.enabled(tenant)).toEqual([]);
  });

  test('says from which version it comes, what is up to date, and what it disables', async () => {
    const tenant = await aTenant();
    await install(tenant, enable('ground-1.0.0', 'wall-1.0.0', 'roof-1.0.0'));
    expect((await install(tenant, enable('ground-1.1.0', 'roof-1.0.0'))).text).toBe(
      '[ {\n  "id" : "ground-1.1.0",\n  "from" : "ground-1.0.0",\n  "action" : "enable"\n}, {\n' +
        '  "id" : "roof-1.0.0",\n  "action" : "uptodate"\n} ]',
    );
    expect((await install(tenant, [{ id: 'wall', action: 'disable' }])).json()).toEqual([
      { id: 'roof-1.0.0', action: 'disable' },
      { id: 'wall-1.0.0', action: 'disable' },
    ]);
    expect(await world.enabled(tenant)).toEqual(['ground-1.1.0']);
  });

  test('upgrades what depends along', async () => {
    const tenant = await aTenant();
    await install(tenant, enable('ground-1.0.0', 'wall-1.0.0'));
    const answer = await install(tenant, enable('wall-2.0.0'), '?preRelease=false');
    expect(answer.json()).toEqual([
      { id: 'ground-2.0.0', from: 'ground-1.0.0', action: 'enable' },
      { id: 'wall-2.0.0', from: 'wall-1.0.0', action: 'enable' },
    ]);
  });

  test('leaves snapshots out of the candidates with preRelease=false', async () => {
    const tenant = await aTenant();
    const newest = async (query: string) =>
      (await install(tenant, [{ id: 'ground' }], `?simulate=true${query}`)).json();
    expect(await newest('')).toEqual(enable('ground-2.1.0-SNAPSHOT'));
    expect(await newest('&preRelease=false')).toEqual(enable('ground-2.0.0'));
  });

  test('takes the list as it is without depCheck', async () => {
    const tenant = await aTenant();
    expect((await install(tenant, enable('roof-1.0.0'), '?depCheck=false')).json()).toEqual(
      enable('roof-1.0.0'),
    );
    expect(await world.enabled(tenant)).toEqual(['roof-1.0.0']);
  });

  test('enables once more with reinstall', async () => {
    const tenant = await aTenant();
    await install(tenant, enable('ground-1.0.0'));
    order.length = 0;
    expect((await install(tenant, enable('ground-1.0.0'))).json()).toEqual([
      { id: 'ground-1.0.0', action: 'uptodate' },
    ]);
    expect(order).toEqual([]);
    expect((await install(tenant, enable('ground-1.0.0'), '?reinstall=true')).json()).toEqual(
      enable('ground-1.0.0'),
    );
    expect(order).toEqual(['ground-1.0.0']);
  });

  test('calls nobody with invoke=false, or only those that a pattern names', async () => {
    const tenant = await aTenant();
    await install(tenant, enable('ground-1.0.0', 'wall-1.0.0'), '?invoke=false');
    expect(order).toEqual([]);
    await install(tenant, enable('ground-1.0.0', 'wall-1.0.0'), '?invoke=wall.*&reinstall=true');
    expect(order).toEqual(['wall-1.0.0']);
    await install(tenant, enable('ground-1.0.0', 'wall-1.0.0'), '?invoke=ground-1.0.0&reinstall=true');
    expect(order).toEqual(['wall-1.0.0', 'ground-1.0.0']);
  });

  test('is not a transaction: what was done before a failure stays done', async () => {
    const tenant = await aTenant();
    await install(tenant, enable('wall-1.0.0'), '?preRelease=false');
    failing.add('wall-2.0.0');
    const answer = await install(tenant, enable('wall-2.0.0'), '?preRelease=false');
    failing.clear();
    expect(answer.status).toBe(400);
    expect(answer.text).toBe(
      'POST request for wall-2.0.0 /_/tenant failed with 500: no: {"module_to":"wall-2.0.0","module_from":"wall-1.0.0"}',
    );
    expect(await world.enabled(tenant)).toEqual(['ground-2.0.0', 'wall-1.0.0']);
  });

  test('goes on with ignoreErrors, and says what failed', async () => {
    const tenant = await aTenant();
    failing.add('ground-1.0.0');
    const answer = await install(tenant, enable('ground-1.0.0', 'fork-1.0.0'), '?ignoreErrors=true');
    failing.clear();
    expect(answer.json()).toEqual([
      {
        id: 'ground-1.0.0',
        action: 'enable',
        message: 'POST request for ground-1.0.0 /_/tenant failed with 500: no: {"module_to":"ground-1.0.0"}',
      },
      { id: 'fork-1.0.0', action: 'enable' },
    ]);
    expect(await world.enabled(tenant)).toEqual(['fork-1.0.0']);
  });

  test('cuts what a failing module says', async () => {
    const tenant = await aTenant();
    await world.run(told({ id: 'chatty-1.0.0' }), () => ({ status: 500, body: 'x'.repeat(500_000) }));
    const answer = await install(tenant, enable('chatty-1.0.0'));
    expect([answer.status, answer.text.length < 10_000]).toEqual([400, true]);
  });

  test('of one tenant wait for each other', async () => {
    const tenant = await aTenant();
    const answers = await Promise.all([
      install(tenant, enable('ground-1.0.0')),
      install(tenant, enable('ground-1.0.0')),
      world.ask('POST', `/_/proxy/tenants/${tenant}/modules`, { id: 'ground-1.0.0' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
    expect(answers[2].text).toBe('Module ground-1.0.0 already provided');
    expect(order).toEqual(['ground-1.0.0']);
  });

  test.each([
    [[{ id: 'wishful' }], '', 400, 'interface nothing required by module wishful-1.0.0 not found'],
    [
      [{ id: 'eater' }],
      '',
      400,
      'interface tool required by module eater-1.0.0 is provided by multiple products: fork, spoon',
    ],
    [
      [{ id: 'fork' }, { id: 'spoon' }],
      '',
      400,
      'Multiple modules fork-1.0.0, spoon-1.0.0 provide interface tool',
    ],
    [[{ id: 'none-1.0.0' }, { id: 'nix' }], '', 404, 'Module none-1.0.0 not found. Module nix not found'],
    [[{ id: 'fork', action: 'disable' }], '', 404, 'Module fork not found'],
    [[{ id: 'fork' }], '?parallel=0', 400, 'parallel must be 1 or higher'],
    [[{ id: 'fork' }], '?parallel=x', 400, "Bad integer for parameter 'parallel'"],
    [
      [{ id: 'fork' }],
      '?depCheck=false&parallel=2',
      400,
      'Install Option parallel can not be greater than 1 when Install Option depCheck is false',
    ],
    [[{ id: 'fork' }], '?simulate=maybe', 400, 'Bad boolean for parameter simulate: maybe'],
    [[{ id: 'fork', odd: 1 }], '', 400, 'Unrecognized field "odd"'],
    [{}, '', 400, 'Invalid input: expected array, received object'],
  ])('%j%s is refused with %i', async (wishes, query, status, text) => {
    const answer = await install('other', wishes, query);
    expect([answer.status, answer.text]).toEqual([status, text]);
  });

  test('§3.5 explicit wishes are never overridden', async () => {
    const tenant = await aTenant();
    await install(tenant, enable('ground-1.0.0', 'wall-1.0.0'));
    const answer = await install(tenant, [{ id: 'ground', action: 'disable' }, { id: 'wall-1.0.0' }]);
    expect([answer.status, answer.text]).toEqual([
      400,
      'Cannot remove module wall-1.0.0 which is explicitly given',
    ]);
  });

  test('is 404 for a tenant that nobody knows', async () => {
    expect(await install('nobody', [{ id: 'fork' }])).toMatchObject({ status: 404, text: 'nobody' });
  });
});

describe('§2.3 POST /_/proxy/tenants/{t}/upgrade', () => {
  test('brings every module to its newest version, with what it needs, and names nothing else', async () => {
    const tenant = await aTenant();
    await install(tenant, enable('ground-1.0.0', 'wall-1.0.0', 'fork-1.0.0'));
    const upgrade = (query: string, body?: unknown) =>
      world.ask('POST', `/_/proxy/tenants/${tenant}/upgrade${query}`, body);
    const steps = [
      { id: 'ground-2.0.0', from: 'ground-1.0.0', action: 'enable' },
      { id: 'wall-2.0.0', from: 'wall-1.0.0', action: 'enable' },
    ];
    expect((await upgrade('?simulate=true&preRelease=false')).json()).toEqual(steps);
    expect((await upgrade('?preRelease=false')).json()).toEqual(steps);
    expect((await upgrade('?preRelease=false')).text).toBe('[ ]');
    const refused = await upgrade('', '[]');
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('must not have a body');
  });
});

describe('§2.3 installs that go on after their answer', () => {
  const jobs = (tenant: string, path = '') => world.ask('GET', `/_/proxy/tenants/${tenant}/install${path}`);

  test('answer 201 with a Location, and tell how far they are', async () => {
    const tenant = await aTenant();
    const answer = await install(tenant, enable('ground-1.0.0'), '?async=true');
    const location = answer.headers.get('location') ?? '';
    expect(answer.status).toBe(201);
    expect(location).toMatch(new RegExp(`^/_/proxy/tenants/${tenant}/install/[0-9a-f-]{36}$`));
    const job = await poll('the job is complete', async () => {
      const now = (await world.must('GET', location)).json<{ complete: boolean }>();
      return now.complete ? now : undefined;
    });
    expect(job).toEqual({
      id: location.split('/').at(-1),
      complete: true,
      startDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      endDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      modules: [{ id: 'ground-1.0.0', action: 'enable', stage: 'done' }],
    });
    expect((await jobs(tenant, '?complete=true')).json()).toHaveLength(1);
    expect((await jobs(tenant, '?complete=false')).text).toBe('[ ]');
    expect((await world.ask('DELETE', location)).status).toBe(204);
    expect(await world.ask('GET', location)).toMatchObject({
      status: 404,
      text: location.replace('/_/proxy/tenants/', '').replace('install/', ''),
    });
  });

  test('tell what failed, and are not deleted before their end', async () => {
    const tenant = await aTenant();
    let release = (): void => undefined;
    const wait = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { createServer } = await import('node:http');
    const { listen, stopServer } = await import('../../support/http-module.ts');
    const slow = createServer((_request, response) => {
      void wait.then(() => response.writeHead(500).end('too late'));
    });
    const module = told({ id: `slow-${count}.0.0` });
    await world.add(module);
    await world.must('POST', '/_/discovery/modules', {
      srvcId: module.id,
      instId: module.id,
      url: await listen(slow),
    });
    const location = (await install(tenant, enable(module.id), '?async=true')).headers.get('location') ?? '';
    const id = location.split('/').at(-1) ?? '';
    expect(await world.ask('DELETE', location)).toMatchObject({
      status: 400,
      text: `Cannot delete non-completed job ${id}`,
    });
    expect((await world.ask('DELETE', `/_/proxy/tenants/${tenant}/install`)).status).toBe(204);
    expect((await jobs(tenant)).json()).toHaveLength(1);
    release();
    const job = await poll('the job is complete', async () => {
      const now = (await world.must('GET', location)).json<{ complete: boolean }>();
      return now.complete ? now : undefined;
    });
    expect(job).toMatchObject({
      modules: [
        {
          id: module.id,
          stage: 'invoke',
          message: `POST request for ${module.id} /_/tenant failed with 500: too late`,
        },
      ],
    });
    expect(await world.enabled(tenant)).toEqual([]);
    expect((await world.ask('DELETE', `/_/proxy/tenants/${tenant}/install`)).status).toBe(204);
    expect((await jobs(tenant)).text).toBe('[ ]');
    await stopServer(slow);
  });

  test('are those of one tenant only', async () => {
    const tenant = await aTenant();
    const location = (await install(tenant, [], '?async=true')).headers.get('location') ?? '';
    const id = location.split('/').at(-1) ?? '';
    expect((await jobs('other')).text).toBe('[ ]');
    expect(await jobs('other', `/${id}`)).toMatchObject({ status: 404, text: `other/${id}` });
    expect((await world.ask('DELETE', `/_/proxy/tenants/other/install/${id}`)).status).toBe(404);
    expect((await jobs('nobody')).status).toBe(404);
  });
});
