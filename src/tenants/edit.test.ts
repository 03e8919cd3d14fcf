import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, silentLog } from '#core';
import { editUsersMap } from './edit.ts';
import { addUserText, removeUserText } from './edit-text.ts';
import { openTenantRegistry } from './registry.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-edit-'));
  path = join(folder, 'users-map.yaml');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const add = (prefix: string) => (text: string | null) => addUserText(text, { prefix, traces: [] });

describe('editing the users map', () => {
  it('makes the file when there is none', async () => {
    const map = await editUsersMap(path, add('news'));
    expect(map.tenants.map((tenant) => tenant.id)).toEqual(['news']);
    expect(await readdir(folder)).toEqual(['users-map.yaml']);
  });

  it('keeps the mode of the file', async () => {
    await writeFile(path, '- user: { prefix: a }\n');
    await chmod(path, 0o664);
    await editUsersMap(path, add('news'));
    expect((await stat(path)).mode & 0o777).toBe(0o664);
  });

  it('writes through a link and leaves it a link', async () => {
    await writeFile(join(folder, 'real.yaml'), '- user: { prefix: a }\n');
    await symlink('real.yaml', path);
    await editUsersMap(path, add('news'));
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'real.yaml'), 'utf8')).toContain('news');
  });

  it('keeps a byte order mark', async () => {
    await writeFile(path, '\uFEFF- user: { prefix: a }\n');
    await editUsersMap(path, add('news'));
    expect((await readFile(path, 'utf8')).startsWith('\uFEFF- user: { prefix: a }')).toBe(true);
  });

  it.each([
    ['the result is invalid', '- user: { prefix: news }\n', 'TENANTS_MAP_INVALID'],
    ['the file is invalid already', '- user: { prefix: News }\n', 'TENANTS_MAP_INVALID'],
  ])('leaves the file alone when %s', async (_, text, code) => {
    await writeFile(path, text);
    await expect(editUsersMap(path, add('news'))).rejects.toMatchObject({ code });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('does not undo what somebody else wrote meanwhile', async () => {
    await writeFile(path, '- user: { prefix: a }\n');
    const { writeFileSync } = await import('node:fs');
    const edit = (text: string | null): string => {
      writeFileSync(path, '- user: { prefix: b }\n');
      return add('news')(text);
    };
    await expect(editUsersMap(path, edit)).rejects.toMatchObject({ code: 'TENANTS_MAP_CHANGED' });
    expect(await readFile(path, 'utf8')).toBe('- user: { prefix: b }\n');
  });

  it('confirms a map that gets much smaller, so that the registry takes it at once', async () => {
    await writeFile(path, ['a', 'b', 'c'].map((id) => `- user: { prefix: ${id} }\n`).join(''));
    const registry = await openTenantRegistry({
      path,
      lastGoodPath: join(folder, 'last-good.yaml'),
      clock: createManualClock(0),
      log: silentLog,
    });
    await editUsersMap(path, (text) => removeUserText(removeUserText(text ?? '', 'b'), 'c'));
    await registry.reload();
    await registry.stop();
    expect(registry.current().tenants.map((tenant) => tenant.id)).toEqual(['a']);
  });
});
