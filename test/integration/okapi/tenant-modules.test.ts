import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aModule, type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: other, expire: 2035-01-01 }\n');
  await world.add(aModule('basis-1.0.0', { basis: '1.0' }));
  await world.add(aModule('basis-1.1.0', { basis: '1.1' }));
  await world.add(aModule('basis-1.2.0-SNAPSHOT.1', { basis: '1.1' }));
  await world.add(aModule('rival-1.0.0', { basis: '1.0' }));
  await world.add(aModule('user-1.0.0', { use: '2.3' }, { basis: '1.0' }));
  await world.add(aModule('modern-1.0.0', {}, { basis: '1.1' }));
  await world.add({
    id: 'many-1.0.0',
    provides: [
      { id: 'codex', version: '3.0', interfaceType: 'multiple' },
      { id: '_tenantless', version: '1.0' },
      { id: 'sys', version: '1.0', interfaceType: 'system' },
    ],
  });
});
afterAll(() => world?.remove());

let count = 0;
/** A tenant of its own without modules. */
const aTenant = async (): Promise<string> => {
  count += 1;
  await world.bareTenant(`tenant${count}`);
  return `tenant${count}`;
};
const enable = (tenant: string, id: string, query = '') =>
  world.ask('POST', `/_/proxy/tenants/${tenant}/modules${query}`, { id });
const disable = (tenant: string, id: string, query = '') =>
  world.ask('DELETE', `/_/proxy/tenants/${tenant}/modules/${id}${query}`);

describe('§2.3 POST /_/proxy/tenants/{t}/modules', () => {
  test('enables a module with a Location and an echo', async () => {
    const tenant = await aTenant();
    const answer = await enable(tenant, 'basis-1.0.0');
    expect([answer.status, answer.headers.get('location'), answer.text]).toEqual([
      201,
      `/_/proxy/tenants/${tenant}/modules/basis-1.0.0`,
      '{\n  "id" : "basis-1.0.0"\n}',
    ]);
    expect(await world.enabled(tenant)).toEqual(['basis-1.0.0']);
    expect((await world.must('GET', `/_/proxy/tenants/${tenant}/modules/basis-1.0.0`)).json()).toEqual({
      id: 'basis-1.0.0',
    });
    expect((await world.ask('GET', `/_/proxy/tenants/${tenant}/modules/basis-1.1.0`)).status).toBe(404);
  });

  test('takes the newest version of a product', async () => {
    const tenant = await aTenant();
    expect((await enable(tenant, 'basis')).json()).toEqual({ id: 'basis-1.2.0-SNAPSHOT.1' });
  });

  test('§3.5 refuses what does not fit, with one sentence for each reason', async () => {
    const tenant = await aTenant();
    expect(await enable(tenant, 'user-1.0.0')).toMatchObject({
      status: 400,
      text: 'Missing dependency: user-1.0.0 requires basis: 1.0',
    });
    await enable(tenant, 'basis-1.0.0');
    expect(await enable(tenant, 'modern-1.0.0')).toMatchObject({
      status: 400,
      text: 'Incompatible version for module modern-1.0.0 interface basis. Need 1.1. Have 1.0/basis-1.0.0',
    });
    expect(await enable(tenant, 'rival-1.0.0')).toMatchObject({
      status: 400,
      text: 'Multiple modules basis-1.0.0, rival-1.0.0 provide interface basis',
    });
    expect(await enable(tenant, 'basis-1.0.0')).toMatchObject({
      status: 400,
      text: 'Module basis-1.0.0 already provided',
    });
    expect((await enable(tenant, 'modern-1.0.0', '?depCheck=false')).status).toBe(201);
  });

  test('is 404 for a module or tenant that nobody knows', async () => {
    expect(await enable('other', 'none-1.0.0')).toMatchObject({
      status: 404,
      text: 'Module none-1.0.0 not found',
    });
    expect((await enable('other', 'none')).status).toBe(404);
    expect(await enable('nobody', 'basis-1.0.0')).toMatchObject({ status: 404, text: 'nobody' });
    expect((await world.ask('POST', '/_/proxy/tenants/other/modules', {})).status).toBe(400);
  });

  test('for one tenant is nothing to another one', async () => {
    const [one, two] = [await aTenant(), await aTenant()];
    await enable(one, 'basis-1.0.0');
    expect(await world.enabled(two)).toEqual([]);
    expect((await disable(two, 'basis-1.0.0')).status).toBe(404);
    expect(await world.enabled(one)).toEqual(['basis-1.0.0']);
  });

  test('refuses a second module that handles the same requests', async () => {
    const tenant = await aTenant();
    const handling = (id: string, name: string) => ({
      id: `${id}-1.0.0`,
      provides: [
        {
          id,
          version: '1.0',
          handlers: [{ methods: ['GET'], pathPattern: `/shelves/{${name}}`, permissionsRequired: [] }],
        },
      ],
    });
    await world.add(handling('left', 'id'));
    await world.add(handling('right', 'shelf'));
    expect((await enable(tenant, 'left')).status).toBe(201);
    expect(await enable(tenant, 'right')).toMatchObject({
      status: 400,
      text: 'Modules left-1.0.0, right-1.0.0 both handle GET /shelves/{shelf}',
    });
    expect((await enable(tenant, 'right', '?depCheck=false')).status).toBe(201);
  });
});

test('a module cannot take the login of the built-in one', async () => {
  await world.add({
    id: 'phish-1.0.0',
    provides: [
      {
        id: 'phish',
        version: '1.0',
        handlers: [{ methods: ['POST'], pathPattern: '/authn/login', permissionsRequired: [] }],
      },
    ],
  });
  expect(await enable('other', 'phish-1.0.0')).toMatchObject({
    status: 400,
    text: 'Modules mod-login-1.0.0, phish-1.0.0 both handle POST /authn/login',
  });
  expect((await world.ask('POST', '/_/proxy/tenants/other/install', [{ id: 'phish' }])).status).toBe(400);
  expect(await world.enabled('other')).not.toContain('phish-1.0.0');
});

describe('§2.3 POST /_/proxy/tenants/{t}/modules/{old}', () => {
  const replace = (tenant: string, old: string, id: string) =>
    world.ask('POST', `/_/proxy/tenants/${tenant}/modules/${old}`, { id });

  test('replaces a module by another version or another product', async () => {
    const tenant = await aTenant();
    await enable(tenant, 'basis-1.0.0');
    const answer = await replace(tenant, 'basis-1.0.0', 'basis-1.1.0');
    expect([answer.status, answer.headers.get('location')]).toEqual([
      201,
      `/_/proxy/tenants/${tenant}/modules/basis-1.1.0`,
    ]);
    expect((await replace(tenant, 'basis-1.1.0', 'rival-1.0.0')).status).toBe(201);
    expect(await world.enabled(tenant)).toEqual(['rival-1.0.0']);
  });

  test('refuses what others would miss, and what is not enabled', async () => {
    const tenant = await aTenant();
    await enable(tenant, 'basis-1.1.0');
    await enable(tenant, 'modern-1.0.0');
    expect(await replace(tenant, 'basis-1.1.0', 'basis-1.0.0')).toMatchObject({
      status: 400,
      text: 'Incompatible version for module modern-1.0.0 interface basis. Need 1.1. Have 1.0/basis-1.0.0',
    });
    expect((await replace(tenant, 'rival-1.0.0', 'basis-1.0.0')).status).toBe(404);
    expect(await world.enabled(tenant)).toEqual(['basis-1.1.0', 'modern-1.0.0']);
  });
});

describe('§2.3 DELETE', () => {
  test('disables a module that nobody needs', async () => {
    const tenant = await aTenant();
    await enable(tenant, 'basis-1.0.0');
    await enable(tenant, 'user-1.0.0');
    expect(await disable(tenant, 'basis-1.0.0')).toMatchObject({
      status: 400,
      text: 'Missing dependency: user-1.0.0 requires basis: 1.0',
    });
    expect(await disable(tenant, 'user-1.0.0')).toMatchObject({ status: 204, text: '' });
    expect((await disable(tenant, 'basis-1.0.0')).status).toBe(204);
    expect(await disable(tenant, 'basis-1.0.0')).toMatchObject({ status: 404, text: 'basis-1.0.0' });
    expect((await disable('nobody', 'basis-1.0.0')).status).toBe(404);
  });

  test('disables in spite of others without depCheck, and what was broken before does not count', async () => {
    const tenant = await aTenant();
    await enable(tenant, 'basis-1.0.0');
    await enable(tenant, 'user-1.0.0');
    await enable(tenant, 'many-1.0.0');
    expect((await disable(tenant, 'basis-1.0.0', '?depCheck=false')).status).toBe(204);
    expect((await disable(tenant, 'many-1.0.0')).status).toBe(204);
  });

  test('disables all, dependants first', async () => {
    const tenant = await aTenant();
    await enable(tenant, 'basis-1.0.0');
    await enable(tenant, 'user-1.0.0');
    expect((await world.ask('DELETE', `/_/proxy/tenants/${tenant}/modules`)).status).toBe(204);
    expect(await world.enabled(tenant)).toEqual([]);
    expect((await world.ask('DELETE', '/_/proxy/tenants/nobody/modules')).status).toBe(404);
  });
});

describe('§2.3 GET', () => {
  test('the modules of a tenant have the filters of all modules', async () => {
    const tenant = await aTenant();
    for (const id of ['basis-1.1.0', 'user-1.0.0']) await enable(tenant, id);
    const list = async (query: string) =>
      (await world.must('GET', `/_/proxy/tenants/${tenant}/modules?${query}`)).text;
    expect(await list('')).toBe('[ {\n  "id" : "basis-1.1.0"\n}, {\n  "id" : "user-1.0.0"\n} ]');
    expect(JSON.parse(await list('filter=user'))).toEqual([{ id: 'user-1.0.0' }]);
    expect(JSON.parse(await list('orderBy=id'))).toEqual([{ id: 'user-1.0.0' }, { id: 'basis-1.1.0' }]);
    expect(JSON.parse(await list('full=true&provide=basis'))).toMatchObject([
      { id: 'basis-1.1.0', provides: [{ id: 'basis', version: '1.1' }] },
    ]);
    expect(await list('dot=true')).toContain('  user__1_0_0 -> basis__1_1_0;');
    expect((await world.ask('GET', '/_/proxy/tenants/nobody/modules')).status).toBe(404);
  });

  test('interfaces are told with their versions, whole, or by type', async () => {
    const tenant = await aTenant();
    for (const id of ['basis-1.1.0', 'user-1.0.0', 'many-1.0.0']) await enable(tenant, id);
    const interfaces = async (query: string) =>
      (await world.must('GET', `/_/proxy/tenants/${tenant}/interfaces?${query}`)).json();
    expect(await interfaces('')).toEqual([
      { id: 'basis', version: '1.1' },
      { id: 'codex', version: '3.0' },
      { id: '_tenantless', version: '1.0' },
      { id: 'sys', version: '1.0' },
      { id: 'use', version: '2.3' },
    ]);
    expect(await interfaces('type=proxy')).toEqual([
      { id: 'basis', version: '1.1' },
      { id: 'use', version: '2.3' },
    ]);
    expect(await interfaces('type=system')).toEqual([
      { id: '_tenantless', version: '1.0' },
      { id: 'sys', version: '1.0' },
    ]);
    expect(await interfaces('type=multiple&full=true')).toEqual([
      { id: 'codex', version: '3.0', interfaceType: 'multiple' },
    ]);
    const providers = async (path: string) =>
      (await world.must('GET', `/_/proxy/tenants/${tenant}/interfaces/${path}`)).text;
    expect(await providers('use')).toBe('[ {\n  "id" : "user-1.0.0"\n} ]');
    expect(await providers('use?type=multiple')).toBe('[ ]');
    expect(await providers('nothing')).toBe('[ ]');
    expect((await world.ask('GET', '/_/proxy/tenants/nobody/interfaces')).status).toBe(404);
    expect((await world.ask('GET', '/_/proxy/tenants/nobody/interfaces/use')).status).toBe(404);
  });
});
