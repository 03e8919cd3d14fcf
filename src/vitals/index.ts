// What is measured of page views and how it is judged: pure, and the same for SQL, API and pages.
export { ENOUGH_TO_RATE, rate, type Rating, type Vital, type VitalId, VITAL_IDS, VITALS } from './vitals.ts';
export {
  boundsOf,
  bucketOf,
  DURATION_SCALE,
  type Scale,
  scaleOfVital,
  thresholdBuckets,
  valueOfBucket,
} from './buckets.ts';
export {
  countOf,
  type Distribution,
  intervalOf,
  merge,
  percentileOf,
  type Shares,
  sharesOf,
} from './distribution.ts';
export { type GroupShare, type ShareChange, splitChange } from './mix.ts';
export { type Bin, binsOf } from './bins.ts';
export { type FiguredGroup, splitOfRows } from './row-split.ts';
