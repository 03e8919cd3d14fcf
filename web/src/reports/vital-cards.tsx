import type { Summary, VitalChange, VitalFigures } from '#reports';
import { ENOUGH_TO_RATE, type VitalId, VITAL_IDS, VITALS } from '#vitals';
import { RATING_MARKS, RATING_WORDS } from '../charts/rating-words.ts';
import { ShareBar } from '../charts/share-bar.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { formatCount, formatPercent, formatVital } from '../parts/numbers.ts';
import { changeWords, mixWords } from './change-words.ts';
import './vital-cards.css';

/** What the cards are compared with. */
export interface CardsBefore {
  readonly vitals: readonly VitalFigures[];
  readonly changes: readonly (VitalChange | null)[] | null;
  /** What the other page views are: `the 28 days before`. */
  readonly words: string;
}

/** A card for each vital; the chosen one is what the chart below shows. */
export const VitalCards = ({
  summary,
  before,
  percentile,
  chosen,
  onChoose,
}: {
  /** null: not there yet. */
  readonly summary: Summary | null;
  readonly before: CardsBefore | null;
  readonly percentile: number;
  readonly chosen: VitalId;
  readonly onChoose: (vital: VitalId) => void;
}) => (
  <div class="vital-cards" role="group" aria-label="Vitals; the chosen one is shown below">
    {VITAL_IDS.map((vital) => (
      <VitalCard
        key={vital}
        vital={vital}
        percentile={percentile}
        figures={summary?.vitals.find((each) => each.vital === vital) ?? null}
        before={before}
        isChosen={vital === chosen}
        onChoose={() => onChoose(vital)}
      />
    ))}
  </div>
);

const VitalCard = ({
  vital,
  percentile,
  figures,
  before,
  isChosen,
  onChoose,
}: {
  readonly vital: VitalId;
  readonly percentile: number;
  readonly figures: VitalFigures | null;
  readonly before: CardsBefore | null;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) => (
  <button
    type="button"
    class={`vital-card ${VITALS[vital].isCore ? 'is-core' : ''}`}
    aria-pressed={isChosen}
    aria-keyshortcuts={String(VITAL_IDS.indexOf(vital) + 1)}
    onClick={onChoose}
  >
    <span class="vital-card-name">
      <b>{VITALS[vital].label}</b> <span class="quiet">{VITALS[vital].name}</span>
    </span>
    {figures === null ? (
      <Skeleton height="142px" />
    ) : (
      <CardFigures figures={figures} percentile={percentile} before={before} />
    )}
  </button>
);

const CardFigures = ({
  figures,
  percentile,
  before,
}: {
  readonly figures: VitalFigures;
  readonly percentile: number;
  readonly before: CardsBefore | null;
}) => {
  const { vital, value, rating, interval, shares, samples, coverage } = figures;
  if (value === null)
    return (
      <>
        <span class="vital-card-value quiet">–</span>
        <ShareBar shares={null} />
        <span class="vital-card-line">No page view measured it. {whyNone(vital)}</span>
      </>
    );
  const mix = mixWords(before?.changes?.find((change) => change?.vital === vital));
  return (
    <>
      <span class={`vital-card-value ${rating === null ? 'quiet' : `is-${rating}`}`}>
        {formatVital(vital, value)}
      </span>
      {rating !== null && (
        <span class={`vital-card-line is-${rating}`}>
          <span aria-hidden="true">{RATING_MARKS[rating]}</span> {RATING_WORDS[rating]}
        </span>
      )}
      <span class="vital-card-line">
        p{percentile}
        {interval !== null && rating !== null && (
          <span
            class="vital-card-interval"
            title="95 % interval: with other visitors of the same kind, the value would lie in here"
          >
            {' '}
            {formatVital(vital, interval.low)} – {formatVital(vital, interval.high)}
          </span>
        )}
      </span>
      {rating === null ? (
        <>
          <ShareBar shares={null} />
          <span class="vital-card-line">
            {formatCount(samples)} page views: too few to rate ({ENOUGH_TO_RATE} needed)
          </span>
        </>
      ) : (
        <ShareBar shares={shares} samples={samples} words />
      )}
      <Change figures={figures} before={before} />
      {mix !== null && (
        <span class="vital-card-mix" title={mix.long}>
          good {mix.short}
        </span>
      )}
      <span class="vital-card-line quiet" title={`${formatCount(samples)} page views have a value`}>
        from {formatPercent(coverage)} of page views
      </span>
    </>
  );
};

const Change = ({
  figures,
  before,
}: {
  readonly figures: VitalFigures;
  readonly before: CardsBefore | null;
}) => {
  const change = changeWords(
    before?.vitals.find(({ vital }) => vital === figures.vital),
    figures,
  );
  if (change === null || before === null) return null;
  if (change.direction === 'same') return <span class="vital-card-line">≈ {change.words}</span>;
  return (
    <span
      class={`vital-card-line is-${change.direction === 'better' ? 'good' : 'poor'}`}
      title={`${change.words} than ${before.words}`}
    >
      {change.direction === 'better' ? '↓' : '↑'} {change.words}
    </span>
  );
};

const whyNone = (vital: VitalId): string => {
  if (vital === 'cls') return 'Only Chromium measures it.';
  return vital === 'inp' ? 'It needs visitors who interact.' : '';
};
