import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelRows } from './label-rows.ts';

const SIZE = { labelPx: 34, widthPx: 300, rows: 3 };

test('labels that would touch stand in rows, also when one of them stands on the left of its line', () => {
  expect(labelRows([150, 190, 230, 250, 275], SIZE)).toEqual([
    { side: 'start', row: 0 },
    { side: 'start', row: 0 },
    { side: 'start', row: 0 },
    { side: 'start', row: 1 },
    { side: 'end', row: 2 },
  ]);
});

test('no two labels of a row touch as long as there are as many rows as labels', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 40, max: 300 }), { maxLength: 5 }), (found) => {
      const places = found.toSorted((a, b) => a - b);
      const labels = labelRows(places, { ...SIZE, rows: 5 }).map(({ side, row }, index) => {
        const x = places[index] ?? 0;
        return { row, from: side === 'start' ? x : x - 34, to: side === 'start' ? x + 34 : x };
      });
      for (const [index, one] of labels.entries())
        for (const other of labels.slice(index + 1))
          expect(one.row !== other.row || one.to <= other.from || other.to <= one.from).toBe(true);
    }),
  );
});
