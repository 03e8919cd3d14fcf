import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/journal-folder.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';

interface Saved {
  readonly count: number;
}

const parse = (value: unknown): Saved => {
  if (typeof value === 'object' && value !== null && 'count' in value && typeof value.count === 'number')
    return { count: value.count };
  throw new Error('found no count');
};

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let checkpoint: Checkpoint<Saved>;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'checkpoint');
  checkpoint = openCheckpoint(path, parse);
});
afterEach(() => folder.remove());

describe('checkpoint', () => {
  test('is missing before it was saved', async () => {
    expect(await checkpoint.load()).toEqual({ kind: 'missing' });
  });

  test('gives back what was saved last, and counts the saves over restarts', async () => {
    await checkpoint.save({ count: 1 });
    await checkpoint.save({ count: 2 });
    const again = openCheckpoint(path, parse);
    expect(await again.load()).toEqual({ kind: 'found', value: { count: 2 }, generation: 2 });
    await again.save({ count: 3 });
    expect(await again.load()).toMatchObject({ generation: 3 });
  });

  test('saves in order when it is saved several times at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, count) => checkpoint.save({ count })));
    expect(await checkpoint.load()).toEqual({ kind: 'found', value: { count: 19 }, generation: 20 });
  });

  test('is corrupt when it is cut anywhere or any of its bytes is another', async () => {
    await checkpoint.save({ count: 12_345 });
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      writeFileSync(path, whole.subarray(0, at));
      expect(await checkpoint.load()).toMatchObject({ kind: 'corrupt' });
      // The generation is digits in the first line: another digit there is another generation, and harms nothing.
      if (String.fromCharCode(whole[at] ?? 0) === '1' && at === 'rumbrella-checkpoint 1 '.length) continue;
      const other = Buffer.from(whole);
      other[at] = (other[at] ?? 0) ^ 1;
      writeFileSync(path, other);
      expect(await checkpoint.load()).toMatchObject({ kind: 'corrupt' });
    }
  });

  test('is corrupt when it holds something else', async () => {
    await openCheckpoint(path, (value) => value).save({ other: true });
    expect(await checkpoint.load()).toEqual({ kind: 'corrupt', reason: 'found no count' });
  });

  test('goes on saving after a save that failed', async () => {
    const nowhere = openCheckpoint(join(folder.path, 'missing', 'checkpoint'), parse);
    await expect(nowhere.save({ count: 1 })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(nowhere.save({ count: 2 })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
