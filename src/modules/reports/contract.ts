export type * from './compare/contract.ts';
export type * from './page-view/contract.ts';

import type { Rating, Shares, VitalId } from '#vitals';

/*
 * What reports answer. Every request is a GET under `/reports`, so an answer is a link, and takes the parameters of a selection:
 *
 *   site=HOST                 one of the tenant's host names; without it all of them
 *   from=ISO, to=ISO          half-open period; default: the last 28 days up to now
 *   filter=DIMENSION:OP:A|B   may be repeated, all must hold; OP is is, is_not, contains, begins; values percent-encoded, `|` between alternatives
 *   navigations=hard|soft|bfcache|all   default hard; hard and soft navigations are never blended unless asked for
 *   percentile=50|75|90|95|99 default 75
 *   bots=with                 default: without
 *   format=json|csv|ndjson|parquet     default json
 *
 * A comparison adds the same parameters with the prefix `b.` for the other selection; what is not given there is as in the first, `b.site=` and
 * `b.filter=` (empty) take away what the first has, and without any of them the other is the period before.
 * Answers have the header `x-report-tenant`: whose page views they are of. Errors: 400 with `{"errors":[{"message","type","code","parameters":[{"key","value"}]}]}` for what cannot be read,
 * 403 when the account is held to another selection, 404 for a site that the tenant does not have, 503 when it takes too much.
 */

/** A selection of page views, as it was understood; every answer carries it. */
export interface Selection {
  readonly site: string | null;
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  readonly filters: readonly Filter[];
  readonly navigations: 'hard' | 'soft' | 'bfcache' | 'all';
  readonly percentile: number;
  readonly bots: boolean;
}

/** A condition on a dimension (`Dimension` of `#warehouse`); any of the values. */
export interface Filter {
  readonly dimension: string;
  readonly op: 'is' | 'is_not' | 'contains' | 'begins';
  readonly values: readonly string[];
}

/** Where a part of the page views comes from. */
export interface Source {
  /** Up to here (ISO) hours are read from the roll-up, afterwards from beacons. */
  readonly rolledUpTo: string | null;
  /** Milliseconds that the warehouse took. */
  readonly elapsedMs: number;
  /** Page views made for the demo are among them. */
  readonly hasGenerated: boolean;
}

/** One vital over some page views. */
export interface VitalFigures {
  readonly vital: VitalId;
  /** The percentile asked for, in the vital's unit (ms; CLS without unit); null: no value. */
  readonly value: number | null;
  /** Of `value`; null below 100 values (too few to rate). */
  readonly rating: Rating | null;
  /** 95 % interval of `value`. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly shares: Shares | null;
  /** Page views with a value. */
  readonly samples: number;
  /** Page views with a value ÷ page views, 0 to 1. */
  readonly coverage: number;
}

/** GET /reports/summary. `compare=previous` adds `before`: the period of the same length that ended where this one begins. */
export interface Summary {
  readonly selection: Selection;
  readonly views: number;
  readonly sessions: number;
  readonly vitals: readonly VitalFigures[];
  /** All three core vitals are good at the percentile; null: too few page views for one of them. */
  readonly passes: boolean | null;
  readonly before: { readonly views: number; readonly vitals: readonly VitalFigures[] } | null;
  /** For each vital the change of the share of good page views, split; null where it cannot be said. */
  readonly changes: readonly (VitalChange | null)[] | null;
  readonly source: Source;
}

/** Change of the share of good page views between two selections, in points (0.01 is one point): mix + performance = total. */
export interface VitalChange {
  readonly vital: VitalId;
  readonly total: number;
  /** Because other groups of visitors came. */
  readonly mix: number;
  /** Because groups became faster or slower. */
  readonly performance: number;
  /** The dimension whose groups were used. */
  readonly by: string;
}

/** GET /reports/series?vital=lcp&step=auto|minute|hour|day|week[&split=DIMENSION]. Points without page views are there with null. */
export interface Series {
  readonly selection: Selection;
  readonly vital: VitalId;
  readonly step: 'minute' | 'hour' | 'day' | 'week';
  readonly lines: readonly {
    /** Value of the dimension by which it was split, at most 8 lines; null: all. */
    readonly name: string | null;
    readonly points: readonly SeriesPoint[];
  }[];
  readonly source: Source;
}

/** One step of time. */
export interface SeriesPoint {
  /** Begin, ISO. */
  readonly at: string;
  readonly views: number;
  readonly samples: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly good: number | null;
  readonly poor: number | null;
}

/**
 * GET /reports/breakdown?dimension=country[&vital=lcp][&vitals=lcp,inp,cls][&order=views|impact|value|name][&direction=asc|desc][&limit=50][&offset=0][&search=TEXT]
 * `impact` = views × share of not good in `vital`. By `value`, values with fewer than 100 samples come last. Rows have the core vitals, or those of `vitals`, and `vital`. `total` is computed from all page views, not from the rows.
 */
export interface Breakdown {
  readonly selection: Selection;
  readonly dimension: string;
  readonly rows: readonly BreakdownRow[];
  readonly totalRows: number;
  readonly total: BreakdownRow;
  readonly source: Source;
}

/** One value of a dimension. */
export interface BreakdownRow {
  /** '' when it is not known. */
  readonly value: string;
  readonly views: number;
  /** Of all page views of the selection, 0 to 1. */
  readonly share: number;
  readonly impact: number;
  readonly vitals: readonly VitalFigures[];
}

/** GET /reports/distribution?vital=lcp */
export interface DistributionAnswer {
  readonly selection: Selection;
  readonly vital: VitalId;
  /** In ascending order; drawn on a logarithmic scale. */
  readonly buckets: readonly {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly rating: Rating;
  }[];
  readonly percentiles: readonly { readonly p: number; readonly value: number | null }[];
  readonly figures: VitalFigures;
  readonly source: Source;
}

/** GET /reports/bounce?vital=lcp: page views that began a session, by the vital's value, and how many of them stayed the only one. */
export interface BounceAnswer {
  readonly selection: Selection;
  readonly vital: VitalId;
  readonly bins: readonly {
    readonly from: number;
    readonly to: number;
    readonly landings: number;
    readonly bounces: number;
  }[];
  readonly source: Source;
}

/** GET /reports/heat?vital=lcp&kind=weekday|time. weekday: rows are days of the week from Monday, columns hours (UTC). time: rows are value bins, columns steps of time. */
export interface HeatAnswer {
  readonly selection: Selection;
  readonly vital: VitalId;
  readonly kind: 'weekday' | 'time';
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** null: no page views. For `weekday` the percentile, for `time` the share of the column, 0 to 1; `samples` are the page views with a value that it is made of. */
  readonly cells: readonly {
    readonly row: number;
    readonly column: number;
    readonly value: number | null;
    readonly views: number;
    readonly samples: number;
  }[];
  readonly source: Source;
}

/** GET /reports/elements?vital=lcp|inp|cls[&limit=20]: the elements that were the vital's. */
export interface ElementsAnswer {
  readonly selection: Selection;
  readonly vital: VitalId;
  readonly rows: readonly {
    readonly selector: string;
    readonly views: number;
    readonly share: number;
    readonly value: number | null;
    readonly shares: Shares | null;
  }[];
  readonly source: Source;
}

/** GET /reports/phases: the parts of LCP at the percentile (each part's own), of page views that have all of them. */
export interface PhasesAnswer {
  readonly selection: Selection;
  readonly samples: number;
  readonly phases: readonly {
    readonly phase: 'ttfb' | 'load_delay' | 'load_duration' | 'render_delay';
    readonly value: number | null;
  }[];
  readonly source: Source;
}

/** GET /reports/grid?rows=device&columns=browser&vital=lcp: a vital for each pair of values of two dimensions. */
export interface GridAnswer {
  readonly selection: Selection;
  readonly vital: VitalId;
  /** The commonest values, six of each dimension; of devices mobile, tablet and desktop. '' when it is not known. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Of the pairs that have page views. */
  readonly cells: readonly {
    readonly row: number;
    readonly column: number;
    readonly views: number;
    readonly figures: VitalFigures;
  }[];
  readonly source: Source;
}

/** GET /reports/live: the last 30 minutes, a point each minute, from beacons. */
export interface LiveAnswer {
  readonly points: readonly { readonly at: string; readonly views: number }[];
  readonly views: number;
  readonly pages: readonly { readonly url: string; readonly views: number }[];
  readonly lastBeaconAt: string | null;
}

/** GET /reports/sites: the tenant's host names over the last 28 days (or the period given), most views first. */
export interface SitesAnswer {
  readonly sites: readonly {
    readonly hostname: string;
    readonly views: number;
    readonly lastBeaconAt: string | null;
    readonly passes: boolean | null;
    readonly vitals: readonly VitalFigures[];
    /** A value for each day: p75 of LCP, INP and CLS, and page views. */
    readonly days: readonly {
      readonly at: string;
      readonly views: number;
      readonly lcp: number | null;
      readonly inp: number | null;
      readonly cls: number | null;
    }[];
  }[];
  readonly source: Source;
}

/** GET /reports/site-names: host names and page views of the last 28 days (or the period given), most views first; for a choice of sites. */
export interface SiteNamesAnswer {
  readonly sites: readonly { readonly hostname: string; readonly views: number }[];
}

/** How much is known of some page views. */
export interface CoverageCounts {
  readonly views: number;
  /** Hidden while they loaded, so that they have no paint. */
  readonly hidden: number;
  /** Not left before they had loaded. */
  readonly loaded: number;
  /** Of the loaded ones those whose beacon of leaving came: without it INP, CLS and LCP are of the time before. */
  readonly left: number;
  /** Page views with a value of each vital. */
  readonly vitals: readonly { readonly vital: VitalId; readonly samples: number }[];
}

/** GET /reports/coverage: by browser and by version of Boomerang, at most 20 each, those with the most page views; `total` is of all. */
export interface CoverageAnswer {
  readonly selection: Selection;
  readonly total: CoverageCounts;
  /** '' when it is not known. */
  readonly browsers: readonly (CoverageCounts & { readonly browser: string })[];
  readonly versions: readonly (CoverageCounts & { readonly version: string })[];
  readonly source: Source;
}

/** GET /reports/page-views[?vital=lcp&order=slowest|newest&limit=50] */
export interface PageViewsAnswer {
  readonly selection: Selection;
  readonly views: readonly PageViewLine[];
  readonly source: Source;
}

/** A page view in a list. */
export interface PageViewLine {
  /** For `/reports/page-views/{id}`. */
  readonly id: string;
  readonly startedAt: string;
  readonly url: string;
  readonly device: string;
  readonly browser: string;
  readonly country: string;
  readonly vitals: Readonly<Record<VitalId, number | null>>;
}

/** GET /reports/bfcache-reasons: why pages did not come back from the back/forward cache. */
export interface BfcacheReasonsAnswer {
  readonly selection: Selection;
  readonly rows: readonly { readonly reason: string; readonly views: number }[];
  readonly source: Source;
}

/**
 * GET /consortium/matrix?<selection>[&format=…] (module `consortium`, executed at home): one row for the caller's own organization and each member that it
 * may see; made of one `summary` for each, asked through the gateway.
 */
export interface MatrixAnswer {
  readonly from: string;
  readonly to: string;
  readonly rows: readonly {
    readonly tenant: string;
    readonly name: string;
    readonly views: number | null;
    readonly passes: boolean | null;
    readonly vitals: readonly VitalFigures[];
    /** Why there are no figures; null: there are. */
    readonly refusal: string | null;
  }[];
}
