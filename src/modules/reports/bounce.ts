import { binsOf } from '#vitals';
import { countInBins, shownRange } from './binning.ts';
import { countBuckets } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { BounceAnswer } from './contract.ts';
import { vitalParameter } from './parameters.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';

/** `GET /reports/bounce` */
export const bounceReport = report({
  path: '/reports/bounce',
  permission: 'reports.get',
  description:
    'Page views that began a session, by the value of a vital, and how many of them stayed the only one',
  parameters: { ...SELECTION_PARAMETERS, vital: vitalParameter },
  answer: async (asked): Promise<BounceAnswer> => {
    const { views } = asked;
    const { vital } = asked.parameters;
    const selection = await select(asked);
    const { sql, parameters } = conditionOf(selection);
    const counts = await countBuckets(views, {
      period: periodOf(selection),
      where: { sql: `${sql} AND is_landing = 1`, parameters },
      columns: [vital],
      grouping: { sql: 'is_bounce', groups: 2, parameters: {} },
    });
    const bins = binsOf(vital);
    const [stayed, bounced] = [0, 1].map((group) => countInBins(bins, counts.distribution(vital, group))) as [
      readonly number[],
      readonly number[],
    ];
    const [first, end] = shownRange(stayed, bounced);
    return {
      selection,
      vital,
      bins: bins.slice(first, end).map(({ from, to }, index) => {
        const bounces = bounced[first + index] ?? 0;
        return { from, to, landings: (stayed[first + index] ?? 0) + bounces, bounces };
      }),
      source: views.source(counts.hasGenerated),
    };
  },
  columns: { vital: 'text', from: 'number', to: 'number', landings: 'whole', bounces: 'whole' },
  rows: ({ vital, bins }) => bins.map((bin) => ({ vital, ...bin })),
});
