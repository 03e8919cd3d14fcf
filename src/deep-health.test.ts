import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { LoaderStatus } from '#loader';
import { createDeepHealth, type HealthParts } from './deep-health.ts';

const running: LoaderStatus = {
  state: 'running',
  reason: '',
  lagSeconds: 0,
  pendingBytes: 0,
  warehouse: { up: true, reason: '', refuses: false },
  lastRound: null,
  lagging: [],
  lookingAgain: false,
  migrating: null,
  countingSince: 0,
  savedAt: 0,
};

const lagging = { tenant: 'shop', since: 0, code: '60', reason: 'a secret', attempts: 1, pending: 5 };

const well: HealthParts = {
  journal: () => ({ trouble: null }),
  mapProblems: () => 0,
  loader: () => running,
  loads: true,
  isReady: () => true,
};

type Answer = readonly [status: number, text: string];

const answered = (answer: (response: ServerResponse) => void): Answer => {
  let [status, text] = [0, ''];
  const response = {
    writeHead: (code: number) => (status = code),
    end: (body: string) => (text = body),
  };
  answer(response as unknown as ServerResponse);
  return [status, text];
};

const deep = (parts: Partial<HealthParts>): Answer =>
  answered((response) => createDeepHealth({ ...well, ...parts }).answerDeep({} as IncomingMessage, response));

const ofLoader = (status: LoaderStatus | null): Answer =>
  answered((response) => createDeepHealth({ ...well, loader: () => status }).answerLoader(response));

describe('the deep look', () => {
  test('says ok when all is well, also where nothing is loaded and where nothing is taken', () => {
    expect(deep({})).toEqual([200, 'ok']);
    expect(deep({ loads: false, loader: () => null })).toEqual([200, 'ok']);
    expect(deep({ journal: () => null })).toEqual([200, 'ok']);
  });

  test.each<readonly [string, Partial<HealthParts>, string]>([
    ['a journal that refuses', { journal: () => ({ trouble: 'ENOSPC' }) }, 'journal: '],
    ['a users map that is refused', { mapProblems: () => 2 }, 'users_map: '],
    ['a warehouse that is not open', { loader: () => null }, 'warehouse: '],
    [
      'a warehouse that does not answer',
      { loader: () => ({ ...running, warehouse: { up: false, reason: 'a secret', refuses: false } }) },
      'warehouse: ',
    ],
    [
      'a loader that waits',
      { loader: () => ({ ...running, state: 'waiting', reason: 'a secret' }) },
      'loader: ',
    ],
    [
      'a loader that is down',
      { loader: () => ({ ...running, state: 'down', reason: 'a secret' }) },
      'loader: ',
    ],
    ['organizations that lag', { loader: () => ({ ...running, lagging: [lagging] }) }, 'loader: 1 '],
    ['a start that is not over', { isReady: () => false }, 'start: '],
  ])('says that %s is none, and nothing that is not for everybody', (_, parts, begin) => {
    const [status, text] = deep(parts);
    expect(status).toBe(503);
    expect(text.split('\n')).toEqual(['degraded', expect.stringMatching(`^${begin}`)]);
    expect(text).not.toContain('secret');
  });
});

test.each([
  ['running', 200],
  ['starting', 200],
  ['waiting', 200],
  ['down', 503],
  ['stopped', 503],
] as const)('the health of a process that only loads, whose loader is %s, is %i', (state, status) => {
  expect(ofLoader({ ...running, state })[0]).toBe(status);
});

test('a process that only loads is not well before its loader is there', () => {
  expect(ofLoader(null)).toEqual([503, 'the loader is not started']);
});
