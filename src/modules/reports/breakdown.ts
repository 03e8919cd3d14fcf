import { merge, type VitalId, VITAL_IDS, VITALS } from '#vitals';
import type { Dimension } from '#warehouse';
import { countBuckets, countByValue, type Counting } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { Breakdown, BreakdownRow } from './contract.ts';
import type { BucketCounts } from './counted-table.ts';
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
import { type Ranking, rankValues, rowOrder } from './ranking.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';
import { BREAKDOWN_TABLES } from './tables/figures.ts';
import type { TenantViews } from './tenant-views.ts';
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
    const vitals = [...new Set([...(parameters.vitals ?? CORE), vital])];
    const question = { ...parameters, period, where, columns: vitals, percentile, direction };
    const { counts, ...page } = FEW_VALUES.has(dimension)
      ? await countThenRank(views, question)
      : await rankThenCount(views, question);
    const facts = { vitals, vital, percentile };
    const total = rowOf(counts, counts.groups, { ...facts, value: '', allViews: null });
    return {
      selection,
      dimension,
      rows: page.shown.map(({ value, group }) =>
        rowOf(counts, [group], { ...facts, value, allViews: total.views }),
      ),
      totalRows: page.totalRows,
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
  tables: BREAKDOWN_TABLES,
});

const CORE = VITAL_IDS.filter((id) => VITALS[id].isCore);

type Question = Ranking & Pick<Counting, 'columns'>;

/** The rows of a page by the number of their group, and how many rows there are on all pages. */
interface Page {
  readonly counts: BucketCounts;
  readonly shown: readonly { readonly value: string; readonly group: number }[];
  readonly totalRows: number;
}

/**
 * Dimensions whose values are ours (or of a list that the loader knows), not a visitor's: all of them are counted at once, which is half the time of
 * ranking them first.
 */
const FEW_VALUES: ReadonlySet<Dimension> = new Set<Dimension>([
  'device',
  'engine',
  'navigation',
  'navigation_type',
  'country',
  'round_trip',
  'screen_width',
  'protocol',
  'referrer_type',
]);

const countThenRank = async (views: TenantViews, question: Question): Promise<Page> => {
  const { dimension, search = '', offset, limit, vital, percentile } = question;
  const { values, counts } = await countByValue(views, question, dimension);
  const rows = values
    .map((value, index) => ({ value, group: index + 1 }))
    .filter(({ value }) => value.toLowerCase().includes(search.toLowerCase()))
    .map(({ value, group }) => ({
      group,
      ...rowOf(counts, [group], { value, vitals: [vital], vital, percentile, allViews: null }),
    }))
    .toSorted(rowOrder(question));
  return { counts, shown: rows.slice(offset, offset + limit), totalRows: rows.length };
};

const rankThenCount = async (views: TenantViews, question: Question): Promise<Page> => {
  const ranked = await rankValues(views, question);
  const counts = await countBuckets(views, {
    period: question.period,
    where: question.where,
    columns: question.columns,
    grouping: byValue(question.dimension, ranked.values),
  });
  return {
    counts,
    shown: ranked.values.map((value, index) => ({ value, group: index + 1 })),
    totalRows: ranked.totalRows,
  };
};

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
