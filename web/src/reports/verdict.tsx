import type { Summary } from '#reports';
import { ENOUGH_TO_RATE, VITALS } from '#vitals';
import { RATING_WORDS } from '../charts/rating-words.ts';
import './verdict.css';

/** The answer in a sentence: does it pass, and which vital is in the way. Its place is kept until it comes. */
export const Verdict = ({
  summary,
  percentile,
}: {
  readonly summary: Summary | undefined;
  readonly percentile: number;
}) => (
  <span class="verdict">
    {summary === undefined ? <>&nbsp;</> : <Words summary={summary} percentile={percentile} />}
  </span>
);

const Words = ({ summary, percentile }: { readonly summary: Summary; readonly percentile: number }) => {
  const core = summary.vitals.filter(({ vital }) => VITALS[vital].isCore);
  if (summary.passes === true)
    return (
      <>
        <b class="is-good">● Passes</b> the Core Web Vitals: LCP, INP and CLS are good for {percentile} % of
        page views.
      </>
    );
  if (summary.passes === null) {
    const missing = core.filter(({ rating }) => rating === null).map(({ vital }) => VITALS[vital].label);
    return (
      <>
        Too few page views with {missing.join(' and ')} to say whether it passes ({ENOUGH_TO_RATE} needed).
      </>
    );
  }
  const failing = core.filter(({ rating }) => rating !== null && rating !== 'good');
  const isPoor = failing.some(({ rating }) => rating === 'poor');
  return (
    <>
      <b class={isPoor ? 'is-poor' : 'is-needs-improvement'}>{isPoor ? '■' : '▲'} Does not pass</b> the Core
      Web Vitals:{' '}
      {failing
        .map(
          ({ vital, rating }) =>
            `${VITALS[vital].label} ${rating === null ? '' : rating === 'poor' ? 'is poor' : RATING_WORDS[rating]}`,
        )
        .join(', ')}
      .
    </>
  );
};
