import { describe, expect, test } from 'vitest';
import { errorEventWords, errorFacts, errorName, frameWords } from './error-words.ts';

const ERROR = {
  at: 1_234,
  time: null,
  count: 1,
  type: 'TypeError',
  message: 'no chairs',
  via: 'global',
  source: 'app',
  code: null,
  frames: [],
  events: [],
  extra: '',
};
const EVENT = {
  kind: 'click',
  before: 400,
  tag: 'BUTTON',
  id: 'buy',
  name: '',
  method: '',
  url: '',
  result: '',
  severity: '',
  message: '',
};

describe('words of an error', () => {
  test('say what it was, when, how often and where it came from', () => {
    expect([errorName(ERROR), errorName({ ...ERROR, message: '' })]).toEqual([
      'TypeError: no chairs',
      'TypeError',
    ]);
    expect(errorFacts(ERROR)).toEqual(['1.23 s', 'nothing caught it']);
    expect(
      errorFacts({ ...ERROR, at: null, count: 3, via: 'network', code: 503, source: 'boomerang' }),
    ).toEqual(['3 times', 'a request', 'status 503', "Boomerang's own"]);
    expect(errorFacts({ ...ERROR, via: 'moon' })).toContain('moon');
  });

  test('say where a frame stands as far as it is told', () => {
    const frame = { function: 'f', file: 'https://a.example/x.js', line: 35, column: 0 };
    expect(frameWords(frame)).toBe('https://a.example/x.js:35:0');
    expect(frameWords({ ...frame, line: null, column: null })).toBe('https://a.example/x.js');
    expect(frameWords({ ...frame, file: '', line: null, column: null })).toBe('');
  });

  test('say what was before it', () => {
    expect(errorEventWords(EVENT)).toBe('400 ms before: click button #buy');
    expect(errorEventWords({ ...EVENT, kind: 'network', tag: '', id: '', before: null, url: '/api' })).toBe(
      'network /api',
    );
  });
});
