import type { Dimension } from '#warehouse';
import { countOf, type Distribution, intervalOf, percentileOf, sharesOf, type VitalId } from '#vitals';
import { countBuckets, type Grouping } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { Series, SeriesPoint } from './contract.ts';
import type { BucketCounts } from './counted-table.ts';
import { dimensionParameter, oneOf, vitalParameter } from './parameters.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';
import { beginOf, byStep, type Steps, stepsOf } from './steps.ts';
import { byValue, CLOSED_VALUES, topValues } from './top-values.ts';

const MAX_LINES = 8;

/** `GET /reports/series` */
export const seriesReport = report({
  path: '/reports/series',
  permission: 'reports.get',
  description:
    'A vital over time, for all selected page views or for each of the commonest values of a dimension',
  parameters: {
    ...SELECTION_PARAMETERS,
    vital: vitalParameter,
    step: oneOf(['auto', 'minute', 'hour', 'day', 'week']).default('auto'),
    split: dimensionParameter.optional(),
  },
  answer: async (asked): Promise<Series> => {
    const { views } = asked;
    const { vital, split, step } = asked.parameters;
    const selection = await select(asked);
    const period = periodOf(selection);
    const where = conditionOf(selection);
    const steps = stepsOf(period, step, split === undefined ? undefined : MAX_SPLIT_POINTS);
    const closed = split === undefined ? undefined : CLOSED_VALUES[split];
    const names =
      split === undefined ? [null] : (closed ?? (await topValues(views, period, where, split, MAX_LINES)));
    const counts = await countBuckets(views, {
      period,
      where,
      columns: [vital],
      grouping: split === undefined ? byStep(steps) : byValueAndStep(split, names, steps),
    });
    const lines = names.map((name, index) => ({
      name,
      points: pointsOf(counts, vital, selection.percentile, steps, split === undefined ? 0 : index + 1),
    }));
    return {
      selection,
      vital,
      step: steps.step,
      lines: closed === undefined ? lines : byViews(lines),
      source: views.source(counts.hasGenerated),
    };
  },
  columns: {
    vital: 'text',
    line: 'text',
    at: 'moment',
    views: 'whole',
    samples: 'whole',
    value: 'number',
    low: 'number',
    high: 'number',
    good: 'number',
    poor: 'number',
  },
  rows: ({ vital, lines }) =>
    lines.flatMap(({ name, points }) => points.map((point) => ({ vital, line: name, ...point }))),
});

const MAX_SPLIT_POINTS = 400;

/** Values that are known without asking, as `topValues` gives them: those with page views, most first. Asking for them would read all page views once more. */
const byViews = (lines: Series['lines']): Series['lines'] =>
  lines
    .map((line) => ({ line, views: line.points.reduce((sum, { views }) => sum + views, 0) }))
    .filter(({ views }) => views > 0)
    .toSorted((a, b) => b.views - a.views || ((a.line.name ?? '') < (b.line.name ?? '') ? -1 : 1))
    .map(({ line }) => line);

const byValueAndStep = (split: Dimension, names: readonly (string | null)[], steps: Steps): Grouping => {
  const time = byStep(steps);
  const value = byValue(
    split,
    names.filter((name) => name !== null),
  );
  return {
    sql: `${value.sql} * ${steps.count} + ${time.sql}`,
    groups: value.groups * steps.count,
    parameters: { ...time.parameters, ...value.parameters },
  };
};

/** Every step is there, also one without page views. */
const pointsOf = (
  counts: BucketCounts,
  vital: VitalId,
  percentile: number,
  steps: Steps,
  line: number,
): readonly SeriesPoint[] =>
  Array.from({ length: steps.count }, (_, index) => {
    const group = line * steps.count + index;
    return {
      at: beginOf(steps, index),
      views: counts.views(group),
      ...pointFigures(vital, counts.distribution(vital, group), percentile),
    };
  });

const pointFigures = (vital: VitalId, distribution: Distribution, percentile: number) => {
  const interval = intervalOf(vital, distribution, percentile);
  const shares = sharesOf(vital, distribution);
  return {
    samples: countOf(distribution),
    value: percentileOf(vital, distribution, percentile),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    good: shares?.good ?? null,
    poor: shares?.poor ?? null,
  };
};
