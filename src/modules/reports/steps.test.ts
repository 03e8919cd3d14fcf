import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginOf, stepsOf } from './steps.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);

describe('steps of a period', () => {
  test.each([
    [2, 'minute'],
    [48, 'hour'],
    [28 * 24, 'day'],
    [400 * 24, 'week'],
  ])('of %i hours are chosen so that a chart can be read', (hours, step) => {
    const to = at('2026-11-22T12:00:00Z');
    expect(stepsOf({ from: to - hours * HOUR, to }, 'auto').step).toBe(step);
  });

  test('begin on Monday when they are weeks', () => {
    const steps = stepsOf({ from: at('2026-11-05'), to: at('2026-11-17') }, 'week');
    expect([0, 1, 2].map((index) => beginOf(steps, index).slice(0, 10))).toEqual([
      '2026-11-02',
      '2026-11-09',
      '2026-11-16',
    ]);
    expect(steps.count).toBe(3);
  });

  test('hold the whole period and not a step more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_600_000_000, max: 1_800_000_000 }),
        fc.integer({ min: 1, max: 86_400 }),
        fc.constantFrom('minute' as const, 'hour' as const, 'day' as const, 'week' as const),
        (from, length, step) => {
          const { first, seconds, count } = stepsOf(
            { from: from * 1_000, to: (from + length) * 1_000 },
            step,
          );
          expect(first <= from && from < first + seconds).toBe(true);
          const end = first + count * seconds;
          expect(end - seconds < from + length && from + length <= end).toBe(true);
        },
      ),
    );
  });

  test('are refused in words when they are more than can be shown', () => {
    expect(() => stepsOf({ from: at('2026-01-01'), to: at('2026-11-01') }, 'minute')).toThrow(
      /step: found "minute", expected a longer step or a shorter period: it would be 437760 points, at most 1500/,
    );
  });
});
