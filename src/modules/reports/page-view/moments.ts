import type { PageViewAnswer } from '../contract.ts';

/** What moments are made of: columns of a page view, and the layout shifts of its beacons. */
export interface MomentFacts {
  readonly activation_duration: number | null;
  readonly first_byte_duration: number | null;
  readonly first_paint: number | null;
  readonly first_contentful_paint: number | null;
  readonly largest_contentful_paint: number | null;
  readonly dom_interactive: number | null;
  readonly dcl: number | null;
  readonly dom_complete: number | null;
  readonly load_event_end: number | null;
  readonly load_time: number | null;
  readonly inp: number | null;
  readonly inp_at: number | null;
}

/** A layout shift: when (ms since navigation) and how large. */
export type ShiftFact = readonly [at: number, value: number];

type Moment = PageViewAnswer['moments'][number];

/** Shifts that are told apart; the largest ones when there are more. */
const MAX_SHIFTS = 50;

/**
 * The moments of a page in order, ms since navigation. What is measured since a prerendered page was shown is counted from its
 * activation here; what happened before it is left out, since its time is not known.
 */
export const momentsOf = (facts: MomentFacts, shifts: readonly ShiftFact[]): readonly Moment[] => {
  const shownAt = facts.activation_duration ?? 0;
  const sinceShown = (name: string, at: number | null): readonly Moment[] =>
    at === null || (shownAt > 0 && at === 0) ? [] : [{ name, at: at + shownAt, value: null }];
  return [
    ...(shownAt > 0 ? [{ name: 'activated', at: shownAt, value: null }] : []),
    ...sinceShown('ttfb', facts.first_byte_duration),
    ...sinceShown('fp', facts.first_paint),
    ...sinceShown('fcp', facts.first_contentful_paint),
    ...sinceShown('lcp', facts.largest_contentful_paint),
    ...sinceShown('dom_interactive', facts.dom_interactive),
    ...sinceShown('dcl', facts.dcl),
    ...sinceShown('dom_complete', facts.dom_complete),
    ...sinceShown('load', facts.load_event_end ?? facts.load_time),
    ...(facts.inp_at === null ? [] : [{ name: 'inp', at: facts.inp_at, value: facts.inp }]),
    ...largest(shifts).map(([at, value]) => ({ name: 'shift', at, value })),
  ].sort((a, b) => a.at - b.at);
};

/** Each shift once: beacons may have been stored twice. */
const largest = (shifts: readonly ShiftFact[]): readonly ShiftFact[] => {
  const distinct = new Map(shifts.map((shift) => [`${shift[0]} ${shift[1]}`, shift]));
  return [...distinct.values()].toSorted((a, b) => b[1] - a[1]).slice(0, MAX_SHIFTS);
};
