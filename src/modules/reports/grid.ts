import type { Dimension } from '#warehouse';
import { countBuckets, type Grouping } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { GridAnswer } from './contract.ts';
import { FIGURE_COLUMNS, figureCells } from './export-rows.ts';
import { figuresOf } from './figures.ts';
import { dimensionParameter, vitalParameter } from './parameters.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';
import { byValue, groupValues } from './top-values.ts';

/** So many values of each dimension: with those that are none of them, pairs are still few enough to be counted as numbers of 16 bits. */
const MOST_VALUES = 6;

/** `GET /reports/grid` */
export const gridReport = report({
  path: '/reports/grid',
  permission: 'reports.get',
  description:
    'A vital for each pair of the commonest values of two dimensions, six of each; of devices mobile, tablet and desktop',
  parameters: {
    ...SELECTION_PARAMETERS,
    rows: dimensionParameter.default('device'),
    columns: dimensionParameter.default('browser'),
    vital: vitalParameter,
  },
  answer: async (asked): Promise<GridAnswer> => {
    const { views, parameters } = asked;
    const { vital } = parameters;
    const selection = await select(asked);
    const period = periodOf(selection);
    const where = conditionOf(selection);
    const [rows, columns] = await Promise.all(
      [parameters.rows, parameters.columns].map((dimension) =>
        groupValues(views, period, where, dimension, MOST_VALUES),
      ) as [Promise<readonly string[]>, Promise<readonly string[]>],
    );
    const counts = await countBuckets(views, {
      period,
      where,
      columns: [vital],
      grouping: byPair([parameters.rows, rows], [parameters.columns, columns]),
    });
    return {
      selection,
      vital,
      rows,
      columns,
      cells: rows.flatMap((_, row) =>
        columns.flatMap((__, column) => {
          const pair = pairOf(row + 1, column + 1, columns.length);
          const own = counts.views(pair);
          if (own === 0) return [];
          const figures = figuresOf(vital, counts.distribution(vital, pair), own, selection.percentile);
          return [{ row, column, views: own, figures }];
        }),
      ),
      source: views.source(counts.hasGenerated),
    };
  },
  columns: { row: 'text', column: 'text', views: 'whole', vital: 'text', ...FIGURE_COLUMNS },
  rows: ({ rows, columns, vital, cells }) =>
    cells.map(({ row, column, views, figures }) => ({
      row: rows[row] ?? null,
      column: columns[column] ?? null,
      views,
      vital,
      ...figureCells(figures),
    })),
});

type Values = readonly [dimension: Dimension, values: readonly string[]];

/** Number of a pair of places among values; 0: none of them. */
const pairOf = (row: number, column: number, columns: number): number => row * (columns + 1) + column;

const byPair = ([rowDimension, rows]: Values, [columnDimension, columns]: Values): Grouping => {
  const [byRow, byColumn] = [
    byValue(rowDimension, rows, 'rows'),
    byValue(columnDimension, columns, 'columns'),
  ];
  return {
    sql: `${byRow.sql} * ${byColumn.groups} + ${byColumn.sql}`,
    groups: byRow.groups * byColumn.groups,
    parameters: { ...byRow.parameters, ...byColumn.parameters },
  };
};
