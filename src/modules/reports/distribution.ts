import { boundsOf, percentileOf, rate, scaleOfVital } from '#vitals';
import { countBuckets } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { DistributionAnswer } from './contract.ts';
import { figuresOf } from './figures.ts';
import { vitalParameter } from './parameters.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';
import { DISTRIBUTION_TABLES } from './tables/figures.ts';

const PERCENTILES = [50, 75, 90, 95, 99] as const;

/** `GET /reports/distribution` */
export const distributionReport = report({
  path: '/reports/distribution',
  permission: 'reports.get',
  description: 'How many page views had which value of a vital',
  parameters: { ...SELECTION_PARAMETERS, vital: vitalParameter },
  answer: async (asked): Promise<DistributionAnswer> => {
    const { views } = asked;
    const { vital } = asked.parameters;
    const selection = await select(asked);
    const where = conditionOf(selection);
    const counts = await countBuckets(views, { period: periodOf(selection), where, columns: [vital] });
    const distribution = counts.distribution(vital, 0);
    const scale = scaleOfVital(vital);
    return {
      selection,
      vital,
      buckets: distribution.map(([bucket, count]) => {
        const bounds = boundsOf(scale, bucket);
        // Thresholds are edges, so any value of the bucket says it.
        return { ...bounds, count, rating: rate(vital, bounds.from) };
      }),
      percentiles: PERCENTILES.map((p) => ({ p, value: percentileOf(vital, distribution, p) })),
      figures: figuresOf(vital, distribution, counts.views(0), selection.percentile),
      source: views.source(counts.hasGenerated),
    };
  },
  columns: { vital: 'text', from: 'number', to: 'number', count: 'whole', rating: 'text' },
  rows: ({ vital, buckets }) => buckets.map((bucket) => ({ vital, ...bucket })),
  tables: DISTRIBUTION_TABLES,
});
