import { expect, test } from 'vitest';
import { spreadLines } from './spread-line.ts';

const BINS = [
  { from: 0, to: 100 },
  { from: 100, to: 300 },
  { from: 300, to: 700 },
];

test('a value lies in its row, as far up as it lies in the range', () => {
  expect(spreadLines(BINS, [50, 100, 200, 500])).toEqual([
    [
      { column: 0.5, row: 0.5 },
      { column: 1.5, row: 1 },
      { column: 2.5, row: 1.5 },
      { column: 3.5, row: 2.5 },
    ],
  ]);
});

test('a column without a value ends the line, and the next begins another', () => {
  expect(spreadLines(BINS, [null, 50, null, null, 50, 50]).map((line) => line.length)).toEqual([1, 2]);
});

test('a value beyond the rows lies at their edge', () => {
  expect(spreadLines(BINS, [-5, 9_000])).toEqual([
    [
      { column: 0.5, row: 0 },
      { column: 1.5, row: 3 },
    ],
  ]);
  expect(spreadLines([], [5])).toEqual([]);
});
