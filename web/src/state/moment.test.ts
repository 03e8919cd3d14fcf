import { describe, expect, test } from 'vitest';
import { isMoment, periodOf, timeOf } from './moment.ts';

const now = Date.parse('2026-11-22T10:37:30Z');
const at = (moment: string, side: 'from' | 'to' = 'from'): string =>
  new Date(timeOf(moment, now, side)).toISOString();

describe('moments', () => {
  test.each([
    ['now', '2026-11-22T10:37:30.000Z'],
    ['-30m', '2026-11-22T10:07:00.000Z'],
    ['-24h', '2026-11-21T10:00:00.000Z'],
    ['-1d', '2026-11-22T00:00:00.000Z'],
    ['-28d', '2026-10-26T00:00:00.000Z'],
    ['month', '2026-11-01T00:00:00.000Z'],
    ['month-1', '2026-10-01T00:00:00.000Z'],
    ['month-12', '2025-11-01T00:00:00.000Z'],
    ['year', '2026-01-01T00:00:00.000Z'],
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T10:00Z', '2026-11-22T10:00:00.000Z'],
  ])('%s begins at %s', (moment, expected) => {
    expect(isMoment(moment)).toBe(true);
    expect(at(moment)).toBe(expected);
  });

  test('a day that ends a period counts as a whole', () => {
    expect(at('2026-11-22', 'to')).toBe('2026-11-23T00:00:00.000Z');
  });

  test.each([
    '',
    'tomorrow',
    '-0d',
    '-d',
    '2026-13-01',
    '2026-02-30',
    '2026-11-22T25:00Z',
    '2026-11-22 10:00',
  ])('%j is none', (text) => {
    expect(isMoment(text)).toBe(false);
  });

  test('a period of two days the wrong way round is turned', () => {
    expect(periodOf('2026-11-10', '2026-11-01', now)).toEqual(periodOf('2026-11-01', '2026-11-10', now));
  });
});
