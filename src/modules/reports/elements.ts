import { percentileOf, sharesOf } from '#vitals';
import { countBuckets } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { ElementsAnswer } from './contract.ts';
import { oneOf, wholeNumber } from './parameters.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';
import { byValue, topValues } from './top-values.ts';

/** `GET /reports/elements` */
export const elementsReport = report({
  path: '/reports/elements',
  permission: 'reports.get',
  description:
    'The elements that were the largest paint, the slowest interaction or the largest shift of page views',
  parameters: {
    ...SELECTION_PARAMETERS,
    vital: oneOf(['lcp', 'inp', 'cls']).default('lcp'),
    limit: wholeNumber(1, 200).default(20),
  },
  answer: async (asked): Promise<ElementsAnswer> => {
    const { vital, limit } = asked.parameters;
    const selection = await select(asked);
    const period = periodOf(selection);
    const selected = conditionOf(selection);
    const where = { ...selected, sql: `${selected.sql} AND ${vital} > 0` };
    const dimension = `${vital}_selector` as const;
    const known = { ...where, sql: `${where.sql} AND ${dimension} != ''` };
    // Selectors come from visitors: buckets are counted of those that are shown, however many there are.
    const selectors = await topValues(asked.views, period, known, dimension, limit);
    const counts = await countBuckets(asked.views, {
      period,
      where,
      columns: [vital],
      grouping: byValue(dimension, selectors),
    });
    // The total is of all page views with a value, whether their element is known or not.
    const all = counts.views(...counts.groups);
    return {
      selection,
      vital,
      rows: selectors.map((selector, index) => {
        const views = counts.views(index + 1);
        const distribution = counts.distribution(vital, index + 1);
        return {
          selector,
          views,
          share: views / all,
          value: percentileOf(vital, distribution, selection.percentile),
          shares: sharesOf(vital, distribution),
        };
      }),
      source: asked.views.source(counts.hasGenerated),
    };
  },
  columns: {
    vital: 'text',
    selector: 'text',
    views: 'whole',
    share: 'number',
    value: 'number',
    good: 'number',
    needs_improvement: 'number',
    poor: 'number',
  },
  rows: ({ vital, rows }) =>
    rows.map(({ selector, views, share, value, shares }) => ({
      vital,
      selector,
      views,
      share,
      value,
      good: shares?.good ?? null,
      needs_improvement: shares?.needsImprovement ?? null,
      poor: shares?.poor ?? null,
    })),
});
