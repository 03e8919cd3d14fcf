/** What is measured of a page view, and how it is rated. */
export interface Vital {
  readonly id: VitalId;
  /** As everybody writes it. */
  readonly label: string;
  readonly name: string;
  /** `ms`, or none for CLS. */
  readonly unit: 'ms' | '';
  /** Good is at most this. */
  readonly good: number;
  /** Poor is more than this; between the two it needs improvement. */
  readonly poor: number;
  /** One of the three Core Web Vitals, which decide together whether a page passes. */
  readonly isCore: boolean;
}

/** The vitals. */
export type VitalId = 'lcp' | 'inp' | 'cls' | 'fcp' | 'ttfb';

/** How a value of a vital is. */
export type Rating = 'good' | 'needs-improvement' | 'poor';

/**
 * The vitals in the order in which they are shown. Thresholds: https://web.dev/articles/vitals, read 2026-11-22. The one
 * place where they stand; SQL, API, pages and documentation take them from here.
 */
export const VITALS: Readonly<Record<VitalId, Vital>> = {
  lcp: {
    id: 'lcp',
    label: 'LCP',
    name: 'Largest Contentful Paint',
    unit: 'ms',
    good: 2_500,
    poor: 4_000,
    isCore: true,
  },
  inp: {
    id: 'inp',
    label: 'INP',
    name: 'Interaction to Next Paint',
    unit: 'ms',
    good: 200,
    poor: 500,
    isCore: true,
  },
  cls: {
    id: 'cls',
    label: 'CLS',
    name: 'Cumulative Layout Shift',
    unit: '',
    good: 0.1,
    poor: 0.25,
    isCore: true,
  },
  fcp: {
    id: 'fcp',
    label: 'FCP',
    name: 'First Contentful Paint',
    unit: 'ms',
    good: 1_800,
    poor: 3_000,
    isCore: false,
  },
  ttfb: {
    id: 'ttfb',
    label: 'TTFB',
    name: 'Time to First Byte',
    unit: 'ms',
    good: 800,
    poor: 1_800,
    isCore: false,
  },
};

/** Ids of the vitals, in order. */
export const VITAL_IDS = Object.keys(VITALS) as readonly VitalId[];

/** Fewer page views than this are not rated: the 95 % interval of their p75 spans 17 percentiles. */
export const ENOUGH_TO_RATE = 100;

/** Rates a value. */
export const rate = (id: VitalId, value: number): Rating => {
  const { good, poor } = VITALS[id];
  if (value <= good) return 'good';
  return value > poor ? 'poor' : 'needs-improvement';
};
