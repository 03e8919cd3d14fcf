import { merge, type VitalId, VITAL_IDS, VITALS } from '#vitals';
import { type BucketCounts, countBuckets } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { Breakdown, BreakdownRow } from './contract.ts';
import { VITAL_COLUMNS, vitalCells } from './export-rows.ts';
import { figuresOf } from './figures.ts';
import {
  boundedText,
  dimensionParameter,
  oneOf,
  vitalList,
  vitalParameter,
  wholeNumber,
} from './parameters.ts';
import { rankValues } from './ranking.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';
import { byValue } from './top-values.ts';

/** `GET /reports/breakdown` */
export const breakdownReport = report({
  path: '/reports/breakdown',
  permission: 'reports.get',
  description: 'The vitals for each value of a dimension',
  parameters: {
    ...SELECTION_PARAMETERS,
    dimension: dimensionParameter,
    vital: vitalParameter,
    vitals: vitalList,
    order: oneOf(['views', 'impact', 'value', 'name']).default('views'),
    direction: oneOf(['asc', 'desc']).optional(),
    limit: wholeNumber(1, 500).default(50),
    offset: wholeNumber(0, 1_000_000).default(0),
    search: boundedText(200).optional(),
  },
  answer: async (asked): Promise<Breakdown> => {
    const { views, parameters } = asked;
    const { dimension, order, vital } = parameters;
    const selection = await select(asked);
    const { percentile } = selection;
    const period = periodOf(selection);
    const where = conditionOf(selection);
    const direction = parameters.direction ?? (order === 'name' ? 'asc' : 'desc');
    const ranked = await rankValues(views, { ...parameters, period, where, percentile, vital, direction });
    const vitals = [...new Set([...(parameters.vitals ?? CORE), vital])];
    const counts = await countBuckets(views, {
      period,
      where,
      columns: vitals,
      grouping: byValue(dimension, ranked.values),
    });
    const describe = (value: string, groups: readonly number[], allViews: number | null): BreakdownRow =>
      rowOf(counts, groups, { value, vitals, vital, percentile, allViews });
    const total = describe('', counts.groups, null);
    return {
      selection,
      dimension,
      rows: ranked.values.map((value, index) => describe(value, [index + 1], total.views)),
      totalRows: ranked.totalRows,
      total,
      source: views.source(counts.hasGenerated),
    };
  },
  columns: {
    dimension: 'text',
    value: 'text',
    views: 'whole',
    share: 'number',
    impact: 'number',
    ...VITAL_COLUMNS,
  },
  rows: ({ dimension, rows }) =>
    rows.map(({ value, views, share, impact, vitals }) => ({
      dimension,
      value,
      views,
      share,
      impact,
      ...vitalCells(vitals),
    })),
});

const CORE = VITAL_IDS.filter((id) => VITALS[id].isCore);

interface RowFacts {
  readonly value: string;
  readonly vitals: readonly VitalId[];
  /** Whose impact. */
  readonly vital: VitalId;
  readonly percentile: number;
  /** Page views of all rows; null: these are all. */
  readonly allViews: number | null;
}

const rowOf = (counts: BucketCounts, groups: readonly number[], facts: RowFacts): BreakdownRow => {
  const views = counts.views(...groups);
  const figures = facts.vitals.map((vital) =>
    figuresOf(
      vital,
      merge(...groups.map((group) => counts.distribution(vital, group))),
      views,
      facts.percentile,
    ),
  );
  const shares = figures.find(({ vital }) => vital === facts.vital)?.shares ?? null;
  const all = facts.allViews ?? views;
  return {
    value: facts.value,
    views,
    share: all === 0 ? 0 : views / all,
    impact: shares === null ? 0 : views * (1 - shares.good),
    vitals: figures,
  };
};
