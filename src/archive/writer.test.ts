import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock, silentLog } from '#core';
import type { Destination } from '#tenants';
import { type Archive, type ArchiveItem, openArchive } from './writer.ts';

const START = Date.UTC(2026, 10, 2, 7, 5, 9);
const HOUR = 3_600_000;

let data: string;
let root: string;
let clock: ManualClock;
let opened: Archive[];

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'archive-'));
  root = join(data, 'archive');
  clock = createManualClock(START);
  opened = [];
});

afterEach(async () => {
  for (const archive of opened) await archive.stop();
  await rm(data, { recursive: true, force: true });
});

const open = async (maxOpenFiles = 2): Promise<Archive> => {
  const archive = await openArchive(
    { folder: root, compression: 'zstd', level: 3, maxOpenFiles },
    { clock, log: silentLog },
  );
  opened.push(archive);
  return archive;
};

const item = (
  offset: number,
  folder: string,
  receivedAt = START,
  segment = '0000000000000001',
): ArchiveItem => ({
  folder: folder as Destination,
  entry: {
    segment,
    offset,
    end: offset + 10,
    record: {
      receivedAt,
      destination: folder as Destination,
      trace: 'T',
      method: 'POST',
      query: '',
      body: Buffer.from(`n=${offset}`),
      headers: [],
      clientAddress: '',
      country: '',
      city: '',
    },
  },
});

const offsets = async (path: string): Promise<number[]> => {
  const text = await readFile(join(root, path), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number((JSON.parse(line) as { n: string }).n));
};

const A = 'shop/2026-11-2/7.json.lines';
const B = 'unknown/2026-11-2/7.json.lines';

describe('the archive', () => {
  test('writes each beacon to the folder, day and hour of its receive time, readable by the owner alone', async () => {
    const archive = await open();
    await archive.append([
      item(1, 'shop'),
      item(2, 'unknown'),
      item(3, 'shop', START + HOUR),
      item(4, 'shop'),
    ]);
    const mark = await archive.commit();
    expect(await offsets(A)).toEqual([1, 4]);
    expect(await offsets(B)).toEqual([2]);
    expect(await offsets('shop/2026-11-2/8.json.lines')).toEqual([3]);
    expect(mark[A]).toBe((await lstat(join(root, A))).size);
    expect((await lstat(join(root, A))).mode & 0o777).toBe(0o600);
    expect((await lstat(join(root, 'shop/2026-11-2'))).mode & 0o777).toBe(0o700);
  });

  test('forgets the rounds that no checkpoint holds, and keeps those before', async () => {
    const first = await open();
    await first.append([item(1, 'shop')]);
    const mark = await first.commit();
    await first.append([item(2, 'shop'), item(3, 'unknown')]);
    await first.commit();
    await first.append([item(4, 'shop')]);
    const second = await open();
    await second.restore(mark);
    expect(await offsets(A)).toEqual([1]);
    expect(await readdir(join(root, 'unknown/2026-11-2'))).toEqual([]);
    await second.append([item(2, 'shop'), item(3, 'unknown'), item(4, 'shop')]);
    await second.restore(await second.commit());
    expect([await offsets(A), await offsets(B)]).toEqual([[1, 2, 4], [3]]);
  });

  test('forgets everything after a checkpoint from before the first round', async () => {
    const first = await open();
    await first.append([item(1, 'shop')]);
    await first.commit();
    await (await open()).restore({});
    expect(await offsets(A)).toEqual([]);
  });

  test('keeps the lines of two rounds when the checkpoint holds the second', async () => {
    const first = await open();
    await first.append([item(1, 'shop')]);
    await first.commit();
    await first.append([item(2, 'shop')]);
    await (await open()).restore(await first.commit());
    expect(await offsets(A)).toEqual([1, 2]);
  });

  test('writes nothing twice and removes nothing when the checkpoint was lost', async () => {
    const first = await open();
    await first.append([item(1, 'shop'), item(2, 'shop'), item(7, 'shop', START, '0000000000000002')]);
    await first.commit();
    await writeFile(join(root, A), '{"torn', { flag: 'a' });
    const second = await open();
    await second.append([item(1, 'shop'), item(2, 'shop'), item(3, 'shop'), item(4, 'unknown')]);
    await second.append([
      item(7, 'shop', START, '0000000000000002'),
      item(8, 'shop', START, '0000000000000002'),
    ]);
    await second.commit();
    expect([await offsets(A), await offsets(B)]).toEqual([[1, 2, 7, 3, 8], [4]]);
  });

  test('writes nothing twice when the checkpoint is older than the rounds it remembers', async () => {
    const first = await open();
    await first.append([item(1, 'shop')]);
    const old = await first.commit();
    for (let offset = 2; offset <= 9; offset += 1) {
      await first.append([item(offset, 'shop')]);
      await first.commit();
    }
    const second = await open();
    await second.restore(old);
    await second.append(Array.from({ length: 12 }, (_, place) => item(place + 2, 'shop')));
    await second.commit();
    expect(await offsets(A)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  test('finds the lines of a closed day when the checkpoint was lost', async () => {
    const first = await open();
    await first.append([item(1, 'shop')]);
    await first.commit();
    await first.closeDays(START + 24 * HOUR, () => true);
    expect(await readdir(join(root, 'shop'))).toEqual([
      '2026-11-2-parts-meta.txt',
      '2026-11-2.json.lines.zst',
    ]);
    const second = await open();
    await second.append([item(1, 'shop'), item(2, 'shop')]);
    await second.commit();
    expect(await offsets(A)).toEqual([2]);
  });

  test('closes a day that a round was writing to a second later', async () => {
    const archive = await open();
    await archive.append([item(1, 'shop')]);
    await archive.commit();
    await archive.append([item(2, 'shop')]);
    const tomorrow = START + 24 * HOUR;
    await archive.closeDays(tomorrow, () => true);
    await archive.commit();
    expect(await readdir(join(root, 'shop'))).toEqual(['2026-11-2']);
    clock.advance(1_000);
    await archive.closeDays(tomorrow, () => true);
    expect(await readdir(join(root, 'shop'))).toEqual([
      '2026-11-2-parts-meta.txt',
      '2026-11-2.json.lines.zst',
    ]);
  });

  test('writes nothing twice when a day was closed that the checkpoint does not know', async () => {
    const first = await open();
    const mark = await first.commit();
    await first.append([item(1, 'shop')]);
    await first.commit();
    await first.closeDays(START + 24 * HOUR, () => true);
    const second = await open();
    await second.restore(mark);
    await second.append([item(1, 'shop'), item(2, 'shop')]);
    await second.commit();
    expect(await offsets(A)).toEqual([2]);
  });

  test('cuts off what somebody appended behind the checkpoint', async () => {
    const first = await open();
    await first.append([item(1, 'shop')]);
    const mark = await first.commit();
    await writeFile(join(root, A), 'not ours\n', { flag: 'a' });
    await (await open()).restore(mark);
    expect(await offsets(A)).toEqual([1]);
  });

  test('undoes a round that failed in the middle, and takes it again', async () => {
    const archive = await open();
    await archive.append([item(1, 'shop')]);
    await archive.commit();
    await mkdir(join(root, 'unknown/2026-11-2'), { recursive: true });
    await symlink('/dev/full', join(root, B));
    await archive.append([item(2, 'shop'), item(3, 'unknown')]);
    await expect(archive.commit()).rejects.toMatchObject({ code: 'ARCHIVE_FOREIGN_PATH' });
    expect(await offsets(A)).toEqual([1]);
    await rm(join(root, B));
    await archive.append([item(2, 'shop'), item(3, 'unknown')]);
    await archive.commit();
    expect([await offsets(A), await offsets(B)]).toEqual([[1, 2], [3]]);
  });

  test('refuses to write through a linked folder', async () => {
    const archive = await open();
    await mkdir(join(data, 'elsewhere'));
    await symlink(join(data, 'elsewhere'), join(root, 'shop'));
    await archive.append([item(1, 'shop')]);
    await expect(archive.commit()).rejects.toMatchObject({ code: 'ARCHIVE_FOREIGN_PATH' });
    expect(await readdir(join(data, 'elsewhere'))).toEqual([]);
  });

  test('goes on with the round numbers of before when the first thing it is asked for is a mark', async () => {
    const first = await open();
    await first.append([item(1, 'shop')]);
    await first.commit();
    const second = await open();
    const mark = await second.commit();
    await second.append([item(2, 'shop')]);
    await second.commit();
    await (await open()).restore(mark);
    expect(await offsets(A)).toEqual([1]);
  });

  test('refuses a folder that is a path', async () => {
    const archive = await open();
    await expect(archive.append([item(1, '../shop')])).rejects.toMatchObject({ code: 'ARCHIVE_BAD_FOLDER' });
  });

  test('writes to more files than it may keep open', async () => {
    const archive = await open(3);
    const folders = Array.from({ length: 40 }, (_, place) => `tenant_${place}`);
    for (const offset of [1, 2]) {
      await archive.append(folders.map((folder) => item(offset, folder)));
      await archive.commit();
    }
    for (const folder of folders) expect(await offsets(`${folder}/2026-11-2/7.json.lines`)).toEqual([1, 2]);
  });
});
