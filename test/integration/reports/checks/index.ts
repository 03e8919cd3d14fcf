import { breakdown } from './breakdown.ts';
import type { Check } from './check.ts';
import { causes, compare } from './compare.ts';
import { coverage } from './coverage.ts';
import { bounce, distribution } from './distribution.ts';
import { bfcacheReasons, elements, phases } from './elements.ts';
import { grid } from './grid.ts';
import { heat } from './heat.ts';
import { live } from './live.ts';
import { pageView } from './page-view.ts';
import { pageViews } from './page-views.ts';
import { series } from './series.ts';
import { siteNames, sites } from './sites.ts';
import { summary } from './summary.ts';

/** How each report of the module is compared with the obvious calculation, by path. */
export const CHECKS: Readonly<Record<string, Check>> = {
  '/reports/summary': summary,
  '/reports/series': series,
  '/reports/breakdown': breakdown,
  '/reports/distribution': distribution,
  '/reports/bounce': bounce,
  '/reports/heat': heat,
  '/reports/grid': grid,
  '/reports/compare': compare,
  '/reports/causes': causes,
  '/reports/elements': elements,
  '/reports/phases': phases,
  '/reports/page-views': pageViews,
  '/reports/page-views/{id}': pageView,
  '/reports/sites': sites,
  '/reports/site-names': siteNames,
  '/reports/coverage': coverage,
  '/reports/live': live,
  '/reports/bfcache-reasons': bfcacheReasons,
};

/** The check of a report. A report without one fails: nothing would say whether its answers are true. */
export const checkOf = (path: string): Check => {
  const check = CHECKS[path];
  if (check === undefined) throw new Error(`${path} is not compared with the obvious calculation`);
  return check;
};
