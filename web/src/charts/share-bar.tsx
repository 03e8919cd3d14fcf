import { type Shares } from '#vitals';
import { RATING_MARKS, RATING_WORDS } from './rating-words.ts';
import { type SharePart, sharePartsOf } from './share-parts.ts';
import './share-bar.css';

/** The bar good / needs work / poor. With `words` the shares stand below it, each with its shape; without they are its label. */
export const ShareBar = ({
  shares,
  samples,
  words = false,
}: {
  /** null: too few page views, or none; drawn as a hatch. */
  readonly shares: Shares | null;
  readonly samples?: number;
  readonly words?: boolean;
}) => {
  if (shares === null)
    return (
      <span class="share-bar" role="img" aria-label="too few page views to rate">
        <span class="share-bar-parts is-hatched" />
      </span>
    );
  const parts = sharePartsOf(shares);
  return (
    <span
      class="share-bar"
      role="img"
      aria-label={wordsOf(parts, samples)}
      title={words ? undefined : wordsOf(parts, samples)}
    >
      <span class="share-bar-parts">
        {parts.map(({ rating, share }) => (
          <i
            key={rating}
            class={`share-part part-${rating}`}
            style={{ flexGrow: share }}
            hidden={share === 0}
          />
        ))}
      </span>
      {words && (
        <span class="share-bar-words">
          {parts.map(({ rating, percent }) => (
            <span key={rating} class={`is-${rating}`}>
              {RATING_MARKS[rating]} {percent} %
            </span>
          ))}
        </span>
      )}
    </span>
  );
};

const wordsOf = (parts: readonly SharePart[], samples: number | undefined): string => {
  const shares = parts.map(({ rating, percent }) => `${percent} % ${RATING_WORDS[rating]}`).join(', ');
  return samples === undefined ? shares : `${shares} of ${samples.toLocaleString('en')} page views`;
};
