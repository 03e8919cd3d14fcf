import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '#config';
import { systemClock } from '#core';
import { openAccounts } from '#modules';
import { openControlDatabase } from '../../../src/control-database.ts';
import { type AdminClient, createAdminClient } from '../../support/admin-client.ts';
import { poll } from '../../support/poll.ts';
import { type RunningPostgres, startPostgres } from '../../support/postgres.ts';
import { type RunningRumbrella, startRumbrella } from '../../support/rumbrella.ts';
import { startSystemModule, type SystemModule } from '../../support/system-module.ts';

const KEY = 'a key of more than thirty-two bytes for two nodes';

let postgres: RunningPostgres;
const nodes: RunningRumbrella[] = [];
const clients: AdminClient[] = [];
let module: SystemModule;

beforeAll(async () => {
  postgres = await startPostgres();
  module = await startSystemModule(({ url }) =>
    url === '/books' ? { status: 200, body: 'books' } : undefined,
  );
  for (let count = 0; count < 2; count += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'rumbrella-shared-'));
    await writeFile(join(folder, 'users-map.yaml'), '- user: { prefix: diku, expire: 2035-01-01 }\n');
    const node = await startRumbrella({
      folder,
      env: {
        RUMBRELLA_DEMO: 'off',
        RUMBRELLA_DATABASE_URL: postgres.url,
        RUMBRELLA_GATEWAY_SIGNING_KEY: KEY,
      },
    });
    nodes.push(node);
    clients.push(createAdminClient(node.url));
  }
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.remove()));
  await module?.stop();
  await postgres?.stop();
});

test('a server with its control database in PostgreSQL logs in and makes a note type', async () => {
  const config = loadConfig({
    env: { RUMBRELLA_DATABASE_URL: postgres.url },
    overrides: { data_dir: nodes[0]?.folder ?? '' },
  });
  const database = await openControlDatabase(config);
  await openAccounts(database, systemClock).add({
    tenant: 'diku',
    username: 'ann',
    password: 'a password of some length',
    permissions: ['note.types.item.post', 'note.types.collection.get'],
  });
  await database.stop();
  const [one, two] = nodes.map(({ url }) => url);
  const login = await fetch(`${one}/authn/login`, {
    method: 'POST',
    headers: { 'x-okapi-tenant': 'diku', 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ann', password: 'a password of some length' }),
  });
  expect(login.status).toBe(201);
  // The other node knows the key, the account and the modules as well.
  const headers = {
    'x-okapi-tenant': 'diku',
    'x-okapi-token': login.headers.get('x-okapi-token') ?? '',
    'content-type': 'application/json',
  };
  const made = await fetch(`${two}/note-types`, { method: 'POST', headers, body: '{"name":"Deploy"}' });
  expect([made.status, await made.json()]).toEqual([201, expect.objectContaining({ name: 'Deploy' })]);
  const list = await fetch(`${one}/note-types`, { headers });
  const { noteTypes } = (await list.json()) as { noteTypes: { name: string }[] };
  expect(noteTypes.map(({ name }) => name)).toContain('Deploy');
});

test('what is administered at one node is served by the other one, and a timer is called by one of them', async () => {
  const [one, two] = clients;
  await one?.must('POST', '/_/proxy/modules', {
    id: 'books-1.0.0',
    provides: [
      {
        id: 'books',
        version: '1.0',
        handlers: [{ methods: ['GET'], pathPattern: '/books', permissionsRequired: [] }],
      },
      {
        id: '_timer',
        version: '1.0',
        interfaceType: 'system',
        handlers: [{ methods: ['POST'], pathPattern: '/tick', unit: 'second', delay: '2' }],
      },
    ],
  });
  await one?.must('POST', '/_/discovery/modules', { srvcId: 'books-1.0.0', instId: 'b', url: module.url });
  await one?.must('POST', '/_/proxy/tenants/diku/modules', { id: 'books-1.0.0' });
  await poll('the other node serves it', async () => {
    const answer = await fetch(`${two?.url}/books`, { headers: { 'x-okapi-tenant': 'diku' } });
    return answer.status === 200;
  });
  const ticks = (): readonly number[] =>
    module.calls
      .filter(({ url }) => url === '/tick')
      .map(({ headers }) => Number(headers['x-okapi-request-timestamp']));
  await poll('the timer was called three times', () => ticks().length >= 3);
  const pauses = ticks().map((at, index) => at - (ticks()[index - 1] ?? -Infinity));
  // Two nodes that both called would do so within one look of the other.
  expect(Math.min(...pauses.slice(1))).toBeGreaterThan(1_500);
});
