import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModuleDescriptor } from '#gateway';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import type { SystemModule } from '../../support/system-module.ts';

/** A permission module in a version of `_tenantPermissions`. */
const receiver = (id: string, version: string): ModuleDescriptor => ({
  id,
  provides: [
    {
      id: '_tenantPermissions',
      version,
      interfaceType: 'system',
      handlers: [{ methods: ['POST'], pathPattern: '/_/tenantpermissions' }],
    },
  ],
  permissionSets: [{ permissionName: 'perms.all' }],
});

const books: ModuleDescriptor = {
  id: 'books-2.0.0',
  replaces: ['old-books'],
  provides: [
    {
      id: 'books',
      version: '1.0',
      handlers: [
        {
          methods: ['GET', 'POST'],
          pathPattern: '/books/{id}',
          permissionsRequired: ['books.get'],
          modulePermissions: ['shelves.get'],
        },
      ],
    },
  ],
  permissionSets: [
    { permissionName: 'books.get', displayName: 'see books', replaces: ['books.read'], visible: true },
  ],
};
const generated = {
  permissionName: 'SYS#books-2.0.0#/books/{id}#[GET, POST]',
  displayName: 'System generated: SYS#books-2.0.0#/books/{id}#[GET, POST]',
  description: 'System generated permission set',
  subPermissions: ['shelves.get'],
  visible: false,
};
const raw = books.permissionSets?.[0];
const stripped = { permissionName: 'books.get', displayName: 'see books', visible: true };

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: other, expire: 2035-01-01 }\n');
  await world.add(books);
});
afterAll(() => world?.remove());

const bodies = (module: SystemModule): readonly unknown[] =>
  module.told().map((line) => JSON.parse(line.replace('POST /_/tenantpermissions ', '')) as unknown);
const enable = (tenant: string, id: string, query = '') =>
  world.ask('POST', `/_/proxy/tenants/${tenant}/modules${query}`, { id });
const disable = (tenant: string, id: string) =>
  world.ask('DELETE', `/_/proxy/tenants/${tenant}/modules/${id}`);

describe('§2.6 _tenantPermissions', () => {
  test.each([
    ['1.0', { moduleId: books.id, perms: [stripped] }, []],
    ['1.1', { moduleId: books.id, perms: [stripped, generated] }, []],
    ['2.0', { moduleId: books.id, perms: [raw, generated] }, [{ moduleId: books.id, perms: [] }]],
    [
      '2.1',
      { moduleId: books.id, perms: [raw, generated], replaces: ['old-books'] },
      [{ moduleId: books.id, perms: [] }],
    ],
  ])('%s is told what a module brings, and with 2.x that it goes', async (version, told, leaving) => {
    const tenant = `v${version.replace('.', '_')}`;
    const id = `perms${version.replace('.', '')}-1.0.0`;
    await world.bareTenant(tenant);
    const module = await world.run(receiver(id, version));
    expect((await enable(tenant, id)).status).toBe(201);
    expect(bodies(module)).toEqual([{ moduleId: id, perms: [{ permissionName: 'perms.all' }] }]);
    expect((await enable(tenant, books.id)).status).toBe(201);
    expect(bodies(module)).toEqual([told]);
    await disable(tenant, books.id);
    expect(bodies(module)).toEqual(leaving);
  });

  test('hears of everybody who is there when it comes later, for its tenant', async () => {
    await world.bareTenant('late');
    await enable('late', books.id);
    const module = await world.run(receiver('latecomer-1.0.0', '2.1'));
    await enable('late', 'latecomer-1.0.0');
    expect(module.calls.map(({ headers }) => headers['x-okapi-tenant'])).toEqual(['late', 'late']);
    expect(bodies(module)).toMatchObject([{ moduleId: 'latecomer-1.0.0' }, { moduleId: books.id }]);
  });

  test('is told before the module itself hears of the tenant', async () => {
    await world.bareTenant('ordered');
    const order: string[] = [];
    await world.run(receiver('order-1.0.0', '2.1'), ({ url }) => {
      order.push(url);
      return undefined;
    });
    await world.run(
      {
        id: 'init-1.0.0',
        provides: [
          {
            id: '_tenant',
            version: '2.0',
            interfaceType: 'system',
            handlers: [{ methods: ['POST'], pathPattern: '/_/tenant' }],
          },
        ],
      },
      ({ url }) => {
        order.push(url);
        return undefined;
      },
    );
    await enable('ordered', 'order-1.0.0');
    order.length = 0;
    await enable('ordered', 'init-1.0.0');
    expect(order).toEqual(['/_/tenantpermissions', '/_/tenant']);
  });

  test('is not called with invoke=false', async () => {
    await world.bareTenant('silent');
    const module = await world.run(receiver('silent-1.0.0', '2.1'));
    await enable('silent', 'silent-1.0.0', '?invoke=false');
    await enable('silent', books.id, '?invoke=false');
    expect(module.calls).toEqual([]);
  });

  test('that refuses, or is of a version that nobody knows, is an error', async () => {
    await world.bareTenant('refused');
    let status = 204;
    await world.run(receiver('refuses-1.0.0', '2.1'), () => ({ status, body: 'no' }));
    await enable('refused', 'refuses-1.0.0');
    status = 500;
    expect(await enable('refused', books.id)).toMatchObject({
      status: 400,
      text: 'POST request for refuses-1.0.0 /_/tenantpermissions failed with 500: no',
    });
    expect(await world.enabled('refused')).toEqual(['refuses-1.0.0']);
    await world.add(receiver('future-1.0.0', '3.0'));
    await world.bareTenant('future');
    expect((await enable('future', 'future-1.0.0')).text).toBe(
      'Unknown version of _tenantPermissions interface in use 3.0.',
    );
  });

  test('of the built-in permissions module hears of modules of others, too', async () => {
    await world.must('POST', '/_/proxy/tenants', { id: 'built_in' });
    expect((await enable('built_in', books.id)).status).toBe(201);
    expect((await disable('built_in', books.id)).status).toBe(204);
  });
});
