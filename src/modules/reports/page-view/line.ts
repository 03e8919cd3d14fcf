import { bucketOf, scaleOfVital, valueOfBucket, type VitalId, VITAL_IDS } from '#vitals';
import type { PageViewLine } from '../contract.ts';
import { writePageViewId } from './id.ts';

/** Columns of the roll-up that a line is made of, in the order of `SourceLine`. */
export const LINE_COLUMNS = [
  'toString(view)',
  'toUnixTimestamp(started_at)',
  'hostname',
  'url_path',
  'device',
  'browser',
  'country',
  ...VITAL_IDS,
  'is_generated',
].join(', ');

/** A row of `LINE_COLUMNS`. */
export type SourceLine = readonly [
  hash: string,
  second: number,
  hostname: string,
  path: string,
  device: string,
  browser: string,
  country: string,
  ...buckets: readonly number[],
];

/** What the beacons say of a page view that the roll-up has in buckets. */
export interface ExactLine {
  readonly startedAt: string;
  readonly url: string;
  readonly vitals: Readonly<Record<VitalId, number | null>>;
}

/** Was the page view made for the demo? */
export const isGenerated = (line: SourceLine): boolean => line[7 + VITAL_IDS.length] === 1;

/**
 * A page view in a list. A value of a vital is the exact one when the beacons gave it and it lies in the page view's bucket; else, when some of the beacons
 * were not looked at, the value of the bucket, which is at most 0.5 % off.
 */
export const lineOf = (line: SourceLine, exact: ExactLine | undefined): PageViewLine => {
  const [hash, second, hostname, path, device, browser, country, ...buckets] = line;
  const vitals = VITAL_IDS.map((vital, index) => {
    const bucket = buckets[index] ?? 0;
    const scale = scaleOfVital(vital);
    const value = wholeSteps(scale.stepsPerUnit, exact?.vitals[vital] ?? null);
    if (bucketOf(scale, value) === bucket) return [vital, value] as const;
    return [vital, bucket === 0 ? null : valueOfBucket(scale, bucket)] as const;
  });
  return {
    id: writePageViewId(second, hash),
    startedAt: exact?.startedAt ?? new Date(second * 1_000).toISOString(),
    url: exact?.url ?? `https://${hostname}${path}`,
    device,
    browser,
    country,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made from all ids of vitals
    vitals: Object.fromEntries(vitals) as Record<VitalId, number | null>,
  };
};

/** CLS is kept with more digits than its threshold has: 0.1 comes as 0.10000000149. */
const wholeSteps = (stepsPerUnit: number, value: number | null): number | null =>
  value === null ? null : Math.round(value * stepsPerUnit) / stepsPerUnit;
