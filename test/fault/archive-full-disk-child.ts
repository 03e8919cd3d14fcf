import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArchiveItem, openArchive } from '#archive';
import { errorCode, silentLog, systemClock } from '#core';
import type { Destination } from '#tenants';

// Runs in a file system of 2 MiB of its own (argument: where it is) and tells as JSON what happened when it was full.
const [disk = ''] = process.argv.slice(2);
const root = join(disk, 'archive');
const ballast = join(disk, 'ballast');
const THEN = Date.UTC(2026, 10, 2, 7);

const item = (offset: number): ArchiveItem => ({
  folder: 'shop' as Destination,
  entry: {
    segment: '0000000000000001',
    offset,
    end: offset,
    record: {
      receivedAt: THEN,
      destination: 'shop' as Destination,
      trace: 'T',
      method: 'POST',
      query: '',
      // Does not compress, so that the daily archive needs its room.
      body: Buffer.from(
        `n=${offset}&x=${Array.from({ length: 120 }, () => Math.random().toString(36).slice(2)).join('')}`,
      ),
      headers: [],
      clientAddress: '',
      country: '',
      city: '',
    },
  },
});

const items = (from: number, count: number): ArchiveItem[] =>
  Array.from({ length: count }, (_, place) => item(from + place));

const fill = async (leaveBytes: number): Promise<void> => {
  const pieces: Buffer[] = [];
  try {
    for (;;) {
      pieces.push(Buffer.alloc(16_384, 1));
      await writeFile(ballast, Buffer.concat(pieces));
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOSPC') throw error;
  }
  await writeFile(ballast, Buffer.alloc(Math.max(0, (await stat(ballast)).size - leaveBytes), 1));
};

const trouble = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
    return 'none';
  } catch (error) {
    return errorCode(error);
  }
};

const lines = async (): Promise<number> =>
  (await readFile(join(root, 'shop/2026-11-2/7.json.lines'), 'utf8')).split('\n').length - 1;

await mkdir(root, { recursive: true });
const archive = await openArchive(
  { folder: root, compression: 'zstd', level: 1 },
  { clock: systemClock, log: silentLog },
);
await archive.append(items(0, 200));
await archive.commit();
await fill(100_000);
const full = await trouble(async () => {
  await archive.append(items(200, 200));
  await archive.commit();
});
const afterFull = await lines();
await rm(ballast);
const freed = await trouble(async () => {
  await archive.append(items(200, 200));
  await archive.commit();
});
const afterFreed = await lines();

await fill(64_000);
await archive.closeDays(THEN + 48 * 3_600_000, () => true);
await archive.idle();
const whileFull = await readdir(join(root, 'shop'));
await archive.stop();
await rm(ballast);
const second = await openArchive(
  { folder: root, compression: 'zstd', level: 1 },
  { clock: systemClock, log: silentLog },
);
await second.closeDays(THEN + 48 * 3_600_000, () => true);
await second.idle();
const afterClosing = await readdir(join(root, 'shop'));
await second.stop();
process.stdout.write(JSON.stringify({ full, afterFull, freed, afterFreed, whileFull, afterClosing }));
