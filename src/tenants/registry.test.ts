import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Clock, createMetrics, systemClock } from '#core';
import {
  advanceUntil,
  clock,
  events,
  folder,
  idsOf,
  many,
  mapOf,
  MINUTE,
  openRegistry,
  path,
  problemsOf,
} from '../../test/support/tenant-folder.ts';
import type { TenantRegistry } from './registry.ts';

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
