import { formatCount, formatVital } from '../parts/numbers.ts';
import { type VitalFigures } from '#reports';
import { ENOUGH_TO_RATE, VITALS } from '#vitals';
import { RATING_MARKS, RATING_WORDS } from './rating-words.ts';
import { ShareBar } from './share-bar.tsx';

/** A cell of a table: the percentile with its shape, and the bar of shares below it. Too few page views: the value without colour, and a hatch. */
export const MiniDistribution = ({ figures }: { readonly figures: VitalFigures | undefined }) => {
  if (figures === undefined || figures.value === null)
    return (
      <span class="mini-distribution" title="no value measured">
        <span class="quiet">–</span>
        <span class="unseen">no value</span>
      </span>
    );
  const { vital, value, rating, samples, shares } = figures;
  if (rating === null)
    return (
      <span
        class="mini-distribution"
        title={`${formatCount(samples)} page views: too few to rate (${ENOUGH_TO_RATE} needed)`}
      >
        <span class="quiet">{formatVital(vital, value)}</span>
        <ShareBar shares={null} />
      </span>
    );
  return (
    <span class="mini-distribution">
      <span class={`is-${rating}`} title={`${VITALS[vital].label} ${RATING_WORDS[rating]}`}>
        {formatVital(vital, value)} <span aria-hidden="true">{RATING_MARKS[rating]}</span>
        <span class="unseen">{RATING_WORDS[rating]}</span>
      </span>
      <ShareBar shares={shares} samples={samples} />
    </span>
  );
};
