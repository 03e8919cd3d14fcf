import { globSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { poll } from '../support/poll.ts';
import { type ServerOnSmallDisk, startOnSmallDisk } from '../support/small-disk.ts';

const MEGABYTE = 1024 ** 2;
const RESERVE = 24 * MEGABYTE;
/** Beacons have this much in a parameter that no column takes. */
const FILLER = 'x'.repeat(20_000);

const USERS_MAP = '- user: { prefix: shop, brum_trace: TRACE, expire: 2099-01-01 }\n';

const send = async ({ server }: ServerOnSmallDisk, id: string): Promise<number> => {
  const body = new URLSearchParams({
    brum_trace: 'TRACE',
    u: 'https://shop.example/',
    pid: id,
    filler: FILLER,
  });
  return (await fetch(`${server.url}/beacon/catcher`, { method: 'POST', body })).status;
};

const storedIds = async ({ server }: ServerOnSmallDisk): Promise<readonly string[]> => {
  const rows = await server.sql<{ id: string }>(
    'SELECT page_id AS id FROM shop_webperf_rum_events ORDER BY id',
  );
  return rows.map(({ id }) => id);
};

const archivedIds = ({ data }: ServerOnSmallDisk): readonly string[] =>
  globSync('archive/shop/**/*.json.lines', { cwd: data })
    .flatMap((path) => readFileSync(join(data, path), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { pid: string }).pid)
    .toSorted();

const freeBytes = ({ data }: ServerOnSmallDisk): number => {
  const { bavail, bsize } = statfsSync(data);
  return bavail * bsize;
};

/** Takes everything of the disk but `left` bytes away, as somebody else's file does. */
const takeSpace = (place: ServerOnSmallDisk, left: number): void =>
  writeFileSync(ballastOf(place), Buffer.alloc(Math.max(0, freeBytes(place) - left)));

const ballastOf = ({ data }: ServerOnSmallDisk): string => join(data, '..', 'somebody-elses-file');

test('a full disk refuses beacons, the loader goes on with what was taken, and beacons are taken again when space returns', async () => {
  const place = await startOnSmallDisk('size=192m', USERS_MAP, {
    RUMBRELLA_JOURNAL_RESERVE_BYTES: String(RESERVE),
    RUMBRELLA_JOURNAL_SEGMENT_BYTES: String(MEGABYTE),
  });
  try {
    const answered: string[] = [];
    let number = 0;
    /** Sends until one is refused. */
    const fill = async (): Promise<void> => {
      for (let status = 204; status === 204; ) {
        const ids = Array.from({ length: 8 }, () => `b${String(number++).padStart(6, '0')}`);
        const statuses = await Promise.all(ids.map((id) => send(place, id)));
        answered.push(...ids.filter((_, index) => statuses[index] === 204));
        expect(statuses.filter((one) => one !== 204 && one !== 503)).toEqual([]);
        status = Math.max(...statuses);
      }
    };
    expect(await send(place, 'first')).toBe(204);
    answered.push('first');
    await poll('the first row', async () => (await storedIds(place).catch(() => [])).length === 1);

    for (let cycle = 0; cycle < 2; cycle++) {
      takeSpace(place, RESERVE + 8 * MEGABYTE);
      await fill();
      const health = await fetch(`${place.server.url}/health`);
      // Loaded segments may have been freed since.
      if (health.status !== 200) expect(await health.text()).toContain('journal.reserve_bytes');
      // Nobody frees anything: what was answered is loaded and archived from the reserve.
      const expected = answered.toSorted();
      await poll(
        'all that was answered has its row',
        async () => (await storedIds(place)).length >= expected.length,
      );
      expect(await storedIds(place)).toEqual(expected);
      await poll('it is in the archive', () => archivedIds(place).length >= expected.length);
      expect(archivedIds(place)).toEqual(expected);
      rmSync(ballastOf(place));
      await poll('an answer after space was freed', async () => {
        const id = `again-${cycle}-${number++}`;
        const isTaken = (await send(place, id)) === 204;
        if (isTaken) answered.push(id);
        return isTaken;
      });
    }
    await poll('the last row', async () => (await storedIds(place)).length >= answered.length);
    expect(await storedIds(place)).toEqual(answered.toSorted());
    expect(place.server.log.filter(({ event }) => event === 'loader_failed')).toEqual([]);
    const metrics = await (await fetch(`${place.server.url}/metrics`)).text();
    expect(metrics).toMatch(/^rumbrella_disk_free_bytes [0-9.e+]+$/m);
  } finally {
    await place.remove();
  }
});

/** Makes empty files until so many more can be made. */
const takeFiles = (place: ServerOnSmallDisk, left: number): void => {
  const folder = ballastOf(place);
  mkdirSync(folder);
  for (let number = 0; statfsSync(place.data).ffree > left; number++)
    writeFileSync(join(folder, String(number)), '');
};

test('a disk on which no files can be made refuses beacons before the loader stands still, and takes them again', async () => {
  const place = await startOnSmallDisk('size=256m,nr_inodes=8000', USERS_MAP, {
    RUMBRELLA_JOURNAL_SEGMENT_BYTES: '100000',
  });
  try {
    const answered: string[] = [];
    const sendOne = async (id: string): Promise<boolean> => {
      const isTaken = (await send(place, id)) === 204;
      if (isTaken) answered.push(id);
      return isTaken;
    };
    await sendOne('first');
    await poll('the first row', async () => (await storedIds(place).catch(() => [])).length === 1);
    takeFiles(place, 410);
    let number = 0;
    await poll('a beacon is refused', async () => {
      for (let n = 0; n < 20; n++) if (!(await sendOne(`b${number++}`))) return true;
      return false;
    });
    await poll(
      'all that was answered has its row',
      async () => (await storedIds(place)).length >= answered.length,
    );
    expect(await storedIds(place)).toEqual(answered.toSorted());
    await poll('it is in the archive', () => archivedIds(place).length >= answered.length);
    rmSync(ballastOf(place), { recursive: true });
    await poll('an answer after files were removed', () => sendOne(`again-${number++}`));
    await poll('the last row', async () => (await storedIds(place)).length >= answered.length);
    expect(await storedIds(place)).toEqual(answered.toSorted());
    expect(place.server.log.filter(({ event }) => event === 'loader_failed')).toEqual([]);
  } finally {
    await place.remove();
  }
});
