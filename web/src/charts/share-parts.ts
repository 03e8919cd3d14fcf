import type { Rating, Shares } from '#vitals';

/** A part of the bar good / needs improvement / poor. */
export interface SharePart {
  readonly rating: Rating;
  readonly share: number;
  /** Whole percent, such that the three are 100 together. */
  readonly percent: number;
}

/** The parts of a bar, in order; their whole percents are rounded by largest remainder, so that they never add up to 99 or 101. */
export const sharePartsOf = ({ good, needsImprovement, poor }: Shares): readonly SharePart[] => {
  const exact = [good, needsImprovement, poor].map((share) => share * 100);
  const floors = exact.map((value) => Math.floor(value + 1e-9));
  const missing = 100 - floors.reduce((sum, value) => sum + value, 0);
  const byRemainder = [0, 1, 2].toSorted(
    (a, b) => (exact[b] ?? 0) - (floors[b] ?? 0) - ((exact[a] ?? 0) - (floors[a] ?? 0)),
  );
  const raised = new Set(byRemainder.slice(0, Math.max(0, missing)));
  const percentOf = (index: number): number => (floors[index] ?? 0) + (raised.has(index) ? 1 : 0);
  return [
    { rating: 'good', share: good, percent: percentOf(0) },
    { rating: 'needs-improvement', share: needsImprovement, percent: percentOf(1) },
    { rating: 'poor', share: poor, percent: percentOf(2) },
  ];
};
