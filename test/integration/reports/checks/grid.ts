import fc from 'fast-check';
import { expect } from 'vitest';
import { ROLLUP_DIMENSIONS } from '#warehouse';
import type { GridAnswer } from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { byDimension, type SlowView } from '../slow.ts';
import { type Check, chosen, forAny } from './check.ts';
import { expectFigures, vital } from './figures.ts';

/** It has a vital for each pair of the commonest values of two dimensions. */
export const grid: Check = ({ ask, views, selections }) =>
  forAny(
    [selections, vital, fc.constantFrom(...ROLLUP_DIMENSIONS), fc.constantFrom(...ROLLUP_DIMENSIONS)],
    async (by, id, rows, columns) => {
      const answer = await ask<GridAnswer>('grid', queryOf(by, { vital: id, rows, columns }));
      const all = chosen(views, by);
      expectCommonest(answer.rows, all, rows);
      expectCommonest(answer.columns, all, columns);
      const shown = new Map(answer.cells.map((cell) => [`${cell.row} ${cell.column}`, cell]));
      expect(shown.size).toBe(answer.cells.length);
      for (const [row, rowValue] of answer.rows.entries())
        for (const [column, columnValue] of answer.columns.entries()) {
          const own = all.filter(
            ({ dimensions }) => dimensions[rows] === rowValue && dimensions[columns] === columnValue,
          );
          const cell = shown.get(`${row} ${column}`);
          expect(cell?.views ?? 0).toBe(own.length);
          if (cell !== undefined) expectFigures(cell.figures, own, id, by.percentile);
        }
      expect(answer.cells.every((cell) => cell.views > 0)).toBe(true);
    },
  );

/** Six at most, those with the most page views first; of devices the three that are told apart. */
const expectCommonest = (values: readonly string[], all: readonly SlowView[], dimension: string): void => {
  if (dimension === 'device') return expect(values).toEqual(['mobile', 'tablet', 'desktop']);
  const groups = byDimension(all, dimension);
  expect(values.map((value) => groups.get(value)?.length)).toEqual(
    [...groups.values()]
      .map((group) => group.length)
      .toSorted((a, b) => b - a)
      .slice(0, 6),
  );
};
