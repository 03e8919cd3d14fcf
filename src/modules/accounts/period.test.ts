import { describe, expect, test } from 'vitest';
import { moment, periodOf } from './period.ts';

const NOW = Date.parse('2026-11-22T10:07:31Z');
const resolved = (from: string, to: string): readonly string[] => {
  const period = periodOf({ from, to }, NOW);
  return [new Date(period.from).toISOString(), new Date(period.to).toISOString()];
};

describe('a period of a share', () => {
  test.each([
    ['-28d', '-1d', '2026-10-26T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ['-24h', 'month', '2026-11-21T10:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ['-30m', 'year', '2026-11-22T09:37:00.000Z', '2026-01-01T00:00:00.000Z'],
    ['month-1', '2026-11-20', '2026-10-01T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
    ['2026-11-20', '2026-11-20T10:00Z', '2026-11-20T00:00:00.000Z', '2026-11-20T10:00:00.000Z'],
  ])('%s to %s is what the application means by it', (from, to, start, end) => {
    expect(resolved(from, to)).toEqual([start, end]);
  });

  test('to now leaves a little room for clocks that are ahead', () => {
    expect(resolved('-7d', 'now')[1]).toBe('2026-11-22T10:12:31.000Z');
  });

  test.each(['', 'yesterday', '-0d', '-28', '2026-13-01', '22.11.2026', 'now ', '-99999d'])(
    'is refused when a moment is "%s"',
    (text) => {
      expect(moment.safeParse(text).success).toBe(false);
    },
  );
});
