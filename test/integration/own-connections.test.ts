import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { createAddressGuard } from '../../src/gateway/stages/address-guard.ts';
import { listen, send, start, startHttp, unreachable, world } from '../support/remote-module-world.ts';

// reliability.md F62, F64, F65, R16: an address is judged when it is connected to, whatever was registered.

it('is not called where the gateway itself listens, by whatever name, and says so in the trace', async () => {
  let connections = 0;
  const gateway = createServer((_req, res) => void res.end('the gateway itself'));
  gateway.on('request', () => (connections += 1));
  const port = Number(new URL(await listen(gateway)).port);
  for (const host of ['127.0.0.1', 'localhost', '127.1', '0x7f000001', '[::ffff:127.0.0.1]', '0.0.0.0']) {
    await start(
      [`http://${host}:${port}`],
      {},
      { ownPorts: () => [1, port], discoveryAllow: ['0.0.0.0/0', '::/0'] },
    );
    const answer = await send();
    expect(answer).toMatchObject({ status: 502, text: unreachable });
    const trace = world.gateway.trace(String(answer.headers['x-okapi-request-id']));
    expect(JSON.stringify(trace)).toContain('modules may not run at');
    await world.stop();
  }
  expect(connections).toBe(0);
  await start([`http://localhost:${port}`], {}, { ownPorts: () => [port + 1] });
  expect((await send()).status).toBe(200);
});

it('is called at the gateway’s port number on another machine', async () => {
  const guard = createAddressGuard(['192.0.2.0/24', '127.0.0.0/8'], () => [8080]);
  expect(guard.allowsConnection('192.0.2.1', 8080)).toBe(true);
  expect(guard.allowsConnection('127.0.0.1', 8080)).toBe(false);
  expect(guard.allowsConnection('::ffff:127.0.0.1', 8080)).toBe(false);
  expect(guard.allowsConnection('127.0.0.1', 8081)).toBe(true);
  expect(guard.allowsConnection('198.51.100.1', 8081)).toBe(false);
  await start([]);
});

it.each([301, 302, 303, 307, 308])(
  'is not followed when it redirects with %i: the answer is the client’s',
  async (status) => {
    let inside = 0;
    const elsewhere = await listen(createServer((_req, res) => void res.end(String((inside += 1)))));
    await startHttp((_req, res) => void res.writeHead(status, { location: `${elsewhere}/secret` }).end());
    const answer = await send();
    expect([answer.status, answer.headers.location]).toEqual([status, `${elsewhere}/secret`]);
    expect(inside).toBe(0);
  },
);
