import { expect, test } from 'vitest';
import { createManualClock, silentLog } from '#core';
import type { ReplayJob, StoredAnnotation } from '#modules';
import { createReplayNotes } from './replay-notes.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');

const job = (changes: Partial<ReplayJob> = {}): ReplayJob => ({
  id: 'r',
  state: 'done',
  folder: 'expired',
  tenant: null,
  trace: null,
  from: null,
  to: null,
  dryRun: false,
  startedBy: 'olga',
  startedAt: '2026-11-22T11:00:00.000Z',
  endedAt: '2026-11-22T12:00:00.000Z',
  progress: { bytes: 0, totalBytes: 0, beacons: 0, current: '' },
  result: {
    read: 9,
    tenants: [
      { tenant: 'shop', inserted: 7, existing: 0, quarantined: 0, notAccepted: 0 },
      { tenant: 'news', inserted: 0, existing: 2, quarantined: 0, notAccepted: 0 },
    ],
    left: [],
    badLines: 0,
    stopped: false,
  },
  error: '',
  ...changes,
});

const notesOf = async (ended: ReplayJob, fails = false) => {
  const written: (readonly [string, StoredAnnotation])[] = [];
  const add = async (tenant: string, note: StoredAnnotation): Promise<void> => {
    if (fails) throw new Error('the database is away');
    written.push([tenant, note]);
  };
  await createReplayNotes({ add }, createManualClock(NOON), silentLog)(ended);
  return written;
};

test('a replay leaves a note with those whose page views it added, and with nobody else', async () => {
  const [[tenant, note] = [], ...others] = await notesOf(job());
  expect([tenant, others]).toEqual(['shop', []]);
  expect(note).toMatchObject({
    scope: 'system',
    author: null,
    title: 'Replay: 7 beacons more',
    startsAt: NOON,
    isPeriod: false,
  });
});

test('the note spans the time that was replayed', async () => {
  const [[, note] = []] = await notesOf(
    job({ from: '2026-11-01T00:00:00Z', to: '2026-11-08T00:00:00Z', folder: 'unknown' }),
  );
  expect(note).toMatchObject({
    startsAt: Date.parse('2026-11-01T00:00:00Z'),
    endsAt: Date.parse('2026-11-08T00:00:00Z'),
    isPeriod: true,
  });
});

test('a dry run and a replay that failed leave none, and one that cannot be written harms nothing', async () => {
  expect(await notesOf(job({ dryRun: true }))).toEqual([]);
  expect(await notesOf(job({ result: null, state: 'failed' }))).toEqual([]);
  expect(await notesOf(job(), true)).toEqual([]);
});
