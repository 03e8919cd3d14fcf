import { expect, it } from 'vitest';
import { rangeWords, stepWords, tickLabels, timeTicks } from './time-labels.ts';

const at = (text: string): number => Date.parse(text);
const seconds = (text: string): number => at(text) / 1_000;

it('names steps in UTC', () => {
  expect(stepWords(at('2026-11-16T00:00:00Z'), 'day')).toBe('Mon, 16 Nov 2026');
  expect(stepWords(at('2026-11-16T14:00:00Z'), 'hour')).toBe('Mon, 16 Nov 2026, 14:00–15:00 UTC');
  expect(stepWords(at('2026-11-16T00:00:00Z'), 'week')).toBe('16 Nov – 22 Nov');
});

it('names a range of whole days by its days', () => {
  expect(rangeWords(at('2026-11-16T00:00:00Z'), at('2026-11-18T00:00:00Z'))).toBe('16 Nov – 17 Nov');
});

it('puts ticks at midnights, at most as many as fit', () => {
  const ticks = timeTicks(seconds('2026-11-01T07:00:00Z'), seconds('2026-11-28T00:00:00Z'), 14);
  expect(ticks.length).toBeLessThanOrEqual(14);
  expect(ticks.every((tick) => tick % 86_400 === 0)).toBe(true);
  expect(tickLabels(ticks.slice(0, 1))).toEqual(['3 Nov']);
});

it('puts ticks of weeks on Mondays', () => {
  const ticks = timeTicks(seconds('2026-09-01T00:00:00Z'), seconds('2026-11-28T00:00:00Z'), 13);
  expect(ticks.every((tick) => new Date(tick * 1_000).getUTCDay() === 1)).toBe(true);
});

it('labels times between midnights by the clock', () => {
  expect(tickLabels([seconds('2026-11-16T00:00:00Z'), seconds('2026-11-16T06:00:00Z')])).toEqual([
    '16 Nov',
    '06:00',
  ]);
});
