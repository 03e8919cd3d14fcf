import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Clock,
  createManualClock,
  createMetrics,
  type Log,
  type LogFields,
  type ManualClock,
  silentLog,
  systemClock,
} from '#core';
import { mapFile } from './map-file.ts';
import { MAX_MAP_BYTES } from './parse.ts';
import { problemText } from './problem.ts';
import { openTenantRegistry, type TenantRegistry, type TenantRegistryOptions } from './registry.ts';

const START = Date.parse('2027-06-01T00:00:00Z');
const MINUTE = 60_000;

let folder: string;
let path: string;
let clock: ManualClock;
let open: TenantRegistry[];
let events: { readonly event: string; readonly fields: LogFields }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-tenants-'));
  path = join(folder, 'users-map.yaml');
  clock = createManualClock(START);
  open = [];
  events = [];
});

afterEach(async () => {
  for (const registry of open) await registry.stop();
  await rm(folder, { recursive: true, force: true });
});

const log: Log = {
  ...silentLog,
  error: (event, fields = {}) => events.push({ event, fields }),
  warn: (event, fields = {}) => events.push({ event, fields }),
};

const openRegistry = async (more: Partial<TenantRegistryOptions> = {}): Promise<TenantRegistry> => {
  const options = { path, lastGoodPath: join(folder, 'kept', 'last-good.yaml'), clock, log, ...more };
  await mkdir(join(folder, 'kept'), { recursive: true });
  const registry = await openTenantRegistry(options);
  open.push(registry);
  return registry;
};

const mapOf = (...ids: readonly string[]): string =>
  ids.map((id) => `- user: { prefix: ${id}, brum_trace: trace-${id} }\n`).join('');

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

const idsOf = (registry: TenantRegistry): string[] => registry.current().tenants.map((tenant) => tenant.id);

const problemsOf = (registry: TenantRegistry): string => registry.problems().map(problemText).join('\n');

/** Moves the clock in small steps until the registry has these tenants; files are read in real time between the steps. */
const advanceUntil = (registry: TenantRegistry, ids: readonly string[]): Promise<void> =>
  vi.waitFor(
    () => {
      clock.advance(50);
      expect(idsOf(registry)).toEqual(ids);
    },
    { timeout: 20_000, interval: 2 },
  );

describe('the registry', () => {
  it('serves the map that is there when it opens', async () => {
    await writeFile(path, mapOf('a', 'b'));
    const registry = await openRegistry();
    expect(idsOf(registry)).toEqual(['a', 'b']);
    expect(registry.current().byTrace('trace-b')?.id).toBe('b');
    expect(registry.problems()).toEqual([]);
  });

  it('is empty and says so when there never was a map', async () => {
    const registry = await openRegistry();
    expect(idsOf(registry)).toEqual([]);
    expect(problemsOf(registry)).toContain('found no file');
    expect(events.map(({ event }) => event)).toEqual(['users_map_refused']);
  });

  it('takes a changed map at the next minute without any sign from the system', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry({ debounceMs: 10 ** 9 });
    await writeFile(path, mapOf('a', 'b'));
    clock.advance(MINUTE);
    await advanceUntil(registry, ['a', 'b']);
  });

  it('serves a new map only when it is the same for a while: it may be half written', async () => {
    await writeFile(path, mapOf('a', 'b', 'c'));
    let sleeps = 0;
    const counting: Clock = { ...clock, sleep: (ms, signal) => (sleeps++, clock.sleep(ms, signal)) };
    const registry = await openRegistry({
      clock: counting,
      debounceMs: 10 ** 9,
      pollMs: 700,
      settleMs: 1_000,
    });
    const served: string[][] = [];
    registry.onChange((next) => served.push(next.tenants.map((tenant) => tenant.id)));
    for (const step of [
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'c', 'd', 'e'],
      ['a', 'b', 'c', 'd', 'e', 'f'],
    ]) {
      await writeFile(path, mapOf(...step));
      const before = sleeps;
      clock.advance(700);
      // After its look the registry sleeps again; then the writer goes on.
      await vi.waitFor(() => expect(sleeps).toBeGreaterThan(before));
    }
    await advanceUntil(registry, ['a', 'b', 'c', 'd', 'e', 'f']);
    expect(served).toEqual([['a', 'b', 'c', 'd', 'e', 'f']]);
  });

  it('keeps a request’s snapshot as it was when the map is replaced', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry();
    const before = registry.current();
    await writeFile(path, mapOf('a', 'b'));
    await registry.reload();
    expect([before.tenants.length, registry.current().tenants.length]).toEqual([1, 2]);
  });

  it('does not replace the snapshot when the bytes are the same', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry();
    const before = registry.current();
    await writeFile(path, mapOf('a'));
    await registry.reload();
    expect(registry.current()).toBe(before);
  });

  it('stops twice', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry();
    await registry.stop();
    await registry.stop();
    await registry.reload();
    expect(idsOf(registry)).toEqual(['a']);
  });
});

describe('a sign from the system', () => {
  const quick = { clock: systemClock, pollMs: 10 ** 8, debounceMs: 5, settleMs: 5 };
  const soon = (registry: TenantRegistry, ids: readonly string[]): Promise<void> =>
    vi.waitFor(() => expect(idsOf(registry)).toEqual(ids), { timeout: 20_000, interval: 10 });

  it('brings a map that is written in place', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry(quick);
    await writeFile(path, mapOf('a', 'b'));
    await soon(registry, ['a', 'b']);
  });

  it('brings a map that is renamed into place, again and again', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry(quick);
    for (const ids of [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]) {
      await writeFile(`${path}.new`, mapOf(...ids));
      await rename(`${path}.new`, path);
      await soon(registry, ids);
    }
  });

  it('brings a map that is deleted and made again', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry(quick);
    await rm(path);
    await vi.waitFor(() => expect(problemsOf(registry)).toContain('found no file'), { timeout: 20_000 });
    await writeFile(path, mapOf('a', 'b'));
    await soon(registry, ['a', 'b']);
    expect(registry.problems()).toEqual([]);
  });

  it('brings a map whose folder is swapped by a link, as Kubernetes does', async () => {
    const mount = join(folder, 'mount');
    for (const [version, ids] of [
      ['1', ['a']],
      ['2', ['a', 'b']],
    ] as const) {
      await mkdir(join(mount, `..${version}`), { recursive: true });
      await writeFile(join(mount, `..${version}`, 'users-map.yaml'), mapOf(...ids));
    }
    await symlink('..1', join(mount, '..data'));
    await symlink('..data/users-map.yaml', join(mount, 'users-map.yaml'));
    const registry = await openRegistry({ ...quick, path: join(mount, 'users-map.yaml') });
    await symlink('..2', join(mount, '..data_tmp'));
    await rename(join(mount, '..data_tmp'), join(mount, '..data'));
    await soon(registry, ['a', 'b']);
  });
});

describe('the last good snapshot stays in force', () => {
  const bad: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ['the file is deleted', () => rm(path), /no file/],
    ['the file is empty', () => writeFile(path, ''), /an empty file/],
    ['the list is empty', () => writeFile(path, '[]'), /no user/],
    [
      'the file is half written',
      () => writeFile(path, mapOf('a', 'b').slice(0, -5)),
      /YAML that cannot be read/,
    ],
    ['a prefix is there twice', () => writeFile(path, mapOf('a', 'b', 'b')), /line 3, user\[2\]\.prefix/],
    [
      'the file is too large',
      () => writeFile(path, 'x'.repeat(MAX_MAP_BYTES + 1)),
      /more than 5242880 bytes/,
    ],
    ['a folder is in its place', async () => (await rm(path), mkdir(path)), /no regular file/],
    [
      'a pipe is in its place',
      async () => (await rm(path), execFileSync('mkfifo', [path])),
      /no regular file/,
    ],
    ['a device is in its place', async () => (await rm(path), symlink('/dev/zero', path)), /no regular file/],
    [
      'a link points at itself',
      async () => (await rm(path), symlink(path, path)),
      /cannot be opened \(ELOOP\)/,
    ],
  ];

  it.each(bad)('when %s', async (_, spoil, message) => {
    await writeFile(path, mapOf('a', 'b'));
    const registry = await openRegistry();
    const before = registry.current();
    await spoil();
    await registry.reload();
    expect(registry.current()).toBe(before);
    expect(problemsOf(registry)).toMatch(message);
  });

  it.each(bad)('over a restart when %s', async (_, spoil, message) => {
    await writeFile(path, mapOf('a', 'b'));
    await (await openRegistry()).stop();
    await spoil();
    const registry = await openRegistry();
    expect(idsOf(registry)).toEqual(['a', 'b']);
    expect(problemsOf(registry)).toMatch(message);
  });

  it('and the problem ends when the file is good again', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry();
    await writeFile(path, 'nonsense');
    await registry.reload();
    await writeFile(path, mapOf('a'));
    await registry.reload();
    expect(registry.problems()).toEqual([]);
  });

  it('and each set of problems is logged once', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry();
    for (const text of ['', '', 'nonsense', 'nonsense', '']) {
      await writeFile(path, text);
      await registry.reload();
    }
    expect(events.filter(({ event }) => event === 'users_map_refused')).toHaveLength(3);
  });

  it('but not when its kept copy is damaged: then nobody is known', async () => {
    await openRegistry();
    await writeFile(join(folder, 'kept', 'last-good.yaml'), 'nonsense');
    const registry = await openRegistry();
    expect(idsOf(registry)).toEqual([]);
    expect(events.map(({ event }) => event)).toContain('users_map_last_good_refused');
  });
});

describe('a map that is suddenly much smaller', () => {
  const shrink = async (from: readonly string[], to: readonly string[]): Promise<TenantRegistry> => {
    await writeFile(path, mapOf(...from));
    const registry = await openRegistry({ pollMs: 10 ** 9, debounceMs: 10 ** 9 });
    await writeFile(path, mapOf(...to));
    await registry.reload();
    return registry;
  };

  it.each([
    ['more than a fifth is gone', many(20), many(15)],
    ['more than fifty are gone', many(400), many(349)],
    ['all are gone and others are there', many(5), ['v', 'w', 'x', 'z', 'zz']],
  ])('waits when %s', async (_, from, to) => {
    const registry = await shrink(from, to);
    expect(idsOf(registry)).toEqual(from);
    expect(problemsOf(registry)).toMatch(/tenants gone at once, expected the same file 5 minutes later/);
  });

  it.each([
    ['a fifth is gone', many(20), many(16)],
    ['one of two is gone', ['a', 'b'], ['a']],
    ['it grew', many(2), many(200)],
  ])('does not wait when %s', async (_, from, to) => {
    expect(idsOf(await shrink(from, to))).toEqual(to);
  });

  it('is believed when it is the same five minutes later', async () => {
    const registry = await shrink(many(20), many(3));
    clock.advance(5 * MINUTE - 1);
    await registry.reload();
    expect(idsOf(registry)).toEqual(many(20));
    clock.advance(1);
    await registry.reload();
    expect(idsOf(registry)).toEqual(many(3));
  });

  it('waits anew when it changed meanwhile', async () => {
    const registry = await shrink(many(20), many(3));
    clock.advance(4 * MINUTE);
    await writeFile(path, mapOf(...many(4)));
    await registry.reload();
    clock.advance(4 * MINUTE);
    await registry.reload();
    expect(idsOf(registry)).toEqual(many(20));
  });

  it('is believed when its SHA-256 lies beside it', async () => {
    const registry = await shrink(many(20), many(3));
    await writeFile(`${path}.confirm`, `${mapFile(await readFile(path)).version}  users-map.yaml\n`);
    await registry.reload();
    expect(idsOf(registry)).toEqual(many(3));
  });

  it('is not believed for the SHA-256 of another one', async () => {
    const registry = await shrink(many(20), many(3));
    await writeFile(`${path}.confirm`, `${mapFile(Buffer.from(mapOf('a'))).version}\n`);
    await registry.reload();
    expect(idsOf(registry)).toEqual(many(20));
  });

  it('is believed when somebody confirms it', async () => {
    const registry = await shrink(many(20), many(3));
    await registry.reload({ confirm: true });
    expect(idsOf(registry)).toEqual(many(3));
    expect(registry.problems()).toEqual([]);
  });

  it('waits at a restart, too', async () => {
    await (await shrink(many(20), many(3))).stop();
    expect(idsOf(await openRegistry())).toEqual(many(20));
  });
});

describe('those who listen', () => {
  it('hear of each swap with the new and the old snapshot, until they do not want to', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry();
    const heard: string[] = [];
    const end = registry.onChange((next, previous) =>
      heard.push(`${previous.tenants.length}->${next.tenants.length}`),
    );
    for (const ids of [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]) {
      await writeFile(path, mapOf(...ids));
      await registry.reload();
      if (ids.length === 2) end();
    }
    expect(heard).toEqual(['1->2']);
  });

  it('do not keep others from hearing when they fail', async () => {
    await writeFile(path, mapOf('a'));
    const registry = await openRegistry();
    const heard = vi.fn();
    registry.onChange(() => {
      throw new Error('no');
    });
    registry.onChange(heard);
    await writeFile(path, mapOf('a', 'b'));
    await registry.reload();
    expect(heard).toHaveBeenCalledOnce();
    expect(events.map(({ event }) => event)).toContain('users_map_listener_failed');
  });
});

it('shows the state of the map as metrics', async () => {
  const metrics = createMetrics();
  const read = async (): Promise<Record<string, number | undefined>> =>
    Object.fromEntries((await metrics.values()).map(({ name, values }) => [name, values[0]?.value]));
  await writeFile(path, `${mapOf('a')}- user: { prefix: b, expire: 2020-01-01 }`);
  const registry = await openRegistry({ metrics });
  expect(await read()).toEqual({
    rumbrella_tenants_snapshot_age_seconds: 0,
    rumbrella_tenants_map_valid: 1,
    rumbrella_tenants_active: 1,
  });
  await rm(path);
  clock.advance(30_000);
  await registry.reload();
  expect(await read()).toMatchObject({
    rumbrella_tenants_snapshot_age_seconds: 30,
    rumbrella_tenants_map_valid: 0,
    rumbrella_tenants_active: 1,
  });
});

it('reads a large map in a thread, and nobody sees a difference', async () => {
  const ids = many(3_000);
  const relation =
    '- relation: { tenant: t0, executes_as: t1, modules: x, when: [{ query: { a: b }, tenant: t1 }] }';
  await writeFile(path, mapOf(...ids) + relation);
  const snapshot = (await openRegistry()).current();
  expect(snapshot.tenants.map((tenant) => tenant.id)).toEqual(ids);
  expect(snapshot.tenants.every((tenant) => Object.isFrozen(tenant) && Object.isFrozen(tenant.traces))).toBe(
    true,
  );
  expect(Object.getPrototypeOf(snapshot.relations[0]?.when[0]?.query)).toBeNull();
});

it.each([
  ['small', 2],
  ['large', 3_000],
])(
  'warns of a relation without end and ceiling in a %s map that comes into force, once',
  async (_, count) => {
    const relation = '- relation: { tenant: t0, executes_as: t1, modules: x }';
    await writeFile(path, mapOf(...many(count)) + relation);
    const registry = await openRegistry();
    await registry.reload();
    const warned = events.filter(({ event }) => event === 'users_map_warnings');
    expect(warned).toHaveLength(1);
    expect(warned[0]?.fields).toMatchObject({
      count: 2,
      warnings: [expect.stringContaining('no expire'), expect.stringContaining('no permissions')],
    });
    expect(registry.current().relations).toHaveLength(1);
  },
);
