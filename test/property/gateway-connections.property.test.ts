import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import dns from 'node:dns';
import { createServer } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModuleResponse } from '#gateway/contract';
import { hostModule, spyModule, startWorld } from '../support/gateway-world.ts';
import { runs } from './gateway-runs.ts';

/** Where modules may run; 127.0.0.2 is just beside it. */
const ALLOWED = '127.0.0.1';

/** Spellings of addresses where none may run. */
const FORBIDDEN = [
  '127.0.0.2',
  '127.2',
  '2130706434',
  '0x7f000002',
  '0177.0.0.2',
  '[::ffff:127.0.0.2]',
  '[::ffff:7f00:2]',
  '[::1]',
  '[::]',
  '0.0.0.0',
  'moved.test',
] as const;

/** Names and where they point to. There is no name server here, so the system's look-up is asked for the others only. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'moved.test': ['127.0.0.2'],
  'both.test': ['127.0.0.2', ALLOWED],
};

/** Answers for `NAMES` as `dns.lookup` does when all addresses are wanted. Returns the function that ends it. */
const knowNames = (): (() => void) => {
  const { lookup } = dns;
  const known = (name: string, options: unknown, callback: (...found: readonly unknown[]) => void): void => {
    const addresses = NAMES[name];
    if (addresses === undefined) return Reflect.apply(lookup, dns, [name, options, callback]);
    setImmediate(() =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      ),
    );
  };
  const replaced = { lookup: known };
  Object.assign(dns, replaced);
  syncBuiltinESMExports();
  return () => {
    Object.assign(dns, { lookup });
    syncBuiltinESMExports();
  };
};

/** Ways in which a client may try to have somebody else called; `there` is a host and port. */
const LURES: Readonly<
  Record<
    string,
    (there: string) => { readonly path?: string; readonly headers?: Readonly<Record<string, string>> }
  >
> = {
  nothing: () => ({}),
  'the host': (there) => ({ headers: { host: there } }),
  'an absolute target': (there) => ({ path: `http://${there}/one` }),
  'a path that begins with two slashes': (there) => ({ path: `//${there}/one` }),
  'a user before the host': (there) => ({ path: `/one/@${there}` }),
  'the internal URL': (there) => ({ headers: { 'x-okapi-url': `http://${there}` } }),
  'where a system call goes': (there) => ({ headers: { 'x-okapi-url-to': `http://${there}` } }),
  'a proxy': (there) => ({ headers: { 'x-forwarded-host': there, forwarded: `host=${there}` } }),
  'another module': (there) => ({ headers: { 'x-okapi-module-id': `http://${there}` } }),
};

/** What a module may answer to have somebody else called. */
const answers = (there: string): readonly ModuleResponse[] => [
  { status: 200, body: 'fine' },
  ...[301, 302, 307, 308].map((status) => ({ status, headers: { location: `http://${there}/one` } })),
  {
    status: 200,
    headers: { 'alt-svc': `http/1.1="${there}"`, refresh: `0; url=http://${there}/`, link: there },
  },
  { status: 401, headers: { 'x-okapi-url': `http://${there}` } },
];

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
      runs(0.75),
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
