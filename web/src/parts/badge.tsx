import type { ComponentChildren } from 'preact';
import { ENOUGH_TO_RATE, type Rating } from '#vitals';
import { RATING_MARKS, RATING_WORDS } from '../charts/rating-words.ts';
import { formatCount } from './numbers.ts';
import './badge.css';

/** How a value is: a shape, a colour and a word. null: too few page views to rate, with how many there are. */
export const RatingBadge = ({
  rating,
  samples,
  hasWord = true,
}: {
  readonly rating: Rating | null;
  readonly samples?: number;
  /** Without, the word is only read out. */
  readonly hasWord?: boolean;
}) => {
  if (rating === null)
    return (
      <span class="rating is-unrated" title={`${ENOUGH_TO_RATE} page views are needed to rate`}>
        {samples === undefined || samples === 0 ? 'not rated' : `${formatCount(samples)}: too few to rate`}
      </span>
    );
  return (
    <span class={`rating is-${rating}`}>
      <span class="rating-mark" aria-hidden="true">
        {RATING_MARKS[rating]}
      </span>
      <span class={hasWord ? undefined : 'unseen'}>{RATING_WORDS[rating]}</span>
    </span>
  );
};

/** A small word about something: a state, a kind. */
export const Tag = ({
  kind = 'plain',
  children,
}: {
  readonly kind?: 'plain' | 'good' | 'warning' | 'trouble';
  readonly children: ComponentChildren;
}) => <span class={kind === 'plain' ? 'tag' : `tag is-${kind}`}>{children}</span>;
