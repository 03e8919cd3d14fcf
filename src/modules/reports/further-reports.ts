import type { Report } from './report.ts';

/** What lies behind the figures: elements, phases, single page views, sites, the last minutes. */
export const furtherReports: readonly Report[] = [];
