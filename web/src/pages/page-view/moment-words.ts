import { formatDuration } from '../../parts/numbers.ts';

/** A moment of a page view. */
export interface Moment {
  readonly name: string;
  readonly at: number;
  readonly value: number | null;
}

const WORDS: Readonly<Record<string, readonly [short: string, long: string]>> = {
  activated: ['Shown', 'The prerendered page was shown'],
  ttfb: ['TTFB', 'First byte of the document'],
  fp: ['FP', 'First paint'],
  fcp: ['FCP', 'First content was painted'],
  lcp: ['LCP', 'Largest content was painted'],
  dom_interactive: ['Interactive', 'The document was read'],
  dcl: ['DCL', 'DOMContentLoaded had ended'],
  dom_complete: ['Complete', 'The document and its resources were there'],
  load: ['Load', 'The load event had ended'],
  inp: ['INP', 'The slowest interaction began'],
  shift: ['Shift', 'The layout shifted'],
};

/** Name of a moment in a chart. */
export const momentLabel = ({ name }: Moment): string => WORDS[name]?.[0] ?? name;

/** What happened then. */
export const momentWords = ({ name, value }: Moment): string => {
  const words = WORDS[name]?.[1] ?? name;
  if (value === null) return words;
  return name === 'inp' ? `${words} (it took ${formatDuration(value)})` : `${words} by ${value.toFixed(3)}`;
};
