import { expect, it } from 'vitest';
import type { VitalFigures } from '#reports';
import { changeWords, mixWords } from './change-words.ts';

const lcp = (value: number | null, low: number, high: number): VitalFigures => ({
  vital: 'lcp',
  value,
  rating: value === null ? null : 'good',
  interval: { low, high },
  shares: null,
  samples: 500,
  coverage: 1,
});

it('does not say that values differ whose intervals overlap', () => {
  expect(changeWords(lcp(2_000, 1_900, 2_100), lcp(2_090, 2_000, 2_200))).toEqual({
    direction: 'same',
    words: 'about as before (2.00 s)',
  });
});

it('says by how much it became faster or slower', () => {
  expect(changeWords(lcp(2_400, 2_300, 2_500), lcp(2_000, 1_900, 2_100))).toEqual({
    direction: 'better',
    words: '400 ms faster',
  });
  expect(changeWords(lcp(2_000, 1_900, 2_100), lcp(3_500, 3_300, 3_700))?.words).toBe('1.50 s slower');
});

it('says nothing where one side cannot be rated', () => {
  expect(changeWords(lcp(null, 0, 0), lcp(2_000, 1_900, 2_100))).toBeNull();
  expect(changeWords(undefined, lcp(2_000, 1_900, 2_100))).toBeNull();
});

it('splits a change of the share of good page views', () => {
  const change = { vital: 'lcp', total: -0.09, mix: -0.12, performance: 0.03, by: 'device' } as const;
  expect(mixWords(change)?.short).toBe('−9.0 pt: mix −12.0, speed +3.0');
});

it('tells a mix that hides a change, but not a change of nothing', () => {
  expect(mixWords({ vital: 'lcp', total: 0, mix: -0.05, performance: 0.05, by: 'device' })).not.toBeNull();
  expect(mixWords({ vital: 'lcp', total: 0.002, mix: 0.001, performance: 0.001, by: 'device' })).toBeNull();
  expect(mixWords(null)).toBeNull();
});
