import type {
  BfcacheReasonsAnswer,
  BounceAnswer,
  Breakdown,
  CausesAnswer,
  CompareAnswer,
  CoverageAnswer,
  CoverageCounts,
  DistributionAnswer,
  ElementsAnswer,
  GridAnswer,
  HeatAnswer,
  LiveAnswer,
  MatrixAnswer,
  PageViewAnswer,
  PageViewsAnswer,
  PhasesAnswer,
  Series,
  SiteNamesAnswer,
  SitesAnswer,
  Summary,
  VitalFigures,
} from '../../../../src/modules/reports/contract.ts';

type Line = Readonly<Record<string, unknown>>;

/** The figures of a vital as a line has them. */
const figures = ({ vital, value, rating, interval, shares, samples, coverage }: VitalFigures): Line => ({
  vital,
  value,
  rating,
  low: interval?.low ?? null,
  high: interval?.high ?? null,
  ...sharesLine(shares),
  samples,
  coverage,
});

const sharesLine = (shares: VitalFigures['shares']): Line => ({
  good: shares?.good ?? null,
  needs_improvement: shares?.needsImprovement ?? null,
  poor: shares?.poor ?? null,
});

/** The figures of several vitals in one line. */
const byVital = (vitals: readonly VitalFigures[]): Line =>
  Object.fromEntries(
    vitals.flatMap((each) => {
      const { vital, ...line } = figures(each);
      return Object.entries(line).map(([name, value]) => [`${vital as string}_${name}`, value]);
    }),
  );

const counts = ({ vitals, ...rest }: CoverageCounts): Line => ({
  ...rest,
  ...Object.fromEntries(vitals.map(({ vital, samples }) => [vital, samples])),
});

const snakeCased = (values: object): Line =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value as unknown,
    ]),
  );

/**
 * What the file of each answer must say, line by line and by column, by path: written down from the JSON answer, apart from the product. Cells that
 * are not named here (figures of vitals that were not asked for) are empty.
 */
export const LINES: Readonly<Record<string, (answer: never) => readonly Line[]>> = {
  '/reports/summary': ({ vitals, views, sessions, passes }: Summary) =>
    vitals.map((each) => ({ ...figures(each), views, sessions, passes })),
  '/reports/series': ({ vital, lines }: Series) =>
    lines.flatMap(({ name, points }) => points.map((point) => ({ vital, line: name, ...point }))),
  '/reports/breakdown': ({ dimension, rows }: Breakdown) =>
    rows.map(({ vitals, ...row }) => ({ dimension, ...row, ...byVital(vitals) })),
  '/reports/distribution': ({ vital, buckets }: DistributionAnswer) =>
    buckets.map((bucket) => ({ vital, ...bucket })),
  '/reports/bounce': ({ vital, bins }: BounceAnswer) => bins.map((bin) => ({ vital, ...bin })),
  '/reports/heat': ({ vital, rows, columns, cells }: HeatAnswer) =>
    cells.map((cell) => ({ vital, ...cell, row: rows[cell.row], column: columns[cell.column] })),
  '/reports/grid': ({ rows, columns, cells }: GridAnswer) =>
    cells.map(({ row, column, views, figures: each }) => ({
      row: rows[row],
      column: columns[column],
      views,
      ...figures(each),
    })),
  '/reports/causes': ({ likelyCauses }: CausesAnswer) =>
    likelyCauses.map(({ shareA, shareB, ...cause }) => ({ ...cause, share_a: shareA, share_b: shareB })),
  '/reports/compare': ({ a, b }: CompareAnswer) =>
    [['a', a] as const, ['b', b] as const].flatMap(([side, { selection, views, vitals }]) =>
      vitals.map((each) => ({ side, from: selection.from, to: selection.to, views, ...figures(each) })),
    ),
  '/reports/elements': ({ vital, rows }: ElementsAnswer) =>
    rows.map(({ shares, ...row }) => ({ vital, ...row, ...sharesLine(shares) })),
  '/reports/phases': ({ phases, samples }: PhasesAnswer) => phases.map((phase) => ({ ...phase, samples })),
  '/reports/page-views': ({ views }: PageViewsAnswer) =>
    views.map(({ startedAt, vitals, ...view }) => ({ ...view, started_at: startedAt, ...vitals })),
  '/reports/page-views/{id}': ({ resources }: PageViewAnswer) =>
    resources.map(({ attributes, element, ...resource }) => ({
      // What servers said of it is a table of its own.
      ...snakeCased({ ...resource, serverTiming: undefined }),
      attributes: attributes.join(' '),
      ...snakeCased(element ?? {}),
    })),
  '/reports/sites': ({ sites }: SitesAnswer) =>
    sites.map(({ hostname, views, lastBeaconAt, passes, vitals }) => ({
      hostname,
      views,
      last_beacon_at: lastBeaconAt,
      passes,
      ...byVital(vitals),
    })),
  '/reports/site-names': ({ sites }: SiteNamesAnswer) => sites,
  '/reports/coverage': ({ browsers }: CoverageAnswer) =>
    browsers.map(({ browser, ...rest }) => ({ browser, ...counts(rest) })),
  '/reports/live': ({ points }: LiveAnswer) => points,
  '/reports/bfcache-reasons': ({ rows }: BfcacheReasonsAnswer) => rows,
  '/consortium/matrix': ({ rows }: MatrixAnswer) =>
    rows.map(({ vitals, ...row }) => ({ ...row, ...byVital(vitals) })),
};

/** The lines of a report. A report without them fails: nothing would say whether its files are those of its answer. */
export const linesOf = (path: string): ((answer: never) => readonly Line[]) => {
  const lines = LINES[path];
  if (lines === undefined) throw new Error(`what the file of ${path} must say is not written down`);
  return lines;
};
