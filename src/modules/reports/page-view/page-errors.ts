import { readErrorDetails } from '#page-errors';
import type { PageError } from '../contract.ts';
import { navigationOf } from './bucket-starts.ts';
import { type OtherParameters, textsOf } from './other-parameters.ts';

/** So many are shown of one page view. */
const MAX_ERRORS = 200;
/** An error that is further away from the navigation had a clock that was set. */
const LONGEST_MS = 30 * 86_400_000;

/**
 * The errors of a page by time, those without one last. `url` is the page's: files of its own origin are sent without it. Beacons may have been stored twice; a list that
 * was told again counts once.
 */
export const errorsOf = (beacons: readonly OtherParameters[], url: string): readonly PageError[] => {
  const navigation = navigationOf(beacons);
  const origin = URL.parse(url)?.origin ?? '';
  return textsOf(beacons, 'err')
    .flatMap((text) => readErrorDetails(text, MAX_ERRORS) ?? [])
    .map(({ time, frames, ...error }) => ({
      ...error,
      at: sinceNavigation(time, navigation),
      time: time === null ? null : new Date(time).toISOString(),
      frames: frames.map((frame) => ({ ...frame, file: absolute(frame.file, origin) })),
    }))
    .toSorted((a, b) => (a.at ?? Number.MAX_VALUE) - (b.at ?? Number.MAX_VALUE))
    .slice(0, MAX_ERRORS);
};

const sinceNavigation = (time: number | null, navigation: number | null): number | null => {
  if (time === null || navigation === null) return null;
  const at = time - navigation;
  return at >= 0 && at <= LONGEST_MS ? at : null;
};

const absolute = (file: string, origin: string): string =>
  file.startsWith('/') && !file.startsWith('//') ? `${origin}${file}` : file;
