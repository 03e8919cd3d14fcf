import type { PageViewAnswer } from '#reports';
import { rate, VITAL_IDS, VITALS } from '#vitals';
import { RATING_MARKS, RATING_WORDS } from '../../charts/rating-words.ts';
import { formatDuration, formatVital } from '../../parts/numbers.ts';
import { Panel } from '../../reports/panel.tsx';
import { type Moment, momentLabel, momentWords } from './moment-words.ts';
import { elementName, movedWords } from './shift-words.ts';

/** The vitals of this one page view, and its moments in order. */
export const VitalsPanel = ({ answer }: { readonly answer: PageViewAnswer }) => {
  const { moments, view } = answer;
  return (
    <Panel
      title="Vitals"
      class="is-wide"
      note="What this visitor felt. One page view proves little: a site is judged by the 75th percentile of many."
    >
      <dl class="page-view-vitals">
        {VITAL_IDS.map((vital) => {
          const value = view.vitals[vital];
          const rating = value === null ? null : rate(vital, value);
          return (
            <div key={vital} class={rating === null ? '' : `is-${rating}`}>
              <dt title={VITALS[vital].name}>{VITALS[vital].label}</dt>
              <dd class="numbers">{formatVital(vital, value)}</dd>
              <dd class="page-view-rating">
                {rating === null ? 'not measured' : `${RATING_MARKS[rating]} ${RATING_WORDS[rating]}`}
              </dd>
            </div>
          );
        })}
      </dl>
      {moments.length > 0 && <Timeline moments={moments} shifts={answer.layoutShifts} />}
    </Panel>
  );
};

/** Moments on a line whose time runs by its logarithm: loading takes a second, a visit minutes. */
const Timeline = ({
  moments,
  shifts,
}: {
  readonly moments: readonly Moment[];
  readonly shifts: PageViewAnswer['layoutShifts'];
}) => {
  const end = Math.log1p(Math.max(1, ...moments.map(({ at }) => at)));
  const placeOf = (at: number): string => `${((Math.log1p(at) / end) * 100).toFixed(2)}%`;
  return (
    <div>
      <div class="page-view-line" aria-hidden="true">
        {moments.map((moment, index) => (
          <i
            key={index}
            class={`is-${moment.name}`}
            style={{ insetInlineStart: placeOf(moment.at) }}
            title={`${momentLabel(moment)} ${formatDuration(moment.at)}`}
          />
        ))}
      </div>
      <ol class="page-view-moments" aria-label="Moments of the page view">
        {moments.map((moment, index) => (
          <li key={index}>
            <i class={`page-view-dot is-${moment.name}`} aria-hidden="true" />
            <span class="numbers page-view-at">{formatDuration(moment.at)}</span>
            <b>{momentLabel(moment)}</b>
            <span class="quiet">{[momentWords(moment), ...movedFirst(moment, shifts)].join(': ')}</span>
          </li>
        ))}
      </ol>
    </div>
  );
};

/** The element that the browser names first of a shift. */
const movedFirst = (
  { name, at, value }: Moment,
  shifts: PageViewAnswer['layoutShifts'],
): readonly string[] => {
  if (name !== 'shift' || value === null) return [];
  const shift = shifts.find((each) => each.at === at && Math.abs(each.value - value) < 0.001);
  return (shift?.elements ?? []).slice(0, 1).map((each) => `${elementName(each)} ${movedWords(each)}`);
};
