import fc from 'fast-check';
import { expect } from 'vitest';
import { ROLLUP_DIMENSIONS } from '#warehouse';
import type { Series } from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { atRank, byDimension, percentile, shares, valuesOf } from '../slow.ts';
import { type Check, chosen, forAny } from './check.ts';
import { expectNear, vital } from './figures.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000] as const;
const WIDTH = { minute: MINUTE, hour: HOUR, day: DAY, week: 7 * DAY } as const;
/** The longest period in which a step is asked for, so that the points are not too many. */
const LONGEST = {
  auto: 365 * DAY,
  minute: 6 * HOUR,
  hour: 3 * DAY,
  day: 365 * DAY,
  week: 365 * DAY,
} as const;

/** It has every step of a series, with the figures of that step. */
export const series: Check = ({ ask, views, selections }) =>
  forAny(
    [
      selections,
      vital,
      fc.constantFrom('auto' as const, 'minute' as const, 'day' as const, 'week' as const, 'hour' as const),
      fc.option(fc.constantFrom(...ROLLUP_DIMENSIONS)),
    ],
    async (any, id, step, splitBy) => {
      const by = {
        ...any,
        from: new Date(Math.max(Date.parse(any.from), Date.parse(any.to) - LONGEST[step])).toISOString(),
      };
      const answer = await ask<Series>(
        'series',
        queryOf(by, { vital: id, step, ...(splitBy !== null && { split: splitBy }) }),
      );
      const all = chosen(views, by);
      const groups = splitBy === null ? new Map([['', all]]) : byDimension(all, splitBy);
      expect(answer.lines).toHaveLength(Math.min(8, groups.size));
      if (step !== 'auto') expect(answer.step).toBe(step);
      // The commonest values come first.
      expect(answer.lines.map(({ name }) => groups.get(name ?? '')?.length)).toEqual(
        [...groups.values()]
          .map((group) => group.length)
          .toSorted((a, b) => b - a)
          .slice(0, 8),
      );
      const width = WIDTH[answer.step];
      for (const { name, points } of answer.lines) {
        expect(name === null).toBe(splitBy === null);
        const ofLine = groups.get(name ?? '') ?? [];
        expect(points[0] !== undefined && Date.parse(points[0].at) <= Date.parse(by.from)).toBe(true);
        expect(Date.parse(points[0]?.at ?? '') + width > Date.parse(by.from)).toBe(true);
        expect(Date.parse(points.at(-1)?.at ?? '') + width >= Date.parse(by.to)).toBe(true);
        expect(Date.parse(points.at(-1)?.at ?? '') < Date.parse(by.to)).toBe(true);
        for (const [index, point] of points.entries()) {
          const begin = Date.parse(point.at);
          expect(begin - Date.parse(points[0]?.at ?? '')).toBe(index * width);
          const own = ofLine.filter(({ startedAt }) => startedAt >= begin && startedAt < begin + width);
          const sorted = valuesOf(own, id);
          expect([point.views, point.samples]).toEqual([own.length, sorted.length]);
          expectNear(id, point.value, percentile(sorted, by.percentile));
          expect([point.good, point.poor].map((share) => share ?? -1)).toEqual(
            [shares(sorted, id)?.good ?? -1, shares(sorted, id)?.poor ?? -1].map(
              (share) => expect.closeTo(share, 12) as number,
            ),
          );
          if (sorted.length < 20) expect([point.low, point.high]).toEqual([null, null]);
          else {
            const rank = (sorted.length * by.percentile) / 100;
            const half = 1.959_964 * Math.sqrt(rank * (1 - by.percentile / 100));
            expectNear(id, point.low, atRank(sorted, Math.floor(rank - half)), 2);
            expectNear(id, point.high, atRank(sorted, Math.ceil(rank + half)), 2);
          }
        }
        expect(points.reduce((sum, point) => sum + point.views, 0)).toBe(ofLine.length);
      }
    },
  );
