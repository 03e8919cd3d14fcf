import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog, systemClock } from '#core';
import { openTenantRegistry, type TenantRegistry } from '#tenants';
import { createUsersMapEditor } from './users-map-editor.ts';

const MAP = `--- # ours
- user: { prefix: shop, brum_trace: s } # the shop
- user: { prefix: agency }
- relation: { tenant: agency, executes_as: [shop], modules: [notes] }
`;

let folder: string;
let path: string;
let registry: TenantRegistry;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-editor-'));
  path = join(folder, 'users-map.yaml');
  await writeFile(path, MAP);
  registry = await openTenantRegistry({
    path,
    lastGoodPath: join(folder, 'last-good.yaml'),
    clock: systemClock,
    log: silentLog,
  });
});

afterEach(async () => {
  await registry.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a change is in force when it returns, and the comments stay', async () => {
  const editor = createUsersMapEditor(path, registry);
  await editor.addUser({ prefix: 'news', traces: ['n'] });
  await editor.changeUser('shop', { name: 'The Shop', expire: '2030-01-01' });
  await editor.changeRelation('agency#1', { expire: '2029-01-01' });
  expect(registry.current().byTrace('n')?.id).toBe('news');
  expect(registry.current().byId('shop')).toMatchObject({ name: 'The Shop' });
  expect(registry.current().relations[0]?.expiresAt).toBe(Date.parse('2029-01-02T00:00:00Z'));
  const text = await readFile(path, 'utf8');
  expect([text.includes('# ours'), text.includes('# the shop')]).toEqual([true, true]);
});

test('changes that come at once are made one after the other', async () => {
  const editor = createUsersMapEditor(path, registry);
  const prefixes = Array.from({ length: 8 }, (_, index) => `user_${index}`);
  await Promise.all(prefixes.map((prefix) => editor.addUser({ prefix, traces: [] })));
  expect(registry.current().tenants.map(({ id }) => id)).toEqual(['shop', 'agency', ...prefixes]);
});

test('a change by who saw another version is refused, and nothing is changed', async () => {
  const editor = createUsersMapEditor(path, registry);
  const { version } = registry.current();
  await writeFile(path, MAP.replace('# ours', '# changed by hand'));
  await expect(editor.changeUser('shop', { name: 'x' }, version)).rejects.toMatchObject({
    code: 'TENANTS_MAP_CHANGED',
    status: 409,
  });
  expect(await readFile(path, 'utf8')).not.toContain('name');
});

test('a change that would break the map is refused with its problems, and later ones go on', async () => {
  const editor = createUsersMapEditor(path, registry);
  await expect(editor.addUser({ prefix: 'news', traces: ['s'] })).rejects.toMatchObject({
    code: 'TENANTS_MAP_INVALID',
    details: { problems: [expect.stringContaining('the trace "s" of user[0] again')] },
  });
  expect(await readFile(path, 'utf8')).toBe(MAP);
  await editor.withdraw('agency#1', 'shop', '2020-01-01');
  expect(registry.current().relations[0]?.expiresAt).toBe(Date.parse('2020-01-02T00:00:00Z'));
});
