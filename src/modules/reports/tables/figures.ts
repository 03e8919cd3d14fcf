import type {
  Breakdown,
  CausesAnswer,
  CompareAnswer,
  DistributionAnswer,
  LikelyCause,
  Summary,
  VitalChange,
} from '../contract.ts';
import { FIGURE_COLUMNS, figureCells, VITAL_COLUMNS, vitalCells } from '../export-rows.ts';
import { furtherTable, type TableRow } from '../report.ts';

const CHANGE_COLUMNS = {
  vital: 'text',
  total: 'number',
  mix: 'number',
  performance: 'number',
  by: 'text',
} as const;

/** A change that cannot be said has no line. */
const changeRows = (changes: readonly (VitalChange | null)[]): readonly TableRow<typeof CHANGE_COLUMNS>[] =>
  changes
    .filter((change) => change !== null)
    .map(({ vital, total, mix, performance, by }) => ({ vital, total, mix, performance, by }));

/** What a summary says besides its figures; both are empty without `compare`. */
export const SUMMARY_TABLES = {
  before: furtherTable({ vital: 'text', ...FIGURE_COLUMNS, views: 'whole' }, ({ before }: Summary) =>
    (before?.vitals ?? []).map((each) => ({
      vital: each.vital,
      ...figureCells(each),
      views: before?.views ?? null,
    })),
  ),
  changes: furtherTable(CHANGE_COLUMNS, ({ changes }: Summary) => changeRows(changes ?? [])),
};

/** What a breakdown says of all rows together. */
export const BREAKDOWN_TABLES = {
  total: furtherTable(
    {
      dimension: 'text',
      total_rows: 'whole',
      views: 'whole',
      share: 'number',
      impact: 'number',
      ...VITAL_COLUMNS,
    },
    ({ dimension, totalRows, total: { views, share, impact, vitals } }: Breakdown) => [
      { dimension, total_rows: totalRows, views, share, impact, ...vitalCells(vitals) },
    ],
  ),
};

/** What a distribution says besides its buckets. */
export const DISTRIBUTION_TABLES = {
  percentiles: furtherTable(
    { vital: 'text', percentile: 'whole', value: 'number' },
    ({ vital, percentiles }: DistributionAnswer) =>
      percentiles.map(({ p, value }) => ({ vital, percentile: p, value })),
  ),
  figures: furtherTable({ vital: 'text', ...FIGURE_COLUMNS }, ({ figures }: DistributionAnswer) => [
    { vital: figures.vital, ...figureCells(figures) },
  ]),
};

/** Columns of likely causes. */
export const CAUSE_COLUMNS = {
  dimension: 'text',
  distance: 'number',
  value: 'text',
  share_a: 'number',
  share_b: 'number',
} as const;

/** Likely causes as lines. */
export const causeRows = (causes: readonly LikelyCause[]): readonly TableRow<typeof CAUSE_COLUMNS>[] =>
  causes.map(({ dimension, distance, value, shareA, shareB }) => ({
    dimension,
    distance,
    value,
    share_a: shareA,
    share_b: shareB,
  }));

/** What was compared to find likely causes. */
export const CAUSES_TABLES = {
  sides: furtherTable(
    { side: 'text', from: 'moment', to: 'moment', views: 'whole' },
    ({ a, b }: CausesAnswer) =>
      Object.entries({ a, b }).map(([side, { selection, views }]) => ({
        side,
        from: selection.from,
        to: selection.to,
        views,
      })),
  ),
};

/** What a comparison says besides the figures of both sides. */
export const COMPARE_TABLES = {
  changes: furtherTable(CHANGE_COLUMNS, ({ changes }: CompareAnswer) => changeRows(changes)),
  distributions: furtherTable(
    { vital: 'text', from: 'number', to: 'number', a: 'whole', b: 'whole' },
    ({ distributions }: CompareAnswer) =>
      distributions.flatMap(({ vital, bins }) => bins.map((bin) => ({ vital, ...bin }))),
  ),
  causes: furtherTable(CAUSE_COLUMNS, ({ likelyCauses }: CompareAnswer) => causeRows(likelyCauses)),
};
