import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
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
import { mapFile } from './map-file.ts';
import { MAX_MAP_BYTES } from './parse.ts';
import type { TenantRegistry } from './registry.ts';

/** What stays in force while the file is no good, or is not believed. */
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
