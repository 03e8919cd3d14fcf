import { afterEach, describe, expect, test } from 'vitest';
import type { ActedEntry } from '#gateway';
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

/** Sends requests of a user of the agency and gives what was told of them. */
const actedBy = async (
  requests: readonly { readonly method: string; readonly path: string; readonly tenant: string }[],
): Promise<readonly ActedEntry[]> => {
  const told: ActedEntry[] = [];
  world = await startWorld(MAP, [things], {}, 'in process', undefined, (entry) => told.push(entry));
  world.store.add(things.descriptor);
  for (const tenant of ['agency', 'shop']) world.store.enable(tenant, 'things-1.0.0');
  for (const { method, path, tenant } of requests)
    await world.send({
      method,
      path,
      headers: { 'x-okapi-tenant': tenant, 'x-okapi-token': world.token('agency') },
    });
  return told;
};

describe('the gateway tells of writes for another tenant', () => {
  test('with who, for whom, by which relation and the result', async () => {
    const told = await actedBy([{ method: 'POST', path: '/things?secret=1', tenant: 'shop' }]);
    expect(told).toEqual([
      {
        requestId: expect.stringMatching(/^\d{6}\/things$/) as string,
        userId: 'user-1',
        subject: 'anna',
        originTenant: 'agency',
        tenant: 'shop',
        relation: 'agency#1',
        module: 'things-1.0.0',
        method: 'POST',
        path: '/things',
        actors: [],
        clientAddress: expect.stringContaining('127.0.0.1') as string,
        status: 201,
      },
    ]);
  });

  test('also when the module refuses or fails', async () => {
    const told = await actedBy([
      { method: 'DELETE', path: '/things', tenant: 'shop' },
      { method: 'POST', path: '/things/broken', tenant: 'shop' },
    ]);
    expect(told.map(({ status }) => status)).toEqual([409, 500]);
  });

  test('and not of reads, nor of writes at home', async () => {
    const told = await actedBy([
      { method: 'GET', path: '/things', tenant: 'shop' },
      { method: 'POST', path: '/things', tenant: 'agency' },
    ]);
    expect(told).toEqual([]);
  });
});
