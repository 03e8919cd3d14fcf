import { binsOf, merge, type VitalId, VITAL_IDS, VITALS } from '#vitals';
import type { Dimension } from '#warehouse';
import { countInBins, shownRange } from '../binning.ts';
import { countBuckets } from '../bucket-counts.ts';
import { conditionOf } from '../condition.ts';
import type { CompareAnswer, ComparedSelection, Selection } from '../contract.ts';
import type { BucketCounts } from '../counted-table.ts';
import { FIGURE_COLUMNS, figureCells } from '../export-rows.ts';
import { figuresOf } from '../figures.ts';
import { dimensionParameter, oneOf } from '../parameters.ts';
import { report } from '../report.ts';
import { periodOf, SELECTION_PARAMETERS } from '../selection.ts';
import { COMPARE_TABLES } from '../tables/figures.ts';
import type { TenantViews } from '../tenant-views.ts';
import { byValue, groupValues } from '../top-values.ts';
import { changeOf, type VitalGroups } from '../vital-changes.ts';
import { likelyCauses } from './likely-causes.ts';
import { OTHER_SIDE_PARAMETERS, selectSides } from './sides.ts';

/** `GET /reports/compare` */
export const compareReport = report({
  path: '/reports/compare',
  permission: 'reports.get',
  description:
    'Two selections side by side: how much of the difference is other visitors, and how much is performance. Without b. the other one is the period before',
  parameters: {
    ...SELECTION_PARAMETERS,
    ...OTHER_SIDE_PARAMETERS,
    by: dimensionParameter.default('device'),
    causes: oneOf(['with', 'without']).default('with'),
  },
  answer: async (asked): Promise<CompareAnswer> => {
    const { views, parameters } = asked;
    const { by } = parameters;
    const [a, b] = await selectSides(asked);
    const groups = await groupsOf(views, by, [a, b]);
    const [countsA, countsB] = await Promise.all(
      [a, b].map((side) => countSide(views, side, by, groups)) as [
        Promise<BucketCounts>,
        Promise<BucketCounts>,
      ],
    );
    const [sideA, sideB] = [sideOf(a, countsA), sideOf(b, countsB)];
    return {
      a: sideA,
      b: sideB,
      changes: VITAL_IDS.map((vital) =>
        changeOf(vital, vitalGroups(countsA, vital), vitalGroups(countsB, vital), by),
      ),
      distributions: VITAL_IDS.filter((id) => VITALS[id].isCore).map((vital) =>
        overlaid(vital, countsA, countsB),
      ),
      likelyCauses: parameters.causes === 'with' ? await likelyCauses(views, sideA, sideB) : [],
      source: views.source(countsA.hasGenerated || countsB.hasGenerated),
    };
  },
  columns: { side: 'text', from: 'moment', to: 'moment', views: 'whole', vital: 'text', ...FIGURE_COLUMNS },
  rows: ({ a, b }) =>
    Object.entries({ a, b }).flatMap(
      ([
        side,
        {
          selection: { from, to },
          views,
          vitals,
        },
      ]) => vitals.map((each) => ({ side, from, to, views, vital: each.vital, ...figureCells(each) })),
    ),
  tables: COMPARE_TABLES,
});

/** So many values of the dimension are groups; all others are one more. */
const MOST_GROUPS = 50;

const groupsOf = async (
  views: TenantViews,
  by: Dimension,
  sides: readonly Selection[],
): Promise<readonly string[]> => {
  const values = await Promise.all(
    sides.map((side) => groupValues(views, periodOf(side), conditionOf(side), by, MOST_GROUPS)),
  );
  return [...new Set(values.flat())];
};

const countSide = (
  views: TenantViews,
  side: Selection,
  by: Dimension,
  groups: readonly string[],
): Promise<BucketCounts> =>
  countBuckets(views, {
    period: periodOf(side),
    where: conditionOf(side),
    columns: VITAL_IDS,
    grouping: byValue(by, groups),
  });

const sideOf = (selection: Selection, counts: BucketCounts): ComparedSelection => {
  const views = counts.views(...counts.groups);
  return {
    selection,
    views,
    vitals: VITAL_IDS.map((vital) => figuresOf(vital, whole(counts, vital), views, selection.percentile)),
  };
};

const whole = (counts: BucketCounts, vital: VitalId) =>
  merge(...counts.groups.map((group) => counts.distribution(vital, group)));

const vitalGroups = (counts: BucketCounts, vital: VitalId): VitalGroups =>
  new Map(counts.groups.map((group) => [group, counts.distribution(vital, group)]));

const overlaid = (
  vital: VitalId,
  countsA: BucketCounts,
  countsB: BucketCounts,
): CompareAnswer['distributions'][number] => {
  const bins = binsOf(vital);
  const a = countInBins(bins, whole(countsA, vital));
  const b = countInBins(bins, whole(countsB, vital));
  const [first, end] = shownRange(a, b);
  return {
    vital,
    bins: bins
      .slice(first, end)
      .map(({ from, to }, index) => ({ from, to, a: a[first + index] ?? 0, b: b[first + index] ?? 0 })),
  };
};
