import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OPERATORS } from '../../state/filter.ts';
import { readSideFilters, readSides, sidesQuery, sideWords, writeSideFilters } from './sides.ts';

const period = { from: Date.parse('2026-11-15T00:00:00Z'), to: Date.parse('2026-11-22T00:00:00Z') };
const selection = [
  ['site', 'a.example'],
  ['from', '2026-11-15T00:00:00.000Z'],
  ['filter', 'device:is:mobile'],
] as const;

it('compares with the period before unless told otherwise', () => {
  const usual = { by: 'period', a: null, b: 'prev', when: null };
  expect(readSides({})).toEqual(usual);
  expect(readSides({ by: 'nonsense', b: 'x' })).toEqual(usual);
});

it('asks for the same length of time before', () => {
  expect(sidesQuery(readSides({}), selection, period).slice(-2)).toEqual([
    ['b.from', '2026-11-08T00:00:00.000Z'],
    ['b.to', '2026-11-15T00:00:00.000Z'],
  ]);
});

it('asks for a year ago by whole weeks, so that days of the week meet', () => {
  const query = new Map(sidesQuery({ by: 'period', a: null, b: 'year', when: null }, selection, period));
  expect(query.get('b.from')).toBe('2025-11-16T00:00:00.000Z');
});

it('keeps the filters of the selection on both sides', () => {
  const query = sidesQuery({ by: 'release', a: 'v2', b: 'v|1', when: null }, selection, period);
  expect(query.filter(([name]) => name.endsWith('filter'))).toEqual([
    ['filter', 'device:is:mobile'],
    ['filter', 'release:is:v2'],
    ['b.filter', 'device:is:mobile'],
    ['b.filter', 'release:is:v%7C1'],
  ]);
});

it('names the sides', () => {
  expect(sideWords({ by: 'period', a: null, b: 'prev', when: null }, period)).toEqual([
    '15 Nov 2026 – 21 Nov 2026',
    '8 Nov 2026 – 14 Nov 2026',
  ]);
  expect(sideWords({ by: 'country', a: 'BG', b: null, when: null }, period)).toEqual([
    'Country Bulgaria',
    '…',
  ]);
});

it('gives each side filters of its own, on top of those of the selection', () => {
  const sides = readSides({ by: 'selection', a: 'country:is:BG;release:begins:4', b: 'release:is:v%3B1' });
  expect(sidesQuery(sides, selection, period).filter(([name]) => /filter|from/.test(name))).toEqual([
    ['from', '2026-11-15T00:00:00.000Z'],
    ['filter', 'device:is:mobile'],
    ['filter', 'country:is:BG'],
    ['filter', 'release:begins:4'],
    ['b.filter', 'device:is:mobile'],
    ['b.filter', 'release:is:v%3B1'],
  ]);
  expect(sideWords(sides, period)).toEqual(['Country is Bulgaria, Release begins with 4', 'Release is v;1']);
});

it('takes away what A has where B has no filter, and may look at another period', () => {
  const sides = readSides({ by: 'selection', a: 'country:is:BG', when: 'prev' });
  const query = sidesQuery(sides, selection.slice(0, 2), period);
  expect(query.slice(2)).toEqual([
    ['filter', 'country:is:BG'],
    ['b.filter', ''],
    ['b.from', '2026-11-08T00:00:00.000Z'],
    ['b.to', '2026-11-15T00:00:00.000Z'],
  ]);
  expect(sideWords(sides, period)[1]).toBe('Everything, 8 Nov 2026 – 14 Nov 2026');
  expect(readSides({ by: 'selection', when: 'soon' }).when).toBe(null);
});

it('keeps the filters of a side in the address, whatever their values hold', () => {
  const filter = fc.record({
    dimension: fc.constantFrom('url_path', 'release', 'country'),
    op: fc.constantFrom(...OPERATORS),
    values: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(filter, { maxLength: 5 }), (filters) => {
      expect(readSideFilters(writeSideFilters(filters))).toEqual(filters);
    }),
  );
  expect(readSideFilters('nonsense;country:is:BG;;')).toHaveLength(1);
});
