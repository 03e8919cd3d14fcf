import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { parseDescriptor } from '#gateway';
import { type Received, startWorld, type World } from './gateway-world.ts';

/** The gateway of the running test. */
export let world: World;
const servers: Server[] = [];
afterEach(async () => {
  await world.stop();
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server)
      (server as unknown as { closeAllConnections(): void }).closeAllConnections();
  }
});

/** Listens until the end of the test. Gives the address. */
export const listen = async (server: Server): Promise<string> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Starts a gateway with one remote module at these addresses, enabled for the tenant `shop`. */
export const start = async (urls: readonly string[], entry = {}, options = {}): Promise<void> => {
  world = await startWorld('- user: { prefix: shop, expire: 2028-01-01 }', [], {
    moduleTimeoutMs: 500,
    connectTimeoutMs: 500,
    ...options,
  });
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD'];
  world.store.add(
    parseDescriptor({
      id: 'm-1.0.0',
      provides: [
        {
          id: 'm',
          version: '1.0',
          handlers: [{ methods, pathPattern: '/m*', permissionsRequired: [], ...entry }],
        },
      ],
    }),
  );
  urls.forEach((url, index) => world.store.discover('m-1.0.0', { instId: String(index), url }));
  world.store.enable('shop', 'm-1.0.0');
};

/** Starts a gateway whose module is this HTTP server. Gives its address. */
export const startHttp = async (listener: RequestListener, entry = {}, options = {}): Promise<string> => {
  const url = await listen(createHttpServer(listener));
  await start([url], entry, options);
  return url;
};

/** Starts a gateway whose module writes bytes as it likes; `count` is the number of pieces that it has read. */
export const startRaw = async (
  onData: (socket: Socket, count: number) => void,
  options = {},
): Promise<void> => {
  let count = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      count += 1;
      onData(socket, count);
    });
  });
  await start([await listen(server)], {}, options);
};

/** Asks the module for the shop. */
export const send = (method = 'GET', body?: string, headers = {}): Promise<Received> =>
  world.send({
    method,
    path: '/m',
    headers: { 'X-Okapi-Tenant': 'shop', ...headers },
    ...(body === undefined ? {} : { body }),
  });

/** What the client is told of a module that is out of order. */
export const unreachable = 'The module could not be reached or gave no valid answer';
