import type { Rating } from '#vitals';
import './rating.css';

/** The shape that stands for a rating, so that colour never is alone. */
export const RATING_MARKS: Readonly<Record<Rating, string>> = {
  good: '●',
  'needs-improvement': '▲',
  poor: '■',
};

/** The words of a rating. */
export const RATING_WORDS: Readonly<Record<Rating, string>> = {
  good: 'good',
  'needs-improvement': 'needs work',
  poor: 'poor',
};
