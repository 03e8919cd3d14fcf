import type {
  BfcacheReasonsAnswer,
  BounceAnswer,
  Breakdown,
  CausesAnswer,
  CompareAnswer,
  CoverageAnswer,
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
} from '#reports';
import type { VitalId } from '#vitals';
import type { Query } from './client.ts';
import { parametersOf, type Request } from './request.ts';

const ask = <Answer>(
  path: string,
  selection: Query,
  own: Readonly<Record<string, string | number | undefined>> = {},
  files: Pick<Request<Answer>, 'rows' | 'tables'> = {},
): Request<Answer> => ({ path, query: [...selection, ...parametersOf(own)], ...files });

/** How a breakdown is asked. */
export interface BreakdownWish {
  readonly dimension: string;
  readonly vital?: VitalId;
  readonly order?: 'views' | 'impact' | 'value' | 'name';
  readonly direction?: 'asc' | 'desc';
  readonly limit?: number;
  readonly offset?: number;
  readonly search?: string | undefined;
  /** Names with commas between; default the core vitals. */
  readonly vitals?: string;
}

const SUMMARY_FILES = {
  rows: 'Vitals',
  tables: [
    ['before', 'The period before'],
    ['changes', 'What changed'],
  ],
} as const;
const COVERAGE_FILES = {
  rows: 'Browsers',
  tables: [
    ['versions', 'Versions of Boomerang'],
    ['total', 'All together'],
  ],
} as const;
const BREAKDOWN_FILES = { tables: [['total', 'All together']] } as const;
const DISTRIBUTION_FILES = {
  rows: 'Buckets',
  tables: [
    ['percentiles', 'Percentiles'],
    ['figures', 'Figures'],
  ],
} as const;
const COMPARE_FILES = {
  rows: 'Both sides',
  tables: [
    ['changes', 'Mix and performance'],
    ['distributions', 'Distributions'],
  ],
} as const;
const CAUSES_FILES = { rows: 'What else is different', tables: [['sides', 'Both sides']] } as const;
const PAGE_VIEW_FILES = {
  rows: 'Resources',
  tables: [
    ['view', 'Page view'],
    ['facts', 'Facts'],
    ['moments', 'Moments'],
    ['beacons', 'Beacons'],
  ],
} as const;

/** The requests to the reports; a selection comes from `selectionOf`. */
export const reports = {
  summary: (selection: Query, compare?: 'previous') =>
    ask<Summary>('/reports/summary', selection, { compare }, compare === undefined ? {} : SUMMARY_FILES),
  series: (selection: Query, vital: VitalId, step: Series['step'] | 'auto' = 'auto', split?: string) =>
    ask<Series>('/reports/series', selection, { vital, step, split }),
  breakdown: (selection: Query, wish: BreakdownWish) =>
    ask<Breakdown>('/reports/breakdown', selection, { ...wish }, BREAKDOWN_FILES),
  distribution: (selection: Query, vital: VitalId) =>
    ask<DistributionAnswer>('/reports/distribution', selection, { vital }, DISTRIBUTION_FILES),
  bounce: (selection: Query, vital: VitalId) => ask<BounceAnswer>('/reports/bounce', selection, { vital }),
  heat: (selection: Query, vital: VitalId, kind: HeatAnswer['kind']) =>
    ask<HeatAnswer>('/reports/heat', selection, { vital, kind }),
  elements: (selection: Query, vital: VitalId, limit = 10) =>
    ask<ElementsAnswer>('/reports/elements', selection, { vital, limit }),
  phases: (selection: Query) => ask<PhasesAnswer>('/reports/phases', selection),
  grid: (selection: Query, rows: string, columns: string, vital: VitalId) =>
    ask<GridAnswer>('/reports/grid', selection, { rows, columns, vital }),
  /** Without likely causes, which take as long again: `causes` has them. */
  compare: (both: Query, by: string) =>
    ask<CompareAnswer>('/reports/compare', both, { by, causes: 'without' }, COMPARE_FILES),
  causes: (both: Query) => ask<CausesAnswer>('/reports/causes', both, {}, CAUSES_FILES),
  live: (selection: Query) =>
    ask<LiveAnswer>(
      '/reports/live',
      selection.filter(([name]) => name === 'site'),
      {},
      { rows: 'Minutes', tables: [['pages', 'Pages']] },
    ),
  sites: () =>
    ask<SitesAnswer>('/reports/sites', [], {}, { rows: 'Sites', tables: [['days', 'Single days']] }),
  siteNames: () => ask<SiteNamesAnswer>('/reports/site-names', []),
  coverage: (selection: Query) => ask<CoverageAnswer>('/reports/coverage', selection, {}, COVERAGE_FILES),
  pageViews: (selection: Query, vital: VitalId, order: 'slowest' | 'newest' = 'slowest', limit = 20) =>
    ask<PageViewsAnswer>('/reports/page-views', selection, { vital, order, limit }),
  pageView: (id: string) =>
    ask<PageViewAnswer>(`/reports/page-views/${encodeURIComponent(id)}`, [], {}, PAGE_VIEW_FILES),
  bfcacheReasons: (selection: Query) => ask<BfcacheReasonsAnswer>('/reports/bfcache-reasons', selection),
};

/** Members of a consortium side by side; asked at home. */
export const matrixRequest = (period: Query): Request<MatrixAnswer> => ask('/consortium/matrix', period);
