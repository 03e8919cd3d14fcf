import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prepareServer, refuseTooManyHeaders, serverOptions } from '#collector';
import { createMetrics } from '#core';
import { collectorOptions } from '../../../support/collector-server.ts';
import { type Seen, spyModule, startWorld, type World } from '../../../support/gateway-world.ts';
import { ambiguousFraming, type Framing } from '../../../support/ambiguous-framing.ts';

/** The limits of the real server in front of the gateway: what two parsers could cut in different places never reaches a module. */

let world: World;
let server: Server;
const seen: Seen[] = [];

beforeEach(async () => {
  seen.length = 0;
  const handlers = [{ methods: ['GET', 'POST'], pathPattern: '/notes', permissionsRequired: [] }];
  const notes = { id: 'mod-notes-1.0.0', provides: [{ id: 'notes', version: '1.0', handlers }] };
  world = await startWorld('- user: { prefix: shop, expire: 2028-01-01 }', [spyModule(notes, seen)], {
    clientTimeoutMs: 300,
  });
  world.store.enable('shop', 'mod-notes-1.0.0');
  const options = { ...collectorOptions, headerTimeoutMs: 300 };
  server = createServer(serverOptions(options), (request, response) => {
    if (!refuseTooManyHeaders(request, response, options.maxHeaders)) world.gateway.handle(request, response);
  });
  prepareServer(server, options, createMetrics());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await world.stop();
});

/** Everything that comes back until the other side closes, or `ms` are over. */
const raw = (text: string, ms: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let answer = '';
    const end = (): void => {
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, ms);
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      end();
    });
    socket.write(Buffer.from(text, 'latin1'));
  });

const HEAD = 'POST /notes HTTP/1.1\r\nHost: a\r\nX-Okapi-Tenant: shop\r\n';

describe('a request at the gateway', () => {
  test('§1.14 that is one request is made', async () => {
    const answer = await raw(`${HEAD}Connection: close\r\nContent-Length: 3\r\n\r\nabc`, 5_000);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen).toMatchObject([{ body: 'abc' }]);
  });

  test.each<Framing>([
    ...ambiguousFraming(HEAD),
    ['bare line feeds', 'GET /notes HTTP/1.1\nHost: a\nX-Okapi-Tenant: shop\n\n'],
    ['no Host', 'GET /notes HTTP/1.1\r\nX-Okapi-Tenant: shop\r\n\r\n'],
  ])('§1.11 with %s is a 400, and no module is called', async (_, bytes) => {
    const answer = await raw(bytes, 2_000);
    expect(answer.split('\r\n', 1)[0]).toBe('HTTP/1.1 400 Bad Request');
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expect(seen).toEqual([]);
  });

  test.each([
    ['a chunk size that is no number', 'zz\r\nabc\r\n0\r\n\r\n'],
    ['a chunk size of many digits', `${'f'.repeat(40)}\r\nabc`],
    ['a bare line feed in a chunk size', '3\nabc\r\n0\r\n\r\n'],
    ['endless chunk extensions', `3;${'x'.repeat(1e6)}\r\nabc\r\n0\r\n\r\n`],
    ['chunks that never end', '3\r\nabc\r\n'],
  ])('§1.14 with %s is refused, and no module gets a body', async (_, chunks) => {
    const answer = await raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunks}`, 5_000);
    expect(answer).toMatch(/^HTTP\/1\.1 4(00|08|13) /);
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expect(seen).toEqual([]);
  });

  test('§1.14 of a body that does not come to its end is a 408', async () => {
    expect(await raw(`${HEAD}Content-Length: 5\r\n\r\nabc`, 5_000)).toMatch(/^HTTP\/1\.1 408 /);
    expect(seen).toEqual([]);
  });

  test('§1.14 that is smuggled behind another one is answered as a request of its own, without what the first one said', async () => {
    const second = 'POST /notes HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    const answer = await raw(`${HEAD}Content-Length: 3\r\n\r\nabc${second}`, 5_000);
    expect([...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual(['200', '400']);
    expect(seen).toHaveLength(1);
  });
});
