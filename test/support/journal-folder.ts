import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, silentLog } from '#core';
import {
  type Cursor,
  type Damage,
  type JournalEntry,
  type JournalRecord,
  type JournalWriter,
  type JournalWriterOptions,
  openJournalReader,
  openJournalWriter,
  type Position,
} from '#journal';
import type { Destination } from '#tenants';

/** A folder for one test. */
export const temporaryFolder = (): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'rumbrella-journal-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** A writer with small segments and a clock that stands still. */
export const openWriter = (folder: string, more: Partial<JournalWriterOptions> = {}): JournalWriter =>
  openJournalWriter({
    folder,
    sync: 'always',
    syncIntervalMs: 200,
    segmentBytes: 1_000_000,
    maxBytes: 0,
    clock: createManualClock(Date.UTC(2026, 5, 1)),
    log: silentLog,
    ...more,
  });

/** A beacon whose query is its id. */
export const beaconOf = (id: string, bodyBytes = 40): JournalRecord => ({
  receivedAt: 1_780_000_000_000,
  destination: 'fashion_bg' as Destination,
  trace: 'BY83kR5MS5PM',
  method: 'POST',
  query: id,
  body: Buffer.alloc(bodyBytes, 'x'),
  headers: [['user-agent', 'Mozilla/5.0']],
  clientAddress: '203.0.113.0',
  country: 'BG',
  city: '',
});

/** Appends and resolves with the position, or rejects with the reason. */
export const appendTo = (writer: JournalWriter, record: JournalRecord): Promise<Position> =>
  new Promise((resolve, reject) => {
    writer.append(record, (error, position) => (position === null ? reject(error) : resolve(position)));
  });

/** Everything that is in a journal, read in pieces as the loader does. */
export const readAll = async (
  folder: string,
  now: () => number = Date.now,
): Promise<{ readonly entries: readonly JournalEntry[]; readonly damages: readonly Damage[] }> => {
  const reader = openJournalReader({ folder, log: silentLog, now });
  const entries: JournalEntry[] = [];
  const damages: Damage[] = [];
  let cursor: Cursor = {};
  for (;;) {
    const range = await reader.read(cursor, { maxEntries: 1_000, maxBytes: 4_000_000 });
    entries.push(...range.entries);
    damages.push(...range.damages);
    if (JSON.stringify(range.cursor) === JSON.stringify(cursor)) return { entries, damages };
    cursor = range.cursor;
  }
};

/** The ids (queries) of entries. */
export const idsOf = (entries: readonly JournalEntry[]): string[] =>
  entries.map((entry) => entry.record.query);

/** Makes the writers of a folder look dead to readers, as after `kill -9`. */
export const pretendWritersDied = (folder: string): void => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.writer'))) {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    if (text === '') rmSync(path);
    else writeFileSync(path, JSON.stringify({ ...(JSON.parse(text) as object), began: '1' }));
  }
};
