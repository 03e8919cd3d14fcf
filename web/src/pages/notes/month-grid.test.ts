import { expect, test } from 'vitest';
import type { Annotation } from '../../api/annotations.ts';
import { dayByKey, daysOfMonth, monthAfter, notesOn, weeksOf } from './month-grid.ts';

test.each([
  ['2026-11', '2026-10-26', '2026-12-06', 6],
  ['2027-02', '2027-02-01', '2027-02-28', 4],
  ['2028-02', '2028-01-31', '2028-03-05', 5],
  ['2026-12', '2026-11-30', '2027-01-03', 5],
])('the weeks of %s begin on Monday %s and end on Sunday %s', (month, first, last, count) => {
  const weeks = weeksOf(month);
  expect([weeks[0]?.[0], weeks.at(-1)?.at(-1), weeks.length]).toEqual([first, last, count]);
  const days = weeks.flat();
  expect(new Set(days).size).toBe(count * 7);
  for (const day of [daysOfMonth(month).from, daysOfMonth(month).to]) expect(days).toContain(day);
});

test('keys go by days, weeks and months, over their ends', () => {
  const from = (day: string) => (key: string) => dayByKey(key, day);
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown', 'a'];
  expect(keys.map(from('2026-12-31'))).toEqual([
    '2026-12-30',
    '2027-01-01',
    '2026-12-24',
    '2027-01-07',
    '2026-12-28',
    '2027-01-03',
    '2026-11-30',
    '2027-01-31',
    null,
  ]);
  expect([monthAfter('2028-01-31', 1), monthAfter('2026-03-31', -1)]).toEqual(['2028-02-29', '2026-02-28']);
});

test('a note stands on all days that it touches', () => {
  const note = (at: string, to: string | null): Annotation =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else of a note is looked at
    ({ id: at, at, to }) as Annotation;
  const notes = [
    note('2026-11-03T23:59:00.000Z', '2026-11-05T00:00:00.000Z'),
    note('2026-11-04T08:00:00.000Z', null),
  ];
  const found = ['02', '03', '04', '05', '06'].map((day) => notesOn(notes, `2026-11-${day}`).length);
  expect(found).toEqual([0, 1, 2, 1, 0]);
  expect(notesOn(notes, '2026-11-04')[0]?.at).toBe('2026-11-03T23:59:00.000Z');
});
