import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CloseStep, closeDay } from '../../src/archive/close-day.ts';

const DAY = '2026-11-2';
const STEPS: readonly CloseStep[] = [
  'begun',
  'written',
  'verified',
  'manifest_saved',
  'renamed',
  'meta_saved',
  'hour_removed',
  'done',
];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-day-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const lines = (hour: number, from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, place) => `{"hour":"${hour}","n":"${from + place}"}\n`).join('');

const setAside = async (hours: Readonly<Record<number, string>>): Promise<void> => {
  await mkdir(join(folder, `${DAY}.closing`));
  for (const [hour, text] of Object.entries(hours))
    await writeFile(join(folder, `${DAY}.closing`, `${hour}.json.lines`), text);
};

const close = (
  compression: 'gzip' | 'zstd' | 'none',
  onStep?: (step: CloseStep) => void,
  signal = new AbortController().signal,
) => closeDay(folder, DAY, { compression, level: 3 }, signal, onStep);

/** The lines that a reader finds, in the daily archives of the day. */
const daily = async (): Promise<string> => {
  let text = '';
  for (const name of (await readdir(folder)).toSorted()) {
    const bytes = name.startsWith(`${DAY}.json.lines`) ? await readFile(join(folder, name)) : Buffer.alloc(0);
    if (name.endsWith('.gz')) text += gunzipSync(bytes).toString();
    else if (name.endsWith('.zst')) text += zstdDecompressSync(bytes).toString();
    else text += bytes.toString();
  }
  return text;
};

class Killed extends Error {}

/** Stands for a kill: the process does nothing more after this step. Cleaning up after an error is undone where it matters. */
const killedAt = async (step: CloseStep, compression: 'gzip' | 'zstd' | 'none', at = 1): Promise<boolean> => {
  let met = 0;
  try {
    await close(compression, (name) => {
      if (name === step && ++met === at) throw new Killed();
    });
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  }
  return false;
};

describe('the daily job', () => {
  for (const compression of ['gzip', 'zstd', 'none'] as const)
    for (const step of STEPS)
      test(`loses and doubles nothing when killed at ${step}, twice, with ${compression}`, async () => {
        await setAside({ 1: lines(1, 1, 3), 17: lines(17, 4, 5), 2: '' });
        expect(await killedAt(step, compression)).toBe(true);
        // From the rename on the step is not met again: what is left is ended by the second call.
        if (step !== 'done' && (await killedAt(step, compression))) await close(compression);
        expect(await daily()).toBe(lines(1, 1, 3) + lines(17, 4, 5));
        expect(await readFile(join(folder, `${DAY}-parts-meta.txt`), 'utf8')).toBe('1,1,3\n17,4,5\n');
        expect(await readdir(folder)).toHaveLength(2);
      });

  for (const step of STEPS)
    test(`adds late beacons once to a closed day when killed at ${step}`, async () => {
      await setAside({ 1: lines(1, 1, 3) });
      await close('gzip');
      await setAside({ 1: lines(1, 4, 4), 3: lines(3, 5, 6) });
      await killedAt(step, 'zstd');
      if (step !== 'done') await close('zstd');
      expect(await daily()).toBe(lines(1, 1, 4) + lines(3, 5, 6));
      expect(await readFile(join(folder, `${DAY}-parts-meta.txt`), 'utf8')).toBe('1,1,3\n1,4,4\n3,5,6\n');
      expect(await readdir(folder)).toEqual([`${DAY}-parts-meta.txt`, `${DAY}.json.lines.zst`]);
    });

  test('ends a removal that was interrupted between two hours', async () => {
    await setAside({ 1: lines(1, 1, 3), 2: lines(2, 4, 5), 3: lines(3, 6, 6) });
    expect(await killedAt('hour_removed', 'zstd', 2)).toBe(true);
    await close('zstd');
    expect(await daily()).toBe(lines(1, 1, 3) + lines(2, 4, 5) + lines(3, 6, 6));
  });

  test('keeps the hours when what was written cannot be read back', async () => {
    await setAside({ 1: lines(1, 1, 3) });
    await expect(
      closeDay(folder, DAY, { compression: 'gzip', level: 3 }, new AbortController().signal, async (step) => {
        if (step === 'written')
          await writeFile(join(folder, `${DAY}.json.lines.gz.tmp`), 'x', { flag: 'r+' });
      }),
    ).rejects.toThrow();
    expect(await readdir(join(folder, `${DAY}.closing`))).toEqual(['1.json.lines']);
    expect(await readdir(folder)).toEqual([`${DAY}.closing`]);
  });

  test('keeps the hours when the daily archive is damaged after it was written and before the hours go', async () => {
    await setAside({ 1: lines(1, 1, 3) });
    await killedAt('renamed', 'none');
    await writeFile(join(folder, `${DAY}.json.lines`), 'damaged\n');
    await close('none');
    expect(await daily()).toBe(`damaged\n${lines(1, 1, 3)}`);
  });

  test('puts an end of line between hours that lost it', async () => {
    await setAside({ 1: lines(1, 1, 2).trimEnd(), 2: lines(2, 3, 3) });
    await close('zstd');
    expect(await daily()).toBe(lines(1, 1, 2) + lines(2, 3, 3));
  });

  test('leaves the hours alone when it is stopped in the middle', async () => {
    const stop = new AbortController();
    await setAside({ 1: lines(1, 1, 2) });
    stop.abort();
    await expect(close('zstd', undefined, stop.signal)).rejects.toThrow();
    expect(await readdir(join(folder, `${DAY}.closing`))).toEqual(['1.json.lines']);
  });

  test('does not touch a file that it does not know', async () => {
    await setAside({ 1: lines(1, 1, 2) });
    await writeFile(join(folder, `${DAY}.closing`, 'notes.txt'), 'mine');
    await expect(close('zstd')).rejects.toMatchObject({ code: 'ENOTEMPTY' });
    expect(await readFile(join(folder, `${DAY}.closing`, 'notes.txt'), 'utf8')).toBe('mine');
    expect(await daily()).toBe(lines(1, 1, 2));
    await rename(join(folder, `${DAY}.closing`, 'notes.txt'), join(folder, 'notes.txt'));
    await close('zstd');
    expect(await daily()).toBe(lines(1, 1, 2));
  });
});
