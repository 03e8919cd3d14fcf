import { type VitalId, VITAL_IDS } from '#vitals';
import type { Dimension } from '#warehouse';
import { conditionOf } from './condition.ts';
import type { CoverageAnswer, CoverageCounts } from './contract.ts';
import { furtherTable, report, type TableRow } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';

/** Names of browsers and versions come from visitors: so many are shown, those with the most page views. */
const MOST = 20;

/** Counts as columns. */
const COLUMNS = {
  views: 'whole',
  hidden: 'whole',
  loaded: 'whole',
  left: 'whole',
  lcp: 'whole',
  inp: 'whole',
  cls: 'whole',
  fcp: 'whole',
  ttfb: 'whole',
} as const;

const cellsOf = ({ vitals, ...counts }: CoverageCounts): TableRow<typeof COLUMNS> => ({
  ...counts,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made of all vitals
  ...(Object.fromEntries(vitals.map(({ vital, samples }) => [vital, samples])) as Record<VitalId, number>),
});

/** `GET /reports/coverage` */
export const coverageReport = report({
  path: '/reports/coverage',
  permission: 'reports.get',
  description:
    'How much of the page views is known: which vitals each browser measured, how many were hidden while they loaded, how many beacons of leaving came, and which Boomerang sent them',
  parameters: SELECTION_PARAMETERS,
  answer: async (asked): Promise<CoverageAnswer> => {
    const selection = await select(asked);
    const where = conditionOf(selection);
    const read = (by: Dimension | null) =>
      asked.views.read<Row>(
        [periodOf(selection)],
        (from) => `SELECT ${by ?? "''"} AS name, count() AS n, max(is_generated), ${COUNTS.join(', ')}
          FROM ${from} WHERE ${where.sql} GROUP BY name ORDER BY n DESC, name LIMIT {most:UInt32}`,
        { ...where.parameters, most: MOST },
      );
    const [all, browsers, versions] = await Promise.all([
      read(null),
      read('browser'),
      read('boomerang_version'),
    ]);
    return {
      selection,
      total: countsOf(all[0] ?? NOTHING),
      browsers: browsers.map((row) => ({ browser: row[0], ...countsOf(row) })),
      versions: versions.map((row) => ({ version: row[0], ...countsOf(row) })),
      source: asked.views.source(all.some(([, , generated]) => generated > 0)),
    };
  },
  columns: { browser: 'text', ...COLUMNS },
  rows: ({ browsers }) => browsers.map(({ browser, ...counts }) => ({ browser, ...cellsOf(counts) })),
  tables: {
    versions: furtherTable({ version: 'text', ...COLUMNS }, ({ versions }: CoverageAnswer) =>
      versions.map(({ version, ...counts }) => ({ version, ...cellsOf(counts) })),
    ),
    total: furtherTable(COLUMNS, ({ total }: CoverageAnswer) => [cellsOf(total)]),
  },
});

type Row = readonly [
  name: string,
  views: number,
  generated: number,
  hidden: number,
  loaded: number,
  left: number,
  ...vitals: readonly number[],
];

const NOTHING: Row = ['', 0, 0, 0, 0, 0, ...VITAL_IDS.map(() => 0)];

/** In the order of `Row`. A beacon of leaving tells something of a page that had loaded; one left before is told by its only beacon. */
const COUNTS: readonly string[] = [
  'countIf(was_hidden = 1)',
  'countIf(is_loaded = 1)',
  'countIf(is_loaded = 1 AND has_quit = 1)',
  ...VITAL_IDS.map((vital) => `countIf(${vital} > 0)`),
];

const countsOf = ([, views, , hidden, loaded, left, ...samples]: Row): CoverageCounts => ({
  views,
  hidden,
  loaded,
  left,
  vitals: VITAL_IDS.map((vital, index) => ({ vital, samples: samples[index] ?? 0 })),
});
