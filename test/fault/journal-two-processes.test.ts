import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '#core';
import { type Cursor, lockFolder, openJournalReader } from '#journal';
import {
  type CollectorProcess,
  type SentBeacons,
  sendBeacons,
  startCollectorProcess,
} from '../support/collector-process.ts';
import { idsOf, readAll, temporaryFolder } from '../support/journal-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
const processes: CollectorProcess[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await Promise.all(processes.splice(0).map((running) => running.kill()));
  folder.remove();
});

const start = async (more: Readonly<Record<string, unknown>> = {}): Promise<CollectorProcess> => {
  const running = await startCollectorProcess({ folder: folder.path, segmentBytes: 20_000, ...more });
  if (running === null) throw new Error('the collector did not start');
  processes.push(running);
  return running;
};

describe('two processes on one journal folder', () => {
  test('share no segment, and a reader sees each beacon once while they write', async () => {
    const [one, two] = [await start(), await start()];
    const sent: SentBeacons = { answered: [], refused: [], unheard: [] };
    let enough = false;
    const sending = [one, two].map((running, index) =>
      sendBeacons(running.port, `process${index}`, sent, () => enough),
    );
    const reader = openJournalReader({ folder: folder.path, log: silentLog });
    const seen: string[] = [];
    const writersOf = new Map<string, Set<string>>();
    let cursor: Cursor = {};
    const readOn = async (): Promise<number> => {
      const range = await reader.read(cursor, { maxEntries: 50, maxBytes: 1e6 });
      expect(range.damages).toEqual([]);
      for (const entry of range.entries) {
        seen.push(entry.record.query);
        const writers = writersOf.get(entry.segment) ?? new Set();
        writersOf.set(entry.segment, writers.add(entry.record.query.split('-')[0] ?? ''));
      }
      cursor = range.cursor;
      return range.entries.length;
    };
    while (seen.length < 1_000) await readOn();
    enough = true;
    await Promise.all(sending);
    while ((await readOn()) > 0);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.toSorted()).toEqual(sent.answered.toSorted());
    expect([...writersOf.values()].every((writers) => writers.size === 1)).toBe(true);
    expect(new Set([...writersOf.values()].flatMap((writers) => [...writers])).size).toBe(2);
  });

  test('are told apart by a reader when one of them is killed', async () => {
    const [one, two] = [await start(), await start()];
    const reader = openJournalReader({ folder: folder.path, log: silentLog });
    expect((await reader.segments()).map((segment) => segment.sealed)).toEqual([false, false]);
    await one.kill();
    expect((await reader.segments()).filter((segment) => segment.sealed)).toHaveLength(1);
    await two.kill();
    expect((await reader.segments()).filter((segment) => segment.sealed)).toHaveLength(2);
  });

  test('cannot both hold the lock of a role, and the lock of a killed one is free', async () => {
    const holder = await start({ role: 'loader' });
    await expect(lockFolder(folder.path, 'loader')).rejects.toMatchObject({
      code: 'JOURNAL_LOCKED',
      message: expect.stringContaining(String(holder.child.pid)) as string,
    });
    const said: string[] = [];
    const second = await startCollectorProcess({ folder: folder.path, role: 'loader' }, [], said);
    expect(second).toBeNull();
    expect(said.join('')).toContain('JOURNAL_LOCKED');
    const other = await lockFolder(folder.path, 'other-role');
    await other.release();
    await holder.kill();
    const lock = await lockFolder(folder.path, 'loader');
    expect(await lock.isHeld()).toBe(true);
    await lock.release();
    await lock.release();
    expect(readdirSync(folder.path).filter((name) => name.includes('lock'))).toEqual([]);
  });

  test('that race for the lock of a dead holder do not both get it', async () => {
    const holder = await start({ role: 'loader' });
    await holder.kill();
    for (let round = 0; round < 20; round++) {
      const claims = await Promise.allSettled([0, 1, 2, 3].map(() => lockFolder(folder.path, 'loader')));
      const locks = claims.filter((claim) => claim.status === 'fulfilled').map((claim) => claim.value);
      expect(locks.length).toBeLessThanOrEqual(1);
      for (const lock of locks) await lock.release();
    }
    expect(idsOf((await readAll(folder.path)).entries)).toEqual([]);
  });
});
