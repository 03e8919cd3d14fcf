import { dayOf, periodOf } from '../state/moment.ts';
import { rangeWords } from '../state/period.ts';
import type { View } from '../state/url.ts';

/** A way to ask for less. */
export interface Lighter {
  readonly words: string;
  /** What of the view is another one then. */
  readonly change: Partial<View>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SHORTER_DAYS = [91, 28, 7, 1];
/** The current hour and the one before are read from beacons; the one before them may still be rolled up at this moment. */
const ROLLED_AFTER = 2 * HOUR;

/**
 * Ways to ask for less than a view that took too much, those that help most first: a shorter period that ends with it, no filters, no comparison, and only whole
 * hours, which come from the roll-up. `isHeld`: the period is somebody else's to choose.
 */
export const lighterThan = (view: View, now: number, isHeld: boolean): readonly Lighter[] => [
  ...(isHeld ? [] : shorter(view, now)),
  ...(view.filters.length > 0 ? [{ words: 'Without filters', change: { filters: [] } }] : []),
  ...(view.compare !== 'none' && !isHeld
    ? [{ words: 'Without comparison', change: { compare: 'none' } as const }]
    : []),
  ...(isHeld ? [] : rolledUp(view, now)),
];

const shorter = ({ from, to }: View, now: number): readonly Lighter[] => {
  const period = periodOf(from, to, now);
  const days = SHORTER_DAYS.find((each) => each * DAY < period.to - period.from);
  if (days === undefined) return [];
  if (to === 'now')
    return [
      { words: days === 1 ? 'Today only' : `Last ${days} days only`, change: { from: `-${days}d`, to } },
    ];
  const shortened = { from: dayOf(period.to - days * DAY), to: dayOf(period.to - 1) };
  return [{ words: `${rangeWords(periodOf(shortened.from, shortened.to, now))} only`, change: shortened }];
};

/** The hours that are not over are put together from beacons each time. */
const rolledUp = ({ from, to }: View, now: number): readonly Lighter[] => {
  const period = periodOf(from, to, now);
  const end = Math.floor((now - ROLLED_AFTER) / HOUR) * HOUR;
  if (period.to <= end || period.from >= end) return [];
  return [
    {
      words: 'Only hours that are rolled up',
      change: { from: instant(Math.floor(period.from / HOUR) * HOUR), to: instant(end) },
    },
  ];
};

const instant = (time: number): string => `${new Date(time).toISOString().slice(0, 16)}Z`;
