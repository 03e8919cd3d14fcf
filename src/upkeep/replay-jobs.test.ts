import { expect, test } from 'vitest';
import type { ReplayOptions } from '#archive';
import { createManualClock } from '#core';
import { createSnapshot, parseUsersMap } from '#tenants';
import type { FromArchiveThread, PlainReport } from './archive-work.ts';
import type { ReplayJob } from '#modules';
import { createReplayJobs } from './replay-jobs.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const { tenants, relations } = parseUsersMap(`
- user: { prefix: shop, brum_trace: s }
- user: { prefix: gone, brum_trace: g, expire: 2020-01-01 }
`);
const report: PlainReport = {
  tenants: [['shop', { inserted: 2, existing: 1, quarantined: 0, refused: 3 }]],
  read: 6,
  left: { not_selected: 0, unknown: 4, expired: 0, removed: 0, in_journal: 0, repeated: 0 },
  badLines: 0,
  badExamples: [],
  unmarked: 0,
  unfinished: 0,
  skippedDays: 0,
  ignored: [],
  stopped: false,
};

/** Jobs whose thread is the test. */
const open = () => {
  const begun: { options: ReplayOptions; tell: (message: FromArchiveThread) => void; cancelled: boolean }[] =
    [];
  const ended: ReplayJob[] = [];
  const jobs = createReplayJobs({
    snapshot: () => createSnapshot('v', NOON, tenants, relations),
    clock: createManualClock(NOON),
    archive: '/archive',
    traceParameters: ['brum_trace'],
    onEnd: (job) => ended.push(job),
    begin: (options, onMessage) => {
      const thread = { options, tell: onMessage, cancelled: false };
      begun.push(thread);
      return {
        ended: new Promise(() => undefined),
        cancel: () => {
          thread.cancelled = true;
        },
        stop: () => Promise.resolve(),
      };
    },
  });
  return { jobs, begun, ended };
};

test('a replay is told what was asked for, and its progress and result are told by its id', () => {
  const { jobs, begun, ended } = open();
  const { id } = jobs.start(
    { folder: 'unknown', tenant: 'shop', from: '2026-11-01T00:00:00Z', dryRun: true },
    'olga',
  );
  expect(begun[0]?.options).toMatchObject({
    from: '/archive',
    folder: 'unknown',
    tenant: 'shop',
    since: Date.parse('2026-11-01T00:00:00Z'),
    until: null,
    dryRun: true,
  });
  begun[0]?.tell({ kind: 'replay_progress', bytes: 5, totalBytes: 10, beacons: 3, current: 'unknown/1' });
  expect(jobs.find(id)).toMatchObject({ state: 'running', progress: { bytes: 5, beacons: 3 } });
  begun[0]?.tell({ kind: 'replay_done', report });
  expect(jobs.find(id)).toMatchObject({
    state: 'done',
    startedBy: 'olga',
    endedAt: '2026-11-22T12:00:00.000Z',
    progress: { bytes: 10, totalBytes: 10 },
    result: {
      read: 6,
      tenants: [{ tenant: 'shop', inserted: 2, existing: 1, quarantined: 0, notAccepted: 3 }],
      left: [{ reason: 'unknown', count: 4 }],
    },
  });
  expect(ended).toEqual([jobs.find(id)]);
});

test('one replay runs at a time, and the next may begin when it is over', () => {
  const { jobs, begun } = open();
  jobs.start({ folder: 'unknown' }, '');
  expect(() => jobs.start({ folder: 'expired' }, '')).toThrow('another replay is running');
  begun[0]?.tell({ kind: 'failed', code: 'REPLAY_FAILED', reason: 'the warehouse is gone' });
  jobs.start({ folder: 'expired' }, '');
  expect(jobs.list().map(({ folder, state, error }) => [folder, state, error])).toEqual([
    ['expired', 'running', ''],
    ['unknown', 'failed', 'the warehouse is gone'],
  ]);
});

test('a replay that is cancelled is asked to end', () => {
  const { jobs, begun } = open();
  const { id } = jobs.start({ folder: 'unknown' }, '');
  jobs.cancel(id);
  expect(begun[0]?.cancelled).toBe(true);
  begun[0]?.tell({ kind: 'replay_done', report: { ...report, stopped: true } });
  expect(jobs.find(id)?.state).toBe('stopped');
  expect(jobs.cancel('nobody')).toBeUndefined();
});

test.each([
  ['an unknown organization', { folder: 'unknown', tenant: 'nobody' }, 'no such organization'],
  ['an expired one', { folder: 'expired', tenant: 'gone' }, 'renew it first'],
  ['another folder', { folder: 'elsewhere' }, 'expected unknown, expired'],
  [
    'a range that ends before it begins',
    { folder: 'unknown', from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' },
    'before its beginning',
  ],
])('%s is refused before anything is read', (_what, request, words) => {
  const { jobs, begun } = open();
  expect(() => jobs.start(request, '')).toThrow(words);
  expect(begun).toEqual([]);
});
