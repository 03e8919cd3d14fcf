import {
  countOf,
  type Distribution,
  ENOUGH_TO_RATE,
  intervalOf,
  percentileOf,
  rate,
  sharesOf,
  type VitalId,
  VITALS,
} from '#vitals';
import type { VitalFigures } from './contract.ts';

/** The figures of a vital over `views` page views, of which `distribution` holds those with a value. */
export const figuresOf = (
  vital: VitalId,
  distribution: Distribution,
  views: number,
  percentile: number,
): VitalFigures => {
  const samples = countOf(distribution);
  const value = percentileOf(vital, distribution, percentile);
  return {
    vital,
    value,
    rating: value === null || samples < ENOUGH_TO_RATE ? null : rate(vital, value),
    interval: intervalOf(vital, distribution, percentile),
    shares: sharesOf(vital, distribution),
    samples,
    coverage: views === 0 ? 0 : samples / views,
  };
};

/** Are all three core vitals good? Null: one of them is missing or has too few page views to be rated. */
export const passesOf = (figures: readonly VitalFigures[]): boolean | null => {
  const ratings = figures.filter(({ vital }) => VITALS[vital].isCore).map(({ rating }) => rating);
  if (ratings.length < 3 || ratings.includes(null)) return null;
  return ratings.every((rating) => rating === 'good');
};
