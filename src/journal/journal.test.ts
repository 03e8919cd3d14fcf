import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, silentLog } from '#core';
import type { Destination } from '#tenants';
import { pretendWritersDied } from '../../test/support/journal-folder.ts';
import { systemFiles } from './files.ts';
import { openJournalReader } from './reader.ts';
import type { JournalRecord, Position } from './record.ts';
import { openJournalWriter } from './writer.ts';
import type { JournalWriter, JournalWriterOptions } from './writer-contract.ts';

const FILES_ENOUGH = { freeFiles: 1e6, totalFiles: 1e6 };
const NO_LIMITS = { maxEntries: 1_000_000, maxBytes: 1e9 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rumbrella-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = createManualClock(Date.UTC(2026, 5, 1));
const options = (more: Partial<JournalWriterOptions> = {}): JournalWriterOptions => ({
  folder,
  sync: 'always',
  syncIntervalMs: 200,
  segmentBytes: 1e6,
  maxBytes: 0,
  clock,
  log: silentLog,
  ...more,
});

const beacon = (id: string, more: Partial<JournalRecord> = {}): JournalRecord => ({
  receivedAt: 1_780_000_000_123.5,
  destination: 'fashion_bg' as Destination,
  trace: 'BY83kR5MS5PM',
  method: 'POST',
  query: `id=${id}`,
  body: Buffer.from(`u=https%3A%2F%2Ffashion.bg%2F&id=${id}`),
  headers: [
    ['user-agent', 'Mozilla/5.0 (X11; Linux x86_64)'],
    ['x-own', 'ünï'],
  ],
  clientAddress: '203.0.113.0',
  country: 'BG',
  city: 'София',
  ...more,
});

const append = (writer: JournalWriter, record: JournalRecord): Promise<Position> =>
  new Promise((resolve, reject) => {
    writer.append(record, (error, position) => (position === null ? reject(error) : resolve(position)));
  });

describe('journal', () => {
  test('gives back every field of a record as it was appended', async () => {
    const writer = openJournalWriter(options());
    const record = beacon('1', { body: Buffer.from([0, 255, 10, 10, 0xf5, 0x52, 0x4a, 0xf6]) });
    const position = await append(writer, record);
    await writer.stop();
    const { entries, damages } = await openJournalReader({ folder, log: silentLog }).read({}, NO_LIMITS);
    expect(damages).toEqual([]);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject(position);
    expect({ ...entries[0]?.record, body: [...(entries[0]?.record.body ?? [])] }).toEqual({
      ...record,
      body: [...record.body],
    });
  });

  test('reads on from a cursor, in pieces of the asked size, each record once', async () => {
    const writer = openJournalWriter(options({ segmentBytes: 2_000 }));
    for (let id = 0; id < 50; id++) await append(writer, beacon(String(id)));
    await writer.stop();
    const reader = openJournalReader({ folder, log: silentLog });
    const seen: string[] = [];
    let cursor = {};
    for (;;) {
      const range = await reader.read(cursor, { maxEntries: 7, maxBytes: 1e9 });
      if (range.entries.length === 0) break;
      expect(range.entries.length).toBeLessThanOrEqual(7);
      seen.push(...range.entries.map((entry) => entry.record.query));
      cursor = range.cursor;
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, id) => `id=${id}`));
    expect(await reader.pendingBytes(cursor)).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('.journal')).length).toBeGreaterThan(3);
  });

  test('sees the records of a writer that is still open, and no end of its segment', async () => {
    const writer = openJournalWriter(options());
    await append(writer, beacon('1'));
    const reader = openJournalReader({ folder, log: silentLog });
    const first = await reader.read({}, NO_LIMITS);
    expect(first.entries.map((entry) => entry.record.query)).toEqual(['id=1']);
    const [segment] = await reader.segments();
    expect(segment).toMatchObject({ sealed: false });
    await expect(reader.remove(segment?.segment ?? '')).rejects.toMatchObject({
      code: 'JOURNAL_SEGMENT_LIVE',
    });
    // Half a frame, as a reader may see it while it is written.
    appendFileSync(segment?.path ?? '', Buffer.from([0xf5, 0x52, 0x4a]));
    const second = await reader.read(first.cursor, NO_LIMITS);
    expect(second).toEqual({ entries: [], damages: [], cursor: first.cursor });
    await writer.stop();
    const third = await reader.read(first.cursor, NO_LIMITS);
    expect(third.damages).toMatchObject([{ kind: 'torn', bytes: 3 }]);
  });

  test('removes a sealed segment and forgets it in the cursor', async () => {
    const writer = openJournalWriter(options());
    await append(writer, beacon('1'));
    await writer.stop();
    const reader = openJournalReader({ folder, log: silentLog });
    const { cursor } = await reader.read({}, NO_LIMITS);
    for (const { segment } of await reader.segments()) await reader.remove(segment);
    expect(readdirSync(folder)).toEqual([]);
    expect((await reader.read(cursor, NO_LIMITS)).cursor).toEqual({});
  });

  test('refuses a record that does not fit, and stores the others of its group', async () => {
    const writer = openJournalWriter(options());
    const outcomes = await Promise.allSettled([
      append(writer, beacon('1')),
      append(writer, beacon('2', { headers: [['user-agent', 'x'.repeat(70_000)]] })),
      append(writer, beacon('3', { body: Buffer.alloc(17_000_000) })),
      append(writer, beacon('4', { headers: Array.from({ length: 300 }, () => ['dnt', '1'] as const) })),
      append(writer, beacon('5', { body: Buffer.alloc(5_000_000) })),
      append(writer, beacon('6')),
    ]);
    await writer.stop();
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    const { entries, damages } = await openJournalReader({ folder, log: silentLog }).read({}, NO_LIMITS);
    expect(entries.map((entry) => entry.record.query)).toEqual(['id=1', 'id=5', 'id=6']);
    expect(damages).toEqual([]);
  });

  test('bounds what waits for a slow disk, and answers all of it in the end', async () => {
    const moving = createManualClock(0);
    const waiting: (() => void)[] = [];
    const files = {
      ...systemFiles,
      // The first sync, of a new segment's head, is not measured; one slow one makes the writer leave the event loop.
      datasync: (file: number) => {
        moving.advance(100);
        systemFiles.datasync(file);
      },
      datasyncLater: (file: number) =>
        new Promise<void>((resolve, reject) => {
          waiting.push(() => void systemFiles.datasyncLater(file).then(resolve, reject));
        }),
    };
    const writer = openJournalWriter(options({ files, clock: moving, segmentBytes: 1e9 }));
    await append(writer, beacon('inline'));
    expect(writer.stats().mode).toBe('pool');
    const body = Buffer.alloc(1_000_000);
    const answers = [append(writer, beacon('first', { body }))];
    await expect.poll(() => waiting.length).toBe(1);
    let busy = 0;
    for (let n = 0; n < 60; n++)
      answers.push(
        append(writer, beacon(String(n), { body })).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'JOURNAL_BUSY', status: 503 });
          busy += 1;
          return { segment: '', offset: 0 };
        }),
      );
    expect(writer.stats().pendingBytes).toBeLessThan(40_000_000);
    for (const settled = Promise.all(answers); ; ) {
      const isDone = await Promise.race([
        settled.then(() => true),
        new Promise((r) => setTimeout(r, 20, false)),
      ]);
      if (isDone) break;
      for (const release of waiting.splice(0)) release();
    }
    expect(busy).toBeGreaterThan(20);
    await writer.stop();
    const { entries } = await openJournalReader({ folder, log: silentLog }).read({}, NO_LIMITS);
    expect(entries).toHaveLength(62 - busy);
  });

  test('leaves nothing behind of a writer that was killed, once its segments are removed', async () => {
    const writer = openJournalWriter(options());
    await append(writer, beacon('1'));
    pretendWritersDied(folder);
    const reader = openJournalReader({ folder, log: silentLog });
    for (const { segment } of await reader.segments()) await reader.remove(segment);
    expect(readdirSync(folder)).toEqual([]);
    await writer.stop();
  });

  test('begins a new segment each time it is opened', async () => {
    for (const id of ['1', '2', '3']) {
      const writer = openJournalWriter(options());
      await append(writer, beacon(id));
      await writer.stop();
    }
    const { entries } = await openJournalReader({ folder, log: silentLog }).read({}, NO_LIMITS);
    expect(entries.map((entry) => entry.record.query)).toEqual(['id=1', 'id=2', 'id=3']);
    expect(new Set(entries.map((entry) => entry.segment)).size).toBe(3);
  });

  test('keeps the order of segments when the clock goes back', async () => {
    const moving = createManualClock(Date.UTC(2026, 5, 1));
    for (const id of ['1', '2', '3']) {
      const writer = openJournalWriter(options({ clock: moving }));
      await append(writer, beacon(id));
      await writer.stop();
      moving.jumpTo(moving.now() - 3_600_000);
    }
    const { entries } = await openJournalReader({ folder, log: silentLog }).read({}, NO_LIMITS);
    expect(entries.map((entry) => entry.record.query)).toEqual(['id=1', 'id=2', 'id=3']);
  });

  test('begins a new segment after an hour', async () => {
    const moving = createManualClock(Date.UTC(2026, 5, 1));
    const writer = openJournalWriter(options({ clock: moving }));
    const first = await append(writer, beacon('1'));
    moving.advance(3_600_000);
    const second = await append(writer, beacon('2'));
    await writer.stop();
    expect(second.segment > first.segment).toBe(true);
  });

  test('answers what waits when it is stopped, and refuses what comes after', async () => {
    const writer = openJournalWriter(options());
    const waiting = append(writer, beacon('1'));
    await Promise.all([writer.stop(), writer.stop()]);
    await expect(waiting).resolves.toMatchObject({ offset: 64 });
    await expect(append(writer, beacon('2'))).rejects.toMatchObject({ code: 'JOURNAL_STOPPED' });
  });

  test('refuses records while the journal is larger than allowed, and takes them again when it is not', async () => {
    const moving = createManualClock(Date.UTC(2026, 5, 1));
    const writer = openJournalWriter(options({ clock: moving, maxBytes: 2_000, segmentBytes: 500 }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, async (_, id) => append(writer, beacon(String(id)))),
    );
    // All of one turn are one group; the next group finds the journal too large.
    expect(outcomes.every((outcome) => outcome.status === 'fulfilled')).toBe(true);
    await expect(append(writer, beacon('late'))).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    expect(writer.stats().trouble).toContain('2000');
    await writer.stop();
    const other = openJournalWriter(options({ clock: moving, maxBytes: 2_000 }));
    await expect(append(other, beacon('late'))).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    const reader = openJournalReader({ folder, log: silentLog });
    for (const { segment, sealed } of await reader.segments()) if (sealed) await reader.remove(segment);
    moving.advance(1_000);
    await expect(append(other, beacon('late'))).resolves.toBeDefined();
    await other.stop();
  });

  test('leaves the reserve of the disk to those who empty it, also between two looks', async () => {
    const moving = createManualClock(Date.UTC(2026, 5, 1));
    let free = 10_000;
    const files = { ...systemFiles, space: () => ({ free, total: 1e9, ...FILES_ENOUGH }) };
    const writer = openJournalWriter(options({ clock: moving, files, reserveBytes: 8_000 }));
    await append(writer, beacon('first', { body: Buffer.alloc(2_500) }));
    await expect(append(writer, beacon('over'))).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    expect(writer.stats()).toMatchObject({ freeBytes: 10_000, trouble: expect.stringContaining('8000') });
    free = 7_000;
    moving.advance(1_000);
    await expect(append(writer, beacon('full'))).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    free = 20_000;
    moving.advance(1_000);
    await expect(append(writer, beacon('after'))).resolves.toBeDefined();
    expect(writer.stats().trouble).toBeNull();
    await writer.stop();
  });

  test('makes no further segment when hardly any file can be made, and goes on in the one it has', async () => {
    const moving = createManualClock(Date.UTC(2026, 5, 1));
    let freeFiles = 900;
    const files = { ...systemFiles, space: () => ({ free: 1e9, total: 1e9, freeFiles, totalFiles: 10_000 }) };
    const small = { clock: moving, files, segmentBytes: 500, reserveBytes: 'auto' } as const;
    const writer = openJournalWriter(options(small));
    freeFiles = 499;
    const sent = async (): Promise<string> => {
      try {
        return (await append(writer, beacon('one', { body: Buffer.alloc(150) }))).segment;
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
    };
    const outcomes = [];
    for (let n = 0; n < 6; n++) outcomes.push(await sent());
    expect(new Set(outcomes.slice(0, 3)).size).toBe(1);
    expect(outcomes.at(-1)).toContain('room for less than 500 files');
    freeFiles = 600;
    moving.advance(2_000);
    expect(await sent()).toMatch(/^[0-9a-f]{16}$/);
    await writer.stop();
  });

  test('keeps 5 % of the disk free by itself, at most 1 GiB, and says nothing of paths in its trouble', async () => {
    const moving = createManualClock(Date.UTC(2026, 5, 1));
    let space = { free: 49_999, total: 1e6, ...FILES_ENOUGH };
    const files = { ...systemFiles, space: () => space };
    const writer = openJournalWriter(options({ clock: moving, files, reserveBytes: 'auto' }));
    await expect(append(writer, beacon('small'))).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    space = { free: 2 ** 30 + 1e6, total: 1e15, ...FILES_ENOUGH };
    moving.advance(1_000);
    await expect(append(writer, beacon('large'))).resolves.toBeDefined();
    await writer.stop();
    const refused = openJournalWriter(
      options({
        files: {
          ...systemFiles,
          create: (path) => {
            throw Object.assign(new Error(`ENOSPC: no space left on device, open '${path}'`), {
              code: 'ENOSPC',
            });
          },
        },
      }),
    );
    expect(refused.stats().trouble).toBe('ENOSPC: no space left on device');
    await refused.stop();
  });
});
