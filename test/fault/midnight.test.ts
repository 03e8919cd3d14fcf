import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Clock, silentLog, systemClock } from '#core';
import { openJournalWriter } from '#journal';
import { startCollectorServer } from '../support/collector-server.ts';
import { createPlace, openEngine } from '../support/loader-place.ts';
import { poll } from '../support/poll.ts';

const DAY_MS = 86_400_000;
const ROUNDS = Number(process.env['RUMBRELLA_FAULT_ROUNDS'] ?? 4);

let engine: Awaited<ReturnType<typeof openEngine>>;
beforeAll(async () => {
  engine = await openEngine();
}, 120_000);
afterAll(() => engine.stop());

/** What the archive has of a beacon: the day of its file, and its receive time. */
interface ArchivedLine {
  readonly id: string;
  readonly file: string;
  readonly receivedAt: number;
}

const dayName = (instant: number): string => {
  const date = new Date(instant);
  return `${date.getUTCFullYear()}-${date.getUTCMonth() + 1}-${date.getUTCDate()}`;
};

const closedLines = (folder: string): readonly ArchivedLine[] =>
  globSync('archive/fashion_bg/*.json.lines', { cwd: folder }).flatMap((path) =>
    readFileSync(join(folder, path), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const { id, rumbrella } = JSON.parse(line) as { id: string; rumbrella: string };
        const { received_at: receivedAt } = JSON.parse(rumbrella) as { received_at: number };
        return { id, file: basename(path, '.json.lines'), receivedAt };
      }),
  );

/** Folders of days that are not closed, or half. */
const openDays = (folder: string): readonly string[] => globSync('archive/fashion_bg/*/', { cwd: folder });

test('beacons over midnight are in the archive of the day on which they were received, each once, although loader and daily job are killed', async () => {
  const place = createPlace(engine.warehouse, ['fashion_bg'], { closeDaysEveryMs: 50 });
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS;
  // The collector lives two days ago, half a second before midnight; both days are over for the loader.
  const offset = midnight - 500 - Date.now();
  const clock: Clock = { ...systemClock, now: () => Date.now() + offset };
  const writer = openJournalWriter({
    folder: join(place.dataDir, 'journal'),
    sync: 'always',
    syncIntervalMs: 200,
    segmentBytes: 30_000,
    maxBytes: 0,
    clock,
    log: silentLog,
  });
  const collector = await startCollectorServer({}, () => writer, clock);
  try {
    /** Of each id, when it was sent and when it was answered. */
    const answered = new Map<string, readonly [number, number]>();
    let number = 0;
    const sendSome = async (): Promise<void> => {
      while (clock.now() < midnight + 700) {
        const id = `m${number++}`;
        const sentAt = clock.now();
        const { status } = await collector.send('/beacon/catcher?brum_trace=other', {
          headers: { 'content-type': 'text/plain' },
          body: `id=${id}&u=https%3A%2F%2Ffashion.bg%2F`,
        });
        expect(status).toBe(204);
        answered.set(id, [sentAt, clock.now()]);
      }
    };
    const sending = Promise.all(Array.from({ length: 8 }, sendSome));
    for (let kill = 0; kill < ROUNDS; kill++) {
      const loader = place.spawnLoader();
      await once(loader.stdout ?? process.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 600));
      loader.kill('SIGKILL');
      await once(loader, 'exit');
    }
    await sending;
    const last = place.spawnLoader();
    await poll('both days are closed', () => closedLines(place.dataDir).length >= answered.size, 60_000);
    await poll(
      'all are rows',
      async () => (await place.stored('fashion_bg')).length >= answered.size,
      60_000,
    );
    await poll('the hours are gone', () => openDays(place.dataDir).length === 0);
    last.kill('SIGTERM');
    await once(last, 'exit');

    const lines = closedLines(place.dataDir);
    expect(lines.map(({ id }) => id).toSorted()).toEqual([...answered.keys()].toSorted());
    expect(await place.stored('fashion_bg')).toEqual([...answered.keys()].toSorted());
    for (const { id, file, receivedAt } of lines) {
      expect([id, file]).toEqual([id, dayName(receivedAt)]);
      const [from, to] = answered.get(id) ?? [0, 0];
      expect(receivedAt).toBeGreaterThanOrEqual(from);
      expect(receivedAt).toBeLessThanOrEqual(to);
    }
    expect([...new Set(lines.map(({ file }) => file))].toSorted()).toEqual(
      [dayName(midnight - 1), dayName(midnight)].toSorted(),
    );
    expect(openDays(place.dataDir)).toEqual([]);
  } finally {
    await collector.stop();
    await writer.stop();
    await place.stop();
  }
});
