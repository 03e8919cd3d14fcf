import { type VitalId, VITALS } from '#vitals';
import type { Selection } from '../../../src/modules/reports/contract.ts';

/** A page view as far as figures need it. */
export interface SlowView {
  /** Epoch ms. */
  readonly startedAt: number;
  /** '': none was named. */
  readonly session: string;
  readonly sessionLength: number | null;
  readonly isBounce: boolean;
  readonly isBot: boolean;
  readonly isGenerated: boolean;
  readonly navigation: 'hard' | 'soft' | 'bfcache';
  /** Values of dimensions, as reports name them. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly vitals: Readonly<Record<VitalId, number | null>>;
}

/* The obvious calculations over single page views: lists, loops and sorting, nothing shared with the product but the thresholds. */

/** Does a selection hold this visit? Moments count in whole seconds. */
export const isSelected = (
  visit: SlowView,
  { site, from, to, navigations, bots, filters }: Selection,
): boolean => {
  const second = Math.floor(visit.startedAt / 1_000) * 1_000;
  if (second < Date.parse(from) || second >= Date.parse(to)) return false;
  if (visit.isBot && !bots) return false;
  if (navigations !== 'all' && visit.navigation !== navigations) return false;
  if (site !== null && visit.dimensions.hostname !== site) return false;
  return filters.every(({ dimension, op, values }) => {
    const value = visit.dimensions[dimension] ?? '';
    if (op === 'is') return values.includes(value);
    if (op === 'is_not') return !values.includes(value);
    if (op === 'begins') return values.some((text) => value.startsWith(text));
    return values.some((text) => value.toLowerCase().includes(text.toLowerCase()));
  });
};

/** Values of a vital, ascending. */
export const valuesOf = (visits: readonly SlowView[], vital: VitalId): readonly number[] =>
  visits
    .map(({ vitals }) => vitals[vital])
    .filter((value) => value !== null)
    .toSorted((a, b) => a - b);

/** Value at a rank from 1; null without values. */
export const atRank = (sorted: readonly number[], rank: number): number | null =>
  sorted[Math.max(1, Math.min(sorted.length, rank)) - 1] ?? null;

/** Percentile by nearest rank. */
export const percentile = (sorted: readonly number[], p: number): number | null =>
  atRank(sorted, Math.ceil((sorted.length * p) / 100));

/** Shares good, in between and poor. */
export const shares = (sorted: readonly number[], vital: VitalId) => {
  const good = sorted.filter((value) => value <= VITALS[vital].good).length;
  const poor = sorted.filter((value) => value > VITALS[vital].poor).length;
  const n = sorted.length;
  return n === 0 ? null : { good: good / n, needsImprovement: (n - good - poor) / n, poor: poor / n };
};

/** Visits by the value of a dimension. */
export const byDimension = <V extends SlowView>(
  visits: readonly V[],
  dimension: string,
): ReadonlyMap<string, readonly V[]> => Map.groupBy(visits, (visit) => visit.dimensions[dimension] ?? '');

/** How far a shown value may be from the true one: half of a bucket that is 1 % wide, or half of a step. */
export const tolerance = (vital: VitalId, value: number): number =>
  value * 0.0051 + (VITALS[vital].unit === 'ms' ? 0.5 : 0.000_051);

/** Mix and performance of the change of the share of good ones, summed group by group. */
export const split = (
  after: readonly SlowView[],
  before: readonly SlowView[],
  vital: VitalId,
  groupOf: (visit: SlowView) => string,
) => {
  const share = (visits: readonly SlowView[]): number =>
    shares(valuesOf(visits, vital), vital)?.good ?? Number.NaN;
  const measured = (visits: readonly SlowView[]) => visits.filter(({ vitals }) => vitals[vital] !== null);
  const [now, then] = [measured(after), measured(before)];
  let [mix, performance] = [0, 0];
  for (const group of new Set([...now, ...then].map(groupOf))) {
    const [here, there] = [now, then].map((visits) => visits.filter((visit) => groupOf(visit) === group));
    const [weight, weightThen] = [(here?.length ?? 0) / now.length, (there?.length ?? 0) / then.length];
    const [good, goodThen] = [share(here ?? []), share(there ?? [])];
    if (weight === 0) mix -= weightThen * goodThen;
    else if (weightThen === 0) mix += weight * good;
    else {
      mix += (weight - weightThen) * goodThen;
      performance += weight * (good - goodThen);
    }
  }
  return { total: share(now) - share(then), mix, performance };
};
