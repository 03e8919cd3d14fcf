import { bounceReport } from './bounce.ts';
import { breakdownReport } from './breakdown.ts';
import { causesReport } from './compare/causes.ts';
import { compareReport } from './compare/compare.ts';
import { distributionReport } from './distribution.ts';
import { gridReport } from './grid.ts';
import { heatReport } from './heat.ts';
import type { Report } from './report.ts';
import { seriesReport } from './series.ts';
import { summaryReport } from './summary.ts';

/** The figures of vitals: how they are, over time, by dimension, distributed, compared. */
export const coreReports: readonly Report[] = [
  summaryReport,
  seriesReport,
  breakdownReport,
  distributionReport,
  bounceReport,
  heatReport,
  gridReport,
  compareReport,
  causesReport,
];
