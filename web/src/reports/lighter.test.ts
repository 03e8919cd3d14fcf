import { expect, test } from 'vitest';
import { isMoment } from '../state/moment.ts';
import { DEFAULT_VIEW, type View } from '../state/url.ts';
import { lighterThan } from './lighter.ts';

const NOW = Date.parse('2026-11-22T12:34:00Z');
const MOBILE = { dimension: 'device', op: 'is', values: ['mobile'] } as const;
const offers = (view: Partial<View>, isHeld = false): Readonly<Record<string, Partial<View>>> =>
  Object.fromEntries(
    lighterThan({ ...DEFAULT_VIEW, ...view }, NOW, isHeld).map(({ words, change }) => [words, change]),
  );

test('the usual view has a shorter period, and the hours that are rolled up', () => {
  expect(offers({})).toEqual({
    'Last 7 days only': { from: '-7d', to: 'now' },
    'Only hours that are rolled up': { from: '2026-10-26T00:00Z', to: '2026-11-22T10:00Z' },
  });
});

test('filters and a comparison can go', () => {
  const found = offers({ from: '-24h', filters: [MOBILE], compare: 'prev' });
  expect(Object.keys(found)).toEqual([
    'Today only',
    'Without filters',
    'Without comparison',
    'Only hours that are rolled up',
  ]);
  expect(found['Without filters']).toEqual({ filters: [] });
});

test('a period of the past keeps its end, and is rolled up already', () => {
  const found = offers({ from: '2026-01-01', to: '2026-03-31' });
  expect(Object.values(found)).toEqual([{ from: '2026-03-04', to: '2026-03-31' }]);
  expect(Object.keys(found)[0]).toMatch(/^4\s–\s31 Mar 2026 only$/u);
});

test('whoever is held to a period may take filters away, and nothing else', () => {
  expect(offers({ filters: [MOBILE], compare: 'prev' }, true)).toEqual({
    'Without filters': { filters: [] },
  });
});

test('what is as light as it can be has no offer, and all offers are addresses', () => {
  expect(offers({ from: '-30m' })).toEqual({});
  for (const from of ['-365d', '-91d', '-28d', '-7d', 'month-1', '2025-12-24'])
    for (const { from: begin = '-1d', to = 'now' } of Object.values(offers({ from })))
      expect([isMoment(begin), isMoment(to)]).toEqual([true, true]);
});
