import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../../examples/process.ts';
import { type AdminClient, createAdminClient } from '../support/admin-client.ts';
import { OPERATOR_TOKEN, type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

// reliability.md 4.5 R15: the administration on a listener of its own, on loopback, and with the operator's token there as well.

let server: RunningRumbrella;
let open: AdminClient;
let administration: AdminClient;

/** A port that was free a moment ago: the command `explain` is to find it in the configuration. */
const freePort = async (): Promise<number> => {
  const socket = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => socket.once('listening', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
};

let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-admin-port-'));
  await writeFile(join(folder, 'users-map.yaml'), '- user: { prefix: shop, expire: 2099-01-01 }\n');
  env = { RUMBRELLA_DEMO: 'off', RUMBRELLA_GATEWAY_ADMIN_PORT: String(await freePort()) };
  server = await startRumbrella({ folder, env });
  open = createAdminClient(server.url);
  administration = createAdminClient(`http://127.0.0.1:${env['RUMBRELLA_GATEWAY_ADMIN_PORT']}`);
});
afterAll(() => server?.remove());

const paths = [
  '/_/proxy/modules',
  '/_/proxy/tenants/shop/modules',
  '/_/discovery/modules',
  '/_/resolve?tenant=shop&path=/users',
  '/_/clickhouse/?query=SELECT%201',
  '/_/env',
];

test.each(paths)(
  '%s is answered there, with the token alone, and on the other port nowhere',
  async (path) => {
    expect((await administration.ask('GET', path)).status).toBe(200);
    expect((await fetch(`${administration.url}${path}`)).status).toBe(401);
    expect(await open.ask('GET', path)).toMatchObject({ status: 404, text: 'nothing is here' });
  },
);

test('a trace of a request is there, and the request on the other port', async () => {
  const answer = await fetch(`${open.url}/users`, { headers: { 'x-okapi-tenant': 'shop' } });
  expect(answer.status).toBe(400);
  const path = `/_/requests/${encodeURIComponent(answer.headers.get('x-okapi-request-id') ?? '')}`;
  expect((await administration.ask('GET', path)).status).toBe(200);
  expect((await open.ask('GET', path)).status).toBe(404);
});

test('version and health are on both', async () => {
  for (const { url } of [open, administration])
    for (const path of ['/_/version', '/_/proxy/health']) expect((await fetch(url + path)).status).toBe(200);
});

test('nothing else is there: no module, no beacon, no page, no metrics', async () => {
  for (const path of [
    '/users',
    '/_/invoke/tenant/shop/users',
    '/beacon/catcher?brum_trace=x',
    '/app/',
    '/metrics',
    '/health',
  ])
    expect(await administration.ask('GET', path)).toMatchObject({ status: 404, text: 'nothing is here' });
  const through = await fetch(`${open.url}/_/invoke/tenant/shop/users`);
  expect(through.status).toBe(400);
});

test('neither port is an instance of a module', async () => {
  await administration.must('POST', '/_/proxy/modules', { id: 'mod-x-1.0.0' });
  for (const url of [open.url, administration.url]) {
    const instance = { srvcId: 'mod-x-1.0.0', instId: 'x', url };
    expect(await administration.ask('POST', '/_/discovery/modules', instance)).toMatchObject({
      status: 400,
      text: `${url}: the gateway itself is there`,
    });
  }
});

test('the command explain asks there', async () => {
  const said = await runProgram({
    command: process.execPath,
    args: [
      fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url)),
      'explain',
      '--tenant',
      'shop',
      '--path',
      '/users',
    ],
    cwd: server.folder,
    env: { ...env, RUMBRELLA_OPERATOR_TOKEN: OPERATOR_TOKEN },
  });
  expect(said).toContain('executed for shop');
});
