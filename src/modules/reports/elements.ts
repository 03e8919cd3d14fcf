import { type Distribution, percentileOf, sharesOf } from '#vitals';
import { conditionOf } from './condition.ts';
import type { ElementsAnswer } from './contract.ts';
import { oneOf, wholeNumber } from './parameters.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';

type Row = readonly [
  selector: string,
  views: number,
  distribution: Distribution,
  all: number,
  generated: number,
];

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
    const where = conditionOf(selection);
    // The total is of all page views with a value, whether their element is known or not.
    const rows = await asked.views.read<Row>(
      [periodOf(selection)],
      (
        from,
      ) => `SELECT selector, sum(n) AS views, arraySort(groupArray((bucket, n))), any(all), max(generated) FROM (
          SELECT ${vital}_selector AS selector, ${vital} AS bucket, count() AS n, max(is_generated) AS generated,
            sum(n) OVER () AS all
          FROM ${from} WHERE ${where.sql} AND ${vital} > 0 GROUP BY selector, bucket
        ) WHERE selector != '' GROUP BY selector ORDER BY views DESC, selector LIMIT {limit:UInt32}`,
      { ...where.parameters, limit },
    );
    return {
      selection,
      vital,
      rows: rows.map(([selector, views, distribution, all]) => ({
        selector,
        views,
        share: views / all,
        value: percentileOf(vital, distribution, selection.percentile),
        shares: sharesOf(vital, distribution),
      })),
      source: asked.views.source(rows.some((row) => row[4] > 0)),
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
