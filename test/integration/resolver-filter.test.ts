import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOperator, type Operator } from '../../examples/operator.ts';
import type { Person } from '../../examples/person.ts';
import { type Program, runProgram, startProgram } from '../../examples/process.ts';
import { signInPeople } from '../support/people.ts';
import { poll } from '../support/poll.ts';
import { OPERATOR_TOKEN, type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

// `docs/reference/resolver-filter.md`: what the filter says alone, as an Okapi asks it, and what our own gateway makes of it.

const rumbrella = fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url));

const users = `
- user: { prefix: a, expire: 2099-01-01 }
- user: { prefix: b, expire: 2099-01-01 }
- user: { prefix: c, expire: 2099-01-01 }
`;
const resolverMap = (rules: string): string => `${users}
- user: { prefix: gone, expire: 2020-01-01 }
- relation:
    tenant: a
    executes_as: [b, c, gone]
    modules: [notes]
    when:
      ${rules}
    permissions: [note.*]
    expire: 2098-12-31
`;
const RULES = `
      - { path: /note-types, query: { for: b }, tenant: b }
      - { path: /note-types, query: { for: c }, tenant: c }
      - { path: /note-types, query: { for: gone }, tenant: gone }
      - { method: POST, path: /note-types, body: { for: b }, tenant: b }`;

let folder: string;
let resolver: Program & { readonly ready: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-resolver-'));
  await writeFile(join(folder, 'consortium.yaml'), resolverMap(RULES));
  resolver = await startProgram(
    {
      command: process.execPath,
      args: [rumbrella, 'resolver', '--port', '0', '--map', 'consortium.yaml'],
      cwd: folder,
    },
    (line) => (line.includes('resolver_started') ? /"port":(\d+)/.exec(line)?.[1] : undefined),
  );
});

afterAll(async () => {
  await resolver?.stop();
  await rm(folder, { recursive: true, force: true });
});

const resolverUrl = (): string => `http://127.0.0.1:${resolver.ready}`;

/** A token as mod-authtoken makes it; the filter never sees one that was not judged. */
const okapiToken = (claims: object): string =>
  ['{"alg":"HS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

const ofA = okapiToken({ sub: 'ann', user_id: 'ann-id', tenant: 'a', type: 'access' });

describe('the filter alone, asked as Okapi asks a `pre` filter', () => {
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    fetch(`${resolverUrl()}${path}`, {
      method,
      headers: { 'x-okapi-tenant': 'a', 'x-okapi-token': ofA, 'x-okapi-filter': 'pre /*', ...headers },
    });
  const proposed = async (...question: Parameters<typeof ask>): Promise<readonly [number, string | null]> => {
    const answer = await ask(...question);
    await answer.arrayBuffer();
    return [answer.status, answer.headers.get('x-okapi-tenant')];
  };

  test('says the tenant when a rule does', async () => {
    expect(await proposed('/note-types?for=b')).toEqual([200, 'b']);
  });

  test('says nothing when no rule does', async () => {
    expect(await proposed('/note-types')).toEqual([200, null]);
  });

  test('says nothing for a callback within a replaced request', async () => {
    expect(await proposed('/note-types?for=c', { 'x-okapi-tenant': 'b' })).toEqual([200, null]);
  });

  test('takes the origin of our own tokens before the tenant', async () => {
    const token = okapiToken({ sub: 'ann', user_id: 'ann-id', tenant: 'c', origin: 'a' });
    expect(await proposed('/note-types?for=b', { 'x-okapi-token': token })).toEqual([200, 'b']);
  });

  test.each([
    ['without a user', okapiToken({ sub: 'mod-x', tenant: 'a' })],
    ['of another tenant', okapiToken({ sub: 'bea', user_id: 'bea-id', tenant: 'b' })],
    ['that is none', 'garbage'],
    ['whose payload is a list', okapiToken(['a'])],
  ])('says nothing for a token %s', async (_, token) => {
    expect(await proposed('/note-types?for=b', { 'x-okapi-token': token })).toEqual([200, null]);
  });

  test('refuses, with the reason, what a rule sends to an expired tenant', async () => {
    const answer = await ask('/note-types?for=gone');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('x-okapi-tenant')).toBeNull();
    expect(await answer.text()).toBe(
      'a#1.when[2] sends this request to gone, where the tenant is unknown or expired',
    );
  });

  test('says nothing when a rule looks at the body', async () => {
    expect(await proposed('/note-types', {}, 'POST')).toEqual([200, null]);
  });

  test('answers a health question', async () => {
    const answer = await fetch(`${resolverUrl()}/`);
    expect(answer.status).toBe(200);
  });
});

test('the descriptor is printed for Okapi, and is a filter of all requests at `pre`', async () => {
  const printed = await runProgram({
    command: process.execPath,
    args: [rumbrella, 'resolver', '--descriptor'],
    cwd: folder,
  });
  expect(JSON.parse(printed)).toMatchObject({
    id: expect.stringMatching(/^mod-tenant-resolver-\d+\.\d+\.\d+$/),
    filters: [{ methods: ['*'], pathPattern: '/*', phase: 'pre', type: 'headers' }],
  });
});

test('a map that is not good at the start ends the command with the reason', async () => {
  await writeFile(join(folder, 'bad.yaml'), 'no map');
  const start = runProgram({
    command: process.execPath,
    args: [rumbrella, 'resolver', '--port', '0', '--map', 'bad.yaml'],
    cwd: join(folder),
    env: { RUMBRELLA_DATA_DIR: join(folder, 'other-data') },
  });
  await expect(start).rejects.toThrow('bad.yaml is no users map that can be used');
});

describe('behind our own gateway', () => {
  let server: RunningRumbrella;
  let operator: Operator;
  let ann: Person;

  beforeAll(async () => {
    const home = await mkdtemp(join(tmpdir(), 'rumbrella-filtered-'));
    // The gateway's own map has the relation to b, without rules; none to c.
    const map = `${users}
- relation: { tenant: a, executes_as: [b], modules: [notes], permissions: [note.*], expire: 2098-12-31 }
`;
    await writeFile(join(home, 'users-map.yaml'), map);
    server = await startRumbrella({ folder: home, env: { RUMBRELLA_DEMO: 'off' } });
    operator = createOperator(server.url, OPERATOR_TOKEN);
    const descriptor = await runProgram({
      command: process.execPath,
      args: [rumbrella, 'resolver', '--descriptor'],
      cwd: folder,
    });
    const { id } = JSON.parse(descriptor) as { id: string };
    await operator.addModule(JSON.parse(descriptor) as { id: string }, resolverUrl());
    for (const tenant of ['a', 'b', 'c']) await operator.enable(tenant, id);
    [ann] = (await signInPeople(server, {
      tenant: 'a',
      username: 'ann',
      permissions: ['notes.all'],
    })) as [Person];
  });

  afterAll(() => server?.remove());

  const hopsOf = async (path: string): Promise<readonly [number, readonly string[]]> => {
    const { status, requestId } = await ann.send({ path });
    const hops = await operator.hops(requestId);
    return [
      status,
      hops.map(
        ({ phase, module, tenants, rule, status: of }) =>
          `${phase} ${module?.replace(/-\d.*/, '') ?? '-'} ${tenants.origin}>${tenants.execution ?? '-'} ${rule ?? '-'} ${of}`,
      ),
    ];
  };

  test('what it says is resolved anew, and auth, filters and handler are those of the tenant it says', async () => {
    expect(await hopsOf('/note-types?for=b')).toEqual([
      200,
      [
        'auth mod-authtoken a>a requested 202',
        'pre mod-tenant-resolver a>a requested 200',
        'auth mod-authtoken a>b named 202',
        'handler mod-notes a>b named 200',
      ],
    ]);
  });

  test('a request that it does not claim stays where it is', async () => {
    expect(await hopsOf('/note-types')).toEqual([
      200,
      [
        'auth mod-authtoken a>a requested 202',
        'pre mod-tenant-resolver a>a requested 200',
        'handler mod-notes a>a requested 200',
      ],
    ]);
  });

  test('a tenant without a relation in the gateway’s own map is refused, and no handler is called', async () => {
    const [status, hops] = await hopsOf('/note-types?for=c');
    expect(status).toBe(403);
    expect(hops.filter((hop) => hop.startsWith('handler'))).toEqual([]);
  });

  test('its refusal ends the request, other than in Okapi', async () => {
    const [status, hops] = await hopsOf('/note-types?for=gone');
    expect(status).toBe(404);
    expect(hops).toEqual([
      'auth mod-authtoken a>a requested 202',
      'pre mod-tenant-resolver a>a requested 404',
    ]);
  });
});

test('a changed map is in force without a restart', async () => {
  await writeFile(join(folder, 'consortium.yaml'), resolverMap('- { path: /changed, tenant: c }'));
  const tenant = await poll('the new map is in force', async () => {
    const answer = await fetch(`${resolverUrl()}/changed`, {
      headers: { 'x-okapi-tenant': 'a', 'x-okapi-token': ofA, 'x-okapi-filter': 'pre /*' },
    });
    return answer.headers.get('x-okapi-tenant');
  });
  expect(tenant).toBe('c');
});
