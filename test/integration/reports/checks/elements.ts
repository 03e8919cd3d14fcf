import fc from 'fast-check';
import { expect } from 'vitest';
import type {
  BfcacheReasonsAnswer,
  ElementsAnswer,
  PhasesAnswer,
} from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { percentile, shares, valuesOf } from '../slow.ts';
import { type Check, chosen, forAny } from './check.ts';
import { expectNear, expectShares } from './figures.ts';

/** It names the elements of a vital, with the share of the page views that have a value. */
export const elements: Check = ({ ask, views, selections }) =>
  forAny(
    [selections, fc.constantFrom('lcp' as const, 'inp' as const, 'cls' as const), fc.constantFrom(1, 2, 20)],
    async (by, id, limit) => {
      const query = queryOf(by, { vital: id, limit: String(limit) });
      const answer = await ask<ElementsAnswer>('elements', query);
      const measured = chosen(views, by).filter(({ vitals }) => vitals[id] !== null);
      const groups = Map.groupBy(measured, ({ dimensions }) => dimensions[`${id}_selector`]);
      groups.delete('');
      if (limit > groups.size)
        expect(new Set(answer.rows.map(({ selector }) => selector))).toEqual(new Set(groups.keys()));
      expect(answer.rows.map((row) => row.views)).toEqual(
        [...groups.values()]
          .map((group) => group.length)
          .toSorted((a, b) => b - a)
          .slice(0, limit),
      );
      for (const row of answer.rows) {
        const group = groups.get(row.selector) ?? [];
        expect(row.views).toBe(group.length);
        expect(row.share).toBeCloseTo(group.length / measured.length, 12);
        expectNear(id, row.value, percentile(valuesOf(group, id), by.percentile));
        expectShares(row.shares, shares(valuesOf(group, id), id));
      }
    },
  );

/** It takes each part of LCP at its own percentile. */
export const phases: Check = ({ ask, views, selections }) =>
  forAny([selections], async (by) => {
    const answer = await ask<PhasesAnswer>('phases', queryOf(by));
    const whole = chosen(views, by)
      .map(({ parts }) => parts.filter((part) => part !== null))
      .filter((parts) => parts.length === 4);
    expect(answer.samples).toBe(whole.length);
    expect(answer.phases.map(({ phase }) => phase)).toEqual([
      'ttfb',
      'load_delay',
      'load_duration',
      'render_delay',
    ]);
    for (const [place, { value }] of answer.phases.entries()) {
      const sorted = whole.map((parts) => parts[place] ?? 0).toSorted((a, b) => a - b);
      expectNear('lcp', value, percentile(sorted, by.percentile));
    }
  });

/** It counts every reason of a page view that was gone back to once. */
export const bfcacheReasons: Check = ({ ask, views, selections }) =>
  forAny([selections], async (by) => {
    const answer = await ask<BfcacheReasonsAnswer>('bfcache-reasons', queryOf(by));
    const told = chosen(views, by)
      .filter(({ dimensions }) => dimensions.navigation_type === 'back_forward')
      .flatMap(({ reasons }) => [
        ...new Set(
          reasons
            .split(',')
            .map((reason) => reason.trim())
            .filter((reason) => reason !== '')
            .map((reason) => (reason.startsWith('[object') ? 'not named by the browser' : reason)),
        ),
      ]);
    const counts = [...Map.groupBy(told, (reason) => reason)]
      .map(([reason, all]) => ({ reason, views: all.length }))
      .toSorted((a, b) => b.views - a.views || (a.reason < b.reason ? -1 : 1));
    expect(answer.rows).toEqual(counts);
  });
