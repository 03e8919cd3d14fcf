import { afterEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '#gateway';
import { json, type Module } from '#gateway/contract';
import { startWorld, type World } from '../support/gateway-world.ts';

const MAP = `
- user: { prefix: agency }
- user: { prefix: shop }
- relation: { tenant: agency, executes_as: [shop], modules: [things] }
`;

const things: Module = {
  descriptor: {
    id: 'things-1.0.0',
    provides: [
      {
        id: 'things',
        version: '1.0',
        handlers: [
          { methods: ['GET', 'POST', 'DELETE'], pathPattern: '/things' },
          { methods: ['POST'], pathPattern: '/things/broken' },
        ],
      },
    ],
  },
  handlers: {
    'GET /things': () => json(200, []),
    'POST /things': () => json(201, {}),
    'DELETE /things': () => json(409, {}),
    'POST /things/broken': () => {
      throw new Error('broken');
    },
  },
};

let world: World;

afterEach(() => world?.stop());

/** What the audit was told of one request: the entry, and the status when there was one. */
interface Told {
  readonly entry: AuditEntry;
  status: number | null;
}

/** Sends requests of a user of the agency and gives what the audit was told of them. */
const toldOf = async (
  requests: readonly { readonly method: string; readonly path: string; readonly tenant: string }[],
): Promise<readonly Told[]> => {
  const all: Told[] = [];
  world = await startWorld(MAP, [things], {}, 'in process', (entry) => {
    const told: Told = { entry, status: null };
    all.push(told);
    return Promise.resolve((status) => {
      told.status = status;
    });
  });
  world.store.add(things.descriptor);
  for (const tenant of ['agency', 'shop']) world.store.enable(tenant, 'things-1.0.0');
  for (const { method, path, tenant } of requests)
    await world.send({
      method,
      path,
      headers: { 'x-okapi-tenant': tenant, 'x-okapi-token': world.token('agency') },
    });
  return all;
};

describe('the audit is told of a request for another tenant', () => {
  test('with who, for whom, by which relation and the result', async () => {
    const told = await toldOf([{ method: 'POST', path: '/things?secret=1', tenant: 'shop' }]);
    const requestId = expect.stringMatching(/^\d{6}\/things$/) as string;
    expect(told).toEqual([
      {
        status: 201,
        entry: {
          requestId,
          transaction: requestId,
          userId: 'user-1',
          subject: 'anna',
          originTenant: 'agency',
          tenant: 'shop',
          relation: 'agency#1',
          rule: expect.any(String) as string,
          module: 'things-1.0.0',
          method: 'POST',
          isRead: false,
          entry: '/things',
          path: '/things',
          permissionsRequired: [],
          actors: [],
          clientAddress: expect.stringContaining('127.0.0.1') as string,
        },
      },
    ]);
  });

  test('also when the module refuses or fails', async () => {
    const told = await toldOf([
      { method: 'DELETE', path: '/things', tenant: 'shop' },
      { method: 'POST', path: '/things/broken', tenant: 'shop' },
    ]);
    expect(told.map(({ status }) => status)).toEqual([409, 500]);
  });

  test('also when it only reads, and not when it stays at home', async () => {
    const told = await toldOf([
      { method: 'GET', path: '/things', tenant: 'shop' },
      { method: 'POST', path: '/things', tenant: 'agency' },
      { method: 'GET', path: '/things', tenant: 'agency' },
    ]);
    expect(told.map(({ entry: { method, tenant, isRead } }) => [method, tenant, isRead])).toEqual([
      ['GET', 'shop', true],
    ]);
  });
});
