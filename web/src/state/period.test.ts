import { describe, expect, test } from 'vitest';
import { periodOf } from './moment.ts';
import { periodWords, PRESETS, steppedPeriod } from './period.ts';

const now = Date.parse('2026-11-22T10:37:00Z');
const stepped = (from: string, to: string, steps: -1 | 1) =>
  steppedPeriod(periodOf(from, to, now), steps, now);

describe('periods', () => {
  test('have the name of their preset', () => {
    expect(periodWords('-28d', 'now', now)).toBe('Last 28 days');
  });

  test('are named by their days', () => {
    // With the thin spaces of the language.
    expect(periodWords('2026-11-01', '2026-11-15', now)).toBe('1\u2009–\u200915 Nov 2026');
    expect(periodWords('2026-11-02', '2026-11-02', now)).toBe('2 Nov 2026');
  });

  test('step back by their length in whole days', () => {
    expect(stepped('-7d', 'now', -1)).toEqual({ from: '2026-11-09', to: '2026-11-15' });
  });

  test('step back and on again to where they were', () => {
    const back = stepped('2026-11-01', '2026-11-07', -1);
    expect(back).toEqual({ from: '2026-10-25', to: '2026-10-31' });
    expect(back && stepped(back.from, back.to, 1)).toEqual({ from: '2026-11-01', to: '2026-11-07' });
  });

  test('of a whole month step by months', () => {
    expect(stepped('month-1', 'month', -1)).toEqual({ from: '2026-09-01', to: '2026-09-30' });
  });

  test('of minutes step by minutes', () => {
    expect(stepped('2026-11-22T10:00Z', '2026-11-22T10:30Z', -1)).toEqual({
      from: '2026-11-22T09:30Z',
      to: '2026-11-22T10:00Z',
    });
  });

  test('do not step into the future', () => {
    expect(stepped('-7d', 'now', 1)).toBeNull();
  });

  test('have letters that differ', () => {
    const keys = PRESETS.flatMap(({ key }) => key ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
