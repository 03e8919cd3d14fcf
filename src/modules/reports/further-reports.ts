import { bfcacheReasonsReport } from './bfcache-reasons.ts';
import { coverageReport } from './coverage.ts';
import { elementsReport } from './elements.ts';
import { liveReport } from './live.ts';
import { pageViewReport } from './page-view/page-view-report.ts';
import { pageViewsReport } from './page-view/page-views-report.ts';
import { phasesReport } from './phases.ts';
import type { Report } from './report.ts';
import { siteNamesReport } from './sites/site-names.ts';
import { sitesReport } from './sites/sites.ts';

/** What lies behind the figures: elements, phases, single page views, sites, the last minutes. */
export const furtherReports: readonly Report[] = [
  elementsReport,
  phasesReport,
  pageViewsReport,
  pageViewReport,
  sitesReport,
  siteNamesReport,
  coverageReport,
  liveReport,
  bfcacheReasonsReport,
];
