import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModuleResponse } from '#gateway/contract';
import { hostModule, spyModule, startWorld } from '../support/gateway-world.ts';
import { ALLOWED, answers, FORBIDDEN, knowNames, LURES } from './gateway-lures.ts';
import { runs } from './gateway-runs.ts';

test('I-21: connections are made to allowed addresses of the discovery, whatever it, a client or a module says', async () => {
  const trapped: string[] = [];
  const trap = createServer((req, res) => {
    trapped.push(req.url ?? '');
    res.end('trapped');
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.2', resolve));
  const { port: trapPort } = trap.address() as AddressInfo;

  let answer: ModuleResponse = { status: 200 };
  const module = spyModule(
    {
      id: 'mod-one-1.0.0',
      provides: [
        {
          id: 'one',
          version: '1.0',
          handlers: [{ methods: ['GET', 'POST'], pathPattern: '/one*', permissionsRequired: [] }],
        },
      ],
    },
    [],
    () => answer,
  );
  const host = await hostModule(module);
  const modulePort = new URL(host.url).port;
  const world = await startWorld('- user: { prefix: aa, expire: 2199-01-01 }', [], {
    discoveryAllow: [`${ALLOWED}/32`],
    connectTimeoutMs: 1_000,
  });
  world.store.add(module.descriptor);
  world.store.enable('aa', 'mod-one-1.0.0');

  const attempts: string[] = [];
  const onSocket = (message: unknown): void =>
    void (message as { socket: Socket }).socket.on('connectionAttempt', (ip, port) =>
      attempts.push(`${ip}:${port}`),
    );
  subscribe('net.client.socket', onSocket);
  const forgetNames = knowNames();
  try {
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.constantFrom(...FORBIDDEN),
            fc.constantFrom(ALLOWED, 'localhost', '127.1', 'both.test'),
          ),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        fc.constantFrom(...Object.values(LURES)),
        fc.constantFrom(...answers(`127.0.0.2:${trapPort}`)),
        fc.constantFrom('GET', 'POST'),
        async (hosts, lure, drawn, method) => {
          answer = drawn;
          for (const { instId } of world.store.instances('mod-one-1.0.0'))
            world.store.forget('mod-one-1.0.0', instId);
          for (const [at, name] of hosts.entries()) {
            const isForbidden = FORBIDDEN.some((each) => each === name);
            const url = `http://${name}:${isForbidden ? trapPort : modulePort}`;
            world.store.discover('mod-one-1.0.0', { instId: String(at), url });
          }
          attempts.length = 0;
          const { path = '/one', headers = {} } = lure(`127.0.0.2:${trapPort}`);
          const text = method === 'POST' ? { body: '{}' } : {};
          await world.send({ method, path, headers: { 'x-okapi-tenant': 'aa', ...headers }, ...text });
          const others = attempts.filter((to) => to !== `${ALLOWED}:${world.port}`);
          for (const to of others) expect(to).toBe(`${ALLOWED}:${modulePort}`);
          reached += others.length;
        },
      ),
      runs(1, 0.75),
    );
    expect(trapped).toEqual([]);
    expect(reached).toBeGreaterThan(0);
  } finally {
    unsubscribe('net.client.socket', onSocket);
    forgetNames();
    await world.stop();
    await host.stop();
    await new Promise((resolve) => trap.close(resolve));
  }
});
