import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSigningKey } from './signing-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signing-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the signing key', () => {
  it('is made at the first start, readable by its owner alone, and kept', async () => {
    const file = join(folder, 'signing-key');
    const key = await loadSigningKey('', file);
    expect(key.length).toBe(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await loadSigningKey('', file))).toEqual(Buffer.from(key));
  });

  it('is the configured one when there is one, and nothing is written', async () => {
    const file = join(folder, 'signing-key');
    expect(Buffer.from(await loadSigningKey('k'.repeat(32), file)).toString()).toBe('k'.repeat(32));
    await expect(readFile(file)).rejects.toThrow();
  });

  it('is refused when it is short, configured or kept', async () => {
    const file = join(folder, 'signing-key');
    await expect(loadSigningKey('secret', file)).rejects.toMatchObject({ code: 'GATEWAY_KEY_TOO_SHORT' });
    await writeFile(file, 'c2hvcnQ');
    await expect(loadSigningKey('', file)).rejects.toMatchObject({ code: 'GATEWAY_KEY_TOO_SHORT' });
  });
});
