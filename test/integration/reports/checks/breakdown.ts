import fc from 'fast-check';
import { expect } from 'vitest';
import { ENOUGH_TO_RATE } from '#vitals';
import { ROLLUP_DIMENSIONS } from '#warehouse';
import type { Breakdown, BreakdownRow } from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { byDimension, shares, valuesOf } from '../slow.ts';
import { type Check, chosen, forAny } from './check.ts';
import { expectFigures, vital } from './figures.ts';

/** It is broken down by any dimension, with a total of its own; searched, ranked and paged. */
export const breakdown: Check = ({ ask, views, selections }) =>
  forAny(
    [
      selections,
      vital,
      fc.constantFrom(...ROLLUP_DIMENSIONS),
      fc.constantFrom('views' as const, 'impact' as const, 'value' as const, 'name' as const),
      fc.constantFrom('asc' as const, 'desc' as const),
      fc.constantFrom('', '', 'a', 'O', 'утро', '%'),
    ],
    async (by, id, dimension, order, direction, search) => {
      const asked = { vital: id, dimension, order, direction, ...(search !== '' && { search }) };
      const answer = await ask<Breakdown>('breakdown', queryOf(by, asked));
      const all = chosen(views, by);
      const groups = new Map(
        [...byDimension(all, dimension)].filter(([value]) =>
          value.toLowerCase().includes(search.toLowerCase()),
        ),
      );
      expect(answer.totalRows).toBe(groups.size);
      expect(new Set(answer.rows.map(({ value }) => value))).toEqual(new Set(groups.keys()));
      expect(answer.total.views).toBe(all.length);
      for (const figures of answer.total.vitals) expectFigures(figures, all, figures.vital, by.percentile);
      for (const row of answer.rows) {
        const group = groups.get(row.value) ?? [];
        expect(row.views).toBe(group.length);
        expect(row.share).toBeCloseTo(group.length / all.length, 12);
        const good = shares(valuesOf(group, id), id)?.good ?? 1;
        expect(row.impact).toBeCloseTo(group.length * (1 - good), 6);
        for (const figures of row.vitals) expectFigures(figures, group, figures.vital, by.percentile);
      }
      const ranks = answer.rows.map((row) => rankOf(row, id, order));
      const sorted = ranks.toSorted(
        (a, b) =>
          Number(b.isRated) - Number(a.isRated) || (direction === 'asc' ? a.rank - b.rank : b.rank - a.rank),
      );
      expect(ranks).toEqual(
        sorted.map(({ isRated, rank }) => ({ isRated, rank: expect.closeTo(rank, 6) as number })),
      );
      if (order === 'name') {
        const names = [...groups.keys()].toSorted();
        expect(answer.rows.map(({ value }) => value)).toEqual(
          direction === 'asc' ? names : names.toReversed(),
        );
      }
      const page = await ask<Breakdown>('breakdown', queryOf(by, { ...asked, limit: '2', offset: '1' }));
      expect(page.rows).toEqual(answer.rows.slice(1, 3));
      expect([page.totalRows, page.total]).toEqual([answer.totalRows, answer.total]);
    },
  );

/** By what a row is ranked; what has too few page views to be rated comes last. */
const rankOf = (row: BreakdownRow, id: string, order: string) => {
  const figures = row.vitals.find((each) => each.vital === id);
  if (order === 'value')
    return {
      isRated: (figures?.samples ?? 0) >= ENOUGH_TO_RATE,
      // Values that are too few to be rated are ordered as well, but by ranks that nobody can tell from them.
      rank: (figures?.samples ?? 0) >= ENOUGH_TO_RATE ? (figures?.value ?? 0) : 0,
    };
  return { isRated: true, rank: order === 'name' ? 0 : row[order as 'views' | 'impact'] };
};
