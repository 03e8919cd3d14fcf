import { expect, it } from 'vitest';
import { readSides, sidesQuery, sideWords } from './sides.ts';

const period = { from: Date.parse('2026-11-15T00:00:00Z'), to: Date.parse('2026-11-22T00:00:00Z') };
const selection = [
  ['site', 'a.example'],
  ['from', '2026-11-15T00:00:00.000Z'],
  ['filter', 'device:is:mobile'],
] as const;

it('compares with the period before unless told otherwise', () => {
  expect(readSides({})).toEqual({ by: 'period', a: null, b: 'prev' });
  expect(readSides({ by: 'nonsense', b: 'x' })).toEqual({ by: 'period', a: null, b: 'prev' });
});

it('asks for the same length of time before', () => {
  expect(sidesQuery(readSides({}), selection, period).slice(-2)).toEqual([
    ['b.from', '2026-11-08T00:00:00.000Z'],
    ['b.to', '2026-11-15T00:00:00.000Z'],
  ]);
});

it('asks for a year ago by whole weeks, so that days of the week meet', () => {
  const query = new Map(sidesQuery({ by: 'period', a: null, b: 'year' }, selection, period));
  expect(query.get('b.from')).toBe('2025-11-16T00:00:00.000Z');
});

it('keeps the filters of the selection on both sides', () => {
  const query = sidesQuery({ by: 'release', a: 'v2', b: 'v|1' }, selection, period);
  expect(query.filter(([name]) => name.endsWith('filter'))).toEqual([
    ['filter', 'device:is:mobile'],
    ['filter', 'release:is:v2'],
    ['b.filter', 'device:is:mobile'],
    ['b.filter', 'release:is:v%7C1'],
  ]);
});

it('names the sides', () => {
  expect(sideWords({ by: 'period', a: null, b: 'prev' }, period)).toEqual([
    '15 Nov 2026 – 21 Nov 2026',
    '8 Nov 2026 – 14 Nov 2026',
  ]);
  expect(sideWords({ by: 'country', a: 'BG', b: null }, period)).toEqual(['Country Bulgaria', '…']);
});
