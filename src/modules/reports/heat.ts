import { binsOf, countOf, percentileOf, type VitalId } from '#vitals';
import { countInBins, shownRange } from './binning.ts';
import { countBuckets } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { HeatAnswer } from './contract.ts';
import type { BucketCounts } from './counted-table.ts';
import { oneOf, vitalParameter } from './parameters.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';
import { beginOf, byStep, type Steps, stepsOf } from './steps.ts';

/** `GET /reports/heat` */
export const heatReport = report({
  path: '/reports/heat',
  permission: 'reports.get',
  description: 'A vital by weekday and hour, or the shares of its values over time',
  parameters: {
    ...SELECTION_PARAMETERS,
    vital: vitalParameter,
    kind: oneOf(['weekday', 'time']).default('weekday'),
  },
  answer: async (asked): Promise<HeatAnswer> => {
    const { views } = asked;
    const { vital, kind } = asked.parameters;
    const selection = await select(asked);
    const period = periodOf(selection);
    const steps = stepsOf(period, 'auto');
    const counts = await countBuckets(views, {
      period,
      where: conditionOf(selection),
      columns: [vital],
      grouping: kind === 'weekday' ? BY_HOUR_OF_WEEK : byStep(steps),
    });
    return {
      selection,
      vital,
      kind,
      ...(kind === 'weekday' ? weekMap(counts, vital, selection.percentile) : timeMap(counts, vital, steps)),
      source: views.source(counts.hasGenerated),
    };
  },
  columns: { vital: 'text', row: 'text', column: 'text', value: 'number', views: 'whole', samples: 'whole' },
  rows: ({ vital, rows, columns, cells }) =>
    cells.map(({ row, column, value, views, samples }) => ({
      vital,
      row: rows[row] ?? null,
      column: columns[column] ?? null,
      value,
      views,
      samples,
    })),
});

type HeatMap = Pick<HeatAnswer, 'rows' | 'columns' | 'cells'>;

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
const BY_HOUR_OF_WEEK = {
  // 1970 began on a Thursday; by the functions for days and hours it takes twice as long.
  sql: `intDiv((toUInt32(started_at) + ${3 * 86_400}) % ${7 * 86_400}, 3600)`,
  groups: DAYS.length * HOURS.length,
  parameters: {},
};

const weekMap = (counts: BucketCounts, vital: VitalId, percentile: number): HeatMap => ({
  rows: DAYS,
  columns: HOURS,
  cells: DAYS.flatMap((_, row) =>
    HOURS.map((__, column) => {
      const group = row * HOURS.length + column;
      const values = counts.distribution(vital, group);
      const value = percentileOf(vital, values, percentile);
      return { row, column, value, views: counts.views(group), samples: countOf(values) };
    }),
  ),
});

/** Rows are bins of values, named by their bounds, the smallest first. */
const timeMap = (counts: BucketCounts, vital: VitalId, steps: Steps): HeatMap => {
  const bins = binsOf(vital);
  const times = Array.from({ length: steps.count }, (_, index) => index);
  const columns = times.map((index) => countInBins(bins, counts.distribution(vital, index)));
  const [first, end] = shownRange(...columns);
  const samples = times.map((index) => countOf(counts.distribution(vital, index)));
  return {
    rows: bins.slice(first, end).map(({ from, to }) => `${from}–${to}`),
    columns: times.map((index) => beginOf(steps, index)),
    cells: bins.slice(first, end).flatMap((_, row) =>
      times.map((column) => {
        const views = columns[column]?.[first + row] ?? 0;
        const all = samples[column] ?? 0;
        return { row, column, value: all === 0 ? null : views / all, views, samples: all };
      }),
    ),
  };
};
