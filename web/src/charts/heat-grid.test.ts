import { expect, it } from 'vitest';
import { heatGrid } from './heat-grid.ts';

const size = { rows: 2, columns: 2 };

it('fills cells that the answer leaves out', () => {
  const grid = heatGrid('weekday', 'lcp', size, [
    { row: 1, column: 0, value: 1_000, views: 400, samples: 400 },
  ]);
  expect(grid.map((row) => row.map(({ kind }) => kind))).toEqual([
    ['none', 'none'],
    ['rated', 'none'],
  ]);
});

it('does not rate a cell with too few page views', () => {
  const [[cell]] = heatGrid('weekday', 'lcp', size, [
    { row: 0, column: 0, value: 9_000, views: 43, samples: 43 },
  ]) as [[unknown]];
  expect(cell).toEqual({ kind: 'few', value: 9_000, samples: 43 });
});

it('does not rate a cell with many page views of which too few have a value', () => {
  const [[cell]] = heatGrid('weekday', 'inp', size, [
    { row: 0, column: 0, value: 900, views: 400, samples: 99 },
  ]) as [[unknown]];
  expect(cell).toEqual({ kind: 'few', value: 900, samples: 99 });
});

it('rates by the value', () => {
  const grid = heatGrid('weekday', 'inp', size, [
    { row: 0, column: 0, value: 200, views: 400, samples: 400 },
    { row: 0, column: 1, value: 501, views: 100, samples: 100 },
  ]);
  expect(grid[0]).toMatchObject([
    { rating: 'good', strength: 1 },
    { rating: 'poor', strength: 0.5 },
  ]);
});

it('paints shares of columns relative to the largest', () => {
  const grid = heatGrid('time', 'lcp', size, [
    { row: 0, column: 0, value: 0.4, views: 4, samples: 4 },
    { row: 0, column: 1, value: 0.1, views: 1, samples: 1 },
    { row: 1, column: 1, value: 0, views: 0, samples: 0 },
  ]);
  expect(grid[0]).toMatchObject([
    { kind: 'share', strength: 1 },
    { kind: 'share', strength: 0.5 },
  ]);
  expect(grid[1]?.[1]).toEqual({ kind: 'none' });
});
