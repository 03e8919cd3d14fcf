import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aBeacon } from '../../test/support/a-beacon.ts';
import { hourPath } from './layout.ts';
import { lineText } from './line.ts';
import { readNewest } from './read-newest.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 22, 10, 30);

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rumbrella-newest-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const line = (n: number, who: string): string =>
  lineText(aBeacon({ n, who }, { offset: n, trace: 'nobody' }), 'unknown');
const write = async (at: number, text: string): Promise<void> => {
  const path = join(root, hourPath('unknown', at));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
};
const newest = async (maxBytes = 1e6): Promise<readonly number[]> =>
  (await readNewest(root, 'unknown', NOW, { containing: '"who":"me"', maxBytes })).map(
    ({ offset }) => offset,
  );

test('finds what was archived in this hour and the one before, oldest first, and no other lines', async () => {
  await write(NOW - 2 * HOUR_MS, line(1, 'me'));
  await write(NOW - HOUR_MS, line(2, 'me') + line(3, 'others'));
  await write(NOW, line(4, 'others') + line(5, 'me') + line(6, 'me') + line(7, 'others'));
  expect(await newest()).toEqual([2, 5, 6]);
});

test('reads the end of a large file alone, whole lines of it', async () => {
  await write(NOW, Array.from({ length: 9 }, (_, n) => line(n, 'me')).join(''));
  const { length } = line(1, 'me');
  expect(await newest(2 * length)).toEqual([8]);
  expect(await newest(2 * length + 1)).toEqual([7, 8]);
  expect(await newest(length / 2)).toEqual([]);
});

test('leaves out a line that is still being written, and what is no line of ours', async () => {
  await write(NOW, `{"who":"me"}\nno JSON "who":"me"\n${line(1, 'me')}${line(2, 'me').slice(0, -20)}`);
  expect(await newest()).toEqual([1]);
  await write(NOW, line(2, 'me').slice(0, -1));
  expect(await newest()).toEqual([]);
});

test('finds nothing where nothing is', async () => {
  expect(await newest()).toEqual([]);
  await write(NOW, '');
  expect(await newest()).toEqual([]);
});
