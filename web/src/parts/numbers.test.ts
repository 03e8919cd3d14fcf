import { describe, expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatChange,
  formatCount,
  formatDuration,
  formatPercent,
  formatPoints,
  formatShort,
  formatVital,
  NOTHING,
} from './numbers.ts';

describe('numbers', () => {
  test.each([
    ['lcp', 2_308, '2.31 s'],
    ['lcp', 840, '840 ms'],
    ['inp', 184, '184 ms'],
    ['inp', 1_250, '1,250 ms'],
    ['cls', 0.087, '0.087'],
    ['cls', 0, '0.000'],
    ['ttfb', 320.4, '320 ms'],
  ] as const)('%s %d reads %s', (vital, value, words) => {
    expect(formatVital(vital, value)).toBe(words);
  });

  test.each([
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [12_340, '12.3 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
  ])('%d ms last %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });

  test('nothing is never 0', () => {
    expect(formatVital('lcp', null)).toBe(NOTHING);
    expect(formatCount(null)).toBe(NOTHING);
    expect(formatPercent(null)).toBe(NOTHING);
    expect(formatBytes(null)).toBe(NOTHING);
    expect(formatChange(null, 3)).toBe(NOTHING);
    expect(formatChange(0, 3)).toBe(NOTHING);
  });

  test.each([
    [0, '0 %'],
    [0.000_4, '< 0.1 %'],
    [0.042, '4.2 %'],
    [0.744, '74 %'],
    [0.994, '99.4 %'],
    [0.999_9, '> 99.9 %'],
    [1, '100 %'],
  ])('a share of %d reads %s', (share, words) => {
    expect(formatPercent(share)).toBe(words);
  });

  test('changes have their sign', () => {
    expect(formatPoints(0.012)).toBe('+1.2 pt');
    expect(formatPoints(-0.012)).toBe('−1.2 pt');
    expect(formatChange(200, 176)).toBe('−12 %');
    expect(formatChange(200, 200)).toBe('±0 %');
  });

  test('counts are grouped, or short', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(formatShort(12_345)).toBe('12.3k');
  });

  test.each([
    [812, '812 B'],
    [14_200, '14.2 kB'],
    [3_400_000, '3.4 MB'],
  ])('%d bytes read %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  test('how long ago', () => {
    const now = Date.parse('2026-11-22T10:00:00Z');
    expect(formatAgo('2026-11-22T09:59:30Z', now)).toBe('30 seconds ago');
    expect(formatAgo('2026-11-22T07:00:00Z', now)).toBe('3 hours ago');
    expect(formatAgo('2026-11-21T10:00:00Z', now)).toBe('yesterday');
    expect(formatAgo('2026-11-27T10:00:00Z', now)).toBe('in 5 days');
  });
});
