import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArchiveItem, type ArchiveMark, openArchive } from '#archive';
import { errorCode, replaceFile, silentLog, systemClock } from '#core';
import type { Destination } from '#tenants';

// Stands for a loader: rounds of beacons into the archive, a checkpoint after each. Arguments: data folder, number of beacons.
const [data = '', total = '0'] = process.argv.slice(2);
const checkpoint = join(data, 'checkpoint.json');
const START = Date.UTC(2026, 10, 2, 23, 59, 0);
const FOLDERS = ['shop', 'news', 'unknown', 'expired'];

interface Saved {
  readonly next: number;
  readonly mark: ArchiveMark;
}

const load = async (): Promise<Saved | null> => {
  try {
    return JSON.parse(await readFile(checkpoint, 'utf8')) as Saved;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
};

const item = (offset: number): ArchiveItem => {
  const folder = (FOLDERS[offset % FOLDERS.length] ?? 'unknown') as Destination;
  const record = {
    receivedAt: START + offset * 10,
    destination: folder,
    trace: 'T',
    method: 'POST',
    query: '',
    body: Buffer.from(`n=${offset}&pad=${'x'.repeat(500)}`),
    headers: [],
    clientAddress: '',
    country: '',
    city: '',
  } as const;
  return { folder, entry: { segment: '0000000000000001', offset, end: offset, record } };
};

const archive = await openArchive(
  { folder: join(data, 'archive'), compression: 'zstd', level: 1, maxOpenFiles: 3 },
  // The pauses of the daily job go by a thousand times faster.
  { clock: { ...systemClock, monotonic: () => performance.now() * 1_000 }, log: silentLog },
);
const saved = await load();
if (saved !== null) await archive.restore(saved.mark);
const waiting: Saved[] = [];
for (let next = saved?.next ?? 0; next < Number(total); ) {
  for (let part = 0; part < 2; part += 1, next += 150)
    await archive.append(Array.from({ length: 150 }, (_, place) => item(next + place)));
  waiting.push({ next, mark: await archive.commit() });
  // As the loader does: a round is collected while the one before is not in the checkpoint yet.
  const oldest = waiting.length > 1 ? waiting.shift() : undefined;
  if (oldest !== undefined) {
    await replaceFile(checkpoint, JSON.stringify(oldest));
    // Of the first day everything up to the last checkpoint is loaded.
    await archive.closeDays(Date.UTC(2026, 10, 4), (instant) => instant <= START + oldest.next * 10);
  }
}
await replaceFile(checkpoint, JSON.stringify(waiting.at(-1) ?? saved));
await archive.idle();
await systemClock.sleep(50);
await archive.closeDays(Date.UTC(2026, 10, 4), () => true);
await archive.idle();
await archive.stop();
process.stdout.write('done\n');
