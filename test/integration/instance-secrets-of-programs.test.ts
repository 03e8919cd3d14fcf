import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#core';
import { createTokens, loadSigningKey } from '#gateway';
import type { Person } from '../../examples/person.ts';
import { type Program, startProgram } from '../../examples/process.ts';
import { type AdminClient, createAdminClient } from '../support/admin-client.ts';
import { signInPeople } from '../support/people.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

// The modules of the examples, each with a secret that it shares with the gateway, behind a server that requires one (reliability.md F67).

const helloSecret = 'what-only-hello-and-the-gateway-know';
const kbSecret = 'what-only-kb-ebsco-and-the-gateway-know';
const example = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
const descriptorOf = async (folder: string) =>
  JSON.parse(await readFile(example(`${folder}/ModuleDescriptor.json`), 'utf8')) as { readonly id: string };

let server: RunningRumbrella;
let admin: AdminClient;
let hello: Program & { readonly ready: string };
let kb: Program & { readonly ready: string };
let ann: Person;

const enable = async (id: string): Promise<void> => {
  await admin.must('POST', '/_/proxy/tenants/fashion_bg/modules', { id });
};

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-secrets-'));
  await writeFile(join(folder, 'users-map.yaml'), '- user: { prefix: fashion_bg, expire: 2099-01-01 }\n');
  server = await startRumbrella({
    folder,
    env: {
      RUMBRELLA_DEMO: 'off',
      RUMBRELLA_LOG_LEVEL: 'debug',
      RUMBRELLA_GATEWAY_ALLOW_EXEC: 'true',
      RUMBRELLA_GATEWAY_REQUIRE_INSTANCE_SECRETS: 'true',
    },
  });
  admin = createAdminClient(server.url);
  [hello, kb] = await Promise.all([
    startProgram(
      {
        command: 'python3',
        args: [example('python-module/hello.py'), '0'],
        env: { RUMBRELLA_INSTANCE_SECRET: helloSecret },
      },
      (line) => /^hello answers on (\d+)$/.exec(line)?.[1],
    ),
    startProgram(
      {
        command: process.execPath,
        args: [example('kb-ebsco/main.ts'), '0'],
        env: { RUMBRELLA_INSTANCE_SECRET: kbSecret },
      },
      (line) => /"port":(\d+)/.exec(line)?.[1],
    ),
  ]);
  for (const [folderName, instId, port, secret] of [
    ['python-module', 'hello', hello.ready, helloSecret],
    ['kb-ebsco', 'kb', kb.ready, kbSecret],
  ] as const) {
    const descriptor = await descriptorOf(folderName);
    await admin.must('POST', '/_/proxy/modules', descriptor);
    const url = `http://127.0.0.1:${port}`;
    await admin.must('POST', '/_/discovery/modules', { srvcId: descriptor.id, instId, url, secret });
    await enable(descriptor.id);
  }
  [ann] = (await signInPeople(server, {
    tenant: 'fashion_bg',
    username: 'ann',
    permissions: ['hello.get', 'kb-ebsco.all'],
  })) as [Person];
});
afterAll(async () => {
  await hello?.stop();
  await kb?.stop();
  await server?.remove();
});

describe('the module in Python', () => {
  test('answers the gateway, and calls back through it', async () => {
    expect(await ann.send({ path: '/hello' })).toMatchObject({
      status: 200,
      json: { hello: 'fashion_bg', user: ann.id },
    });
    expect(await ann.send({ path: '/hello/name' })).toMatchObject({ status: 200, json: { hello: 'ann' } });
  });

  test('answers nobody else', async () => {
    const token = `e30.${Buffer.from('{"tenant":"fashion_bg","aud":"mod-hello-1.0.0"}').toString('base64url')}.c2ln`;
    const headers = { 'x-okapi-tenant': 'fashion_bg', 'x-okapi-token': token };
    const url = `http://127.0.0.1:${hello.ready}`;
    for (const signature of ['', 't=1,v1=0', `t=${Math.floor(Date.now() / 1_000)},v1=${'0'.repeat(64)}`, 'ä'])
      expect(
        (await fetch(`${url}/hello`, { headers: { ...headers, 'x-rumbrella-signature': signature } })).status,
      ).toBe(401);
    expect((await fetch(`${url}/hello`, { headers })).status).toBe(401);
    expect((await fetch(`${url}/_/tenant`, { method: 'POST', headers })).status).toBe(401);
  });
});

describe('kb-ebsco', () => {
  test('answers the gateway, and asks itself through it', async () => {
    const answer = await ann.send({ path: '/eholdings/status' });
    expect(answer.status).toBe(200);
    const trace = await admin.must('GET', `/_/requests/${encodeURIComponent(answer.requestId)}`);
    const { hops } = trace.json<{ hops: { phase: string; path: string; status: number }[] }>();
    expect(hops.filter(({ phase }) => phase === 'handler').map(({ path, status }) => [path, status])).toEqual(
      [
        ['/eholdings/status', 200],
        ['/eholdings/user-kb-credential', 404],
      ],
    );
  });

  test('answers nobody else', async () => {
    const url = `http://127.0.0.1:${kb.ready}/eholdings/kb-credentials`;
    const answer = await fetch(url, { headers: { 'x-okapi-tenant': 'fashion_bg' } });
    expect(answer.status).toBe(401);
  });
});

describe('discovery', () => {
  const one = { srvcId: 'mod-hello-1.0.0', instId: 'other', url: 'http://127.0.0.1:1' };

  test('tells of a secret only that there is one', async () => {
    const { json } = await admin.must('GET', '/_/discovery/modules/mod-hello-1.0.0/hello');
    expect(json()).toEqual({ ...one, instId: 'hello', url: expect.any(String), secret: '********' });
    const posted = await admin.must('POST', '/_/discovery/modules', { ...one, secret: helloSecret });
    expect(posted.json()).toEqual({ ...one, secret: '********' });
    await admin.must('DELETE', '/_/discovery/modules/mod-hello-1.0.0/other');
  });

  test.each<[string, unknown, RegExp]>([
    ['none', undefined, /^Needs secret: gateway\.require_instance_secrets is on$/],
    ['what another answer has told', '********', /expected 32 to 256 printable ASCII characters/],
    ['a short one', 'x'.repeat(31), /expected 32 to 256/],
    ['a long one', 'x'.repeat(257), /expected 32 to 256/],
    ['one with a space', `${'x'.repeat(40)} y`, /expected 32 to 256/],
    ['a number', 5, /expected 32 to 256/],
    ['one to be made, for a module that runs elsewhere', true, /is for modules that are started here/],
  ])('refuses %s', async (_what, secret, why) => {
    const answer = await admin.ask('POST', '/_/discovery/modules', { ...one, secret });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(why);
    if (typeof secret === 'string' && secret.length > 8) expect(answer.text).not.toContain(secret);
  });

  test('signs checks of health', async () => {
    expect((await admin.must('GET', '/_/discovery/health/mod-hello-1.0.0')).json()).toMatchObject([
      { instId: 'hello', healthStatus: true },
    ]);
  });
});

test('a module that is started here finds its secret in its environment, and nobody else does', async () => {
  const file = join(server.folder, 'env.json');
  const program = `require('fs').writeFileSync(process.argv[2],JSON.stringify(process.env));require('http').createServer((q,s)=>s.end(String(q.headers['x-rumbrella-signature']))).listen(+process.argv[1])`;
  await admin.must('POST', '/_/proxy/modules', {
    id: 'started-1.0.0',
    provides: [
      {
        id: 'started',
        version: '1.0',
        handlers: [{ methods: ['GET'], pathPattern: '/started', permissionsRequired: [] }],
      },
    ],
    launchDescriptor: {
      exec: `${process.execPath} -e ${program} %p ${file}`,
      env: [{ name: 'RUMBRELLA_INSTANCE_SECRET', value: 'of the descriptor' }],
    },
  });
  const secretOf = async (): Promise<string> =>
    (JSON.parse(await readFile(file, 'utf8')) as Record<string, string>)['RUMBRELLA_INSTANCE_SECRET'] ?? '';
  const made = new Set<string>();
  for (const path of ['/_/discovery/modules', '/_/deployment/modules']) {
    const answer = await admin.must('POST', path, {
      srvcId: 'started-1.0.0',
      ...(path.includes('disc') && { nodeId: 'localhost' }),
    });
    const secret = await secretOf();
    expect(secret).toMatch(/^[\w-]{43}$/);
    made.add(secret);
    expect(answer.text).not.toContain(secret);
    for (const told of ['/_/discovery/modules', '/_/deployment/modules', '/_/discovery/health', '/_/env'])
      expect((await admin.must('GET', told)).text).not.toContain(secret);
    if (made.size === 1) await enable('started-1.0.0');
    expect((await ann.send({ path: '/started' })).text).toMatch(/^t=\d+,v1=[\da-f]{64}$/);
    const { instId } = answer.json<{ instId: string }>();
    await admin.must('DELETE', `/_/discovery/modules/started-1.0.0/${instId}`);
    expect(JSON.stringify(server.log)).not.toContain(secret);
  }
  expect(made.size).toBe(2);
});

/** A token as hello is given it for a request of Ann's. */
const tokenOfHello = async (): Promise<string> => {
  const key = await loadSigningKey('', join(server.folder, 'data', 'signing-key'));
  return createTokens({ key }, systemClock).mintModule({
    module: 'mod-hello-1.0.0',
    tenant: 'fashion_bg',
    originTenant: 'fashion_bg',
    userId: ann.id,
    subject: 'ann',
    actors: [],
    relation: null,
    hop: 0,
    transaction: '1',
    entry: 0,
    expiresAt: Date.now() + 30_000,
  });
};

test('no secret is in the log, the metrics or a trace, and refused calls are counted', async () => {
  const { requestId } = await ann.send({ path: '/hello/name' });
  const trace = await admin.must('GET', `/_/requests/${encodeURIComponent(requestId)}`);
  const unproved = await fetch(`${server.url}/hello`, {
    headers: { 'x-okapi-tenant': 'fashion_bg', 'x-okapi-token': await tokenOfHello() },
  });
  expect(unproved.status).toBe(401);
  const metrics = (await admin.must('GET', '/metrics')).text;
  expect(metrics).toContain('rumbrella_gateway_unproved_calls_total{reason="missing"} 1');
  for (const told of [JSON.stringify(server.log), trace.text, metrics])
    for (const secret of [helloSecret, kbSecret]) expect(told).not.toContain(secret);
});
