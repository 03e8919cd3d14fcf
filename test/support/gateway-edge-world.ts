import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import { authModule, type Received, type Seen, spyModule, startWorld, type World } from './gateway-world.ts';

/** The organizations that the public door of these tests knows. */
export const map = `
- user: { prefix: shop, expire: 2028-01-01 }
- user: { prefix: news, expire: 2028-01-01 }
- user: { prefix: closed, expire: 2020-01-01 }
- user: { prefix: noauth, expire: 2028-01-01 }
- user: { prefix: bare, expire: 2028-01-01 }
`;

/** A module with an open path, one that needs a permission, and one that answers preflights itself. */
export const things = {
  id: 'things-1.0.0',
  provides: [
    {
      id: 'things',
      version: '1.0',
      handlers: [
        { methods: ['GET', 'POST', 'DELETE'], pathPattern: '/things*', permissionsRequired: [] },
        { methods: ['GET'], pathPattern: '/secret', permissionsRequired: ['secret.get'] },
        {
          methods: ['GET', 'OPTIONS'],
          pathPattern: '/saml/callback',
          permissionsRequired: [],
          delegateCORS: true,
        },
      ],
    },
  ],
};

/** The gateway of the running test, with the modules enabled. */
export let world: World;
/** What the module was called with in the running test. */
export const seen: Seen[] = [];
beforeEach(async () => {
  seen.length = 0;
  world = await startWorld(
    map,
    [
      authModule(() => ['secret.get']),
      spyModule(things, seen, (request) => ({
        status: 200,
        headers: { 'access-control-allow-origin': 'https://idp.example', 'x-method': request.method },
        body: 'ok',
      })),
    ],
    { corsOrigins: ['https://desk.example'] },
  );
  for (const tenant of ['shop', 'news', 'closed'])
    world.store.enable(tenant, 'mod-auth-1.0.0', 'things-1.0.0');
  world.store.enable('noauth', 'things-1.0.0');
});
afterEach(() => world.stop());

/** Asks the running gateway. */
export const get = (
  headers: Readonly<Record<string, string | readonly string[]>> | readonly string[],
  path = '/things',
): Promise<Received> => world.send({ path, headers });

/** Sends bytes as they are and gives what comes back until the server closes or `settledMs` pass without a byte. */
export const raw = async (text: string): Promise<string> => {
  const socket = connect(world.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text, 'latin1');
  const closed = once(socket, 'close');
  await Promise.race([closed, expect.poll(() => received, { timeout: 3_000 }).toContain('HTTP/1.1')]);
  socket.destroy();
  return received;
};

/** The status of the first answer among the bytes; 0: there is none. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 ([0-9]+)/.exec(answer)?.[1] ?? 0);
