import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog, systemClock } from '#core';
import { type Database, openDatabase } from '#database';
import type { ModuleRequest, ModuleResponse } from '#gateway/contract';
import { openTenantRegistry, type TenantRegistry } from '#tenants';
import { type Audit, auditTables, openAudit } from '../../src/modules/audit/index.ts';
import type { OperationsPorts } from '../../src/modules/operations/ports.ts';
import { relationHandlers } from '../../src/modules/operations/relations.ts';
import { ownRelationHandlers } from '../../src/modules/organizations/own-relations.ts';
import { createUsersMapEditor } from '../../src/upkeep/users-map-editor.ts';

/** A relation is named by its place in the file, which may be edited by hand between the list and the change. */

const USERS = `- user: { prefix: agency }
- user: { prefix: shop }
- user: { prefix: news }
`;
const OF_SHOP = '- relation: { tenant: agency, executes_as: [shop], modules: [notes], permissions: [] }\n';
const OF_NEWS = '- relation: { tenant: agency, executes_as: [news], modules: [notes], permissions: [] }\n';

let folder: string;
let path: string;
let registry: TenantRegistry;
let database: Database;
let audit: Audit;
let handle: (
  method: 'PATCH' | 'DELETE',
  at: string,
  more?: Partial<ModuleRequest>,
) => Promise<ModuleResponse>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-relations-'));
  path = join(folder, 'users-map.yaml');
  await writeFile(path, USERS + OF_SHOP + OF_NEWS);
  const clock = systemClock;
  registry = await openTenantRegistry({
    path,
    lastGoodPath: join(folder, 'last-good.yaml'),
    clock,
    log: silentLog,
    // It learns of an edit when it is asked to look.
    debounceMs: 3_600_000,
    pollMs: 3_600_000,
  });
  database = await openDatabase({ url: '', path: ':memory:', migrations: auditTables });
  audit = openAudit(database, clock, silentLog);
  const usersMap = createUsersMapEditor(path, registry);
  const ports = { usersMap } as Pick<OperationsPorts, 'usersMap' | 'figures'>;
  const handlers = {
    ...relationHandlers({ registry, ports, audit, clock, module: 'mod-operations-1.0.0' }),
    ...ownRelationHandlers({ registry, usersMap, audit, clock, module: 'mod-organizations-1.0.0' }),
  };
  handle = async (method, at, more = {}) =>
    (await handlers[`${method} ${at}/{id}`]?.({
      ...request,
      method,
      path: `${at}/agency%231`,
      params: { id: 'agency%231' },
      ...more,
    })) ?? { status: 0 };
});

afterEach(async () => {
  await registry.stop();
  await audit.stop();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

const request: ModuleRequest = {
  requestId: '1/relations',
  tenant: 'shop',
  originTenant: 'shop',
  userId: null,
  permissions: [],
  method: '',
  path: '',
  params: {},
  query: new URLSearchParams(),
  headers: {},
  body: {
    bytes: () => Promise.reject(new Error('no body')),
    json: () => Promise.resolve({ expire: '2099-01-01' }),
    stream: () => {
      throw new Error('no body');
    },
  },
  signal: new AbortController().signal,
  call: () => Promise.reject(new Error('nobody is there')),
};

const changes = [
  ['PATCH', '/operations/relations'],
  ['DELETE', '/operations/relations'],
  ['DELETE', '/organizations/relations'],
] as const;

describe.each(changes)('%s %s/{id}', (method, at) => {
  test('is refused when the file was renumbered by hand since, and changes no other relation', async () => {
    const edited = USERS + OF_NEWS + OF_SHOP;
    await writeFile(path, edited);
    const answer = await handle(method, at);
    expect([answer.status, answer.body]).toEqual([409, expect.stringContaining('look at the list again')]);
    expect(await readFile(path, 'utf8')).toBe(edited);
    expect((await handle(method, at, { originTenant: 'news', tenant: 'news' })).status).toBeLessThan(300);
  });

  test('is refused also by a file that the registry does not believe yet', async () => {
    const many = Array.from({ length: 5 }, (_, index) => `- user: { prefix: u${index} }\n`).join('');
    await writeFile(path, many + USERS + OF_SHOP + OF_NEWS);
    await registry.reload();
    const { version } = registry.current();
    const edited = USERS + OF_NEWS + OF_SHOP;
    await writeFile(path, edited);
    await registry.reload();
    expect(registry.current().version).toBe(version);
    const body = { ...request.body, json: () => Promise.resolve({ expire: '2099-01-01', version }) };
    const answer = await handle(method, at, { body, query: new URLSearchParams({ version }) });
    expect(answer.status).toBe(409);
    expect(await readFile(path, 'utf8')).toBe(edited);
  });

  test('is carried out while the file is the one in force', async () => {
    const answer = await handle(method, at);
    expect(answer.status).toBeLessThan(300);
    expect(registry.current().relations.map(({ expiresAt }) => expiresAt === null)).toEqual([false, true]);
  });
});
