import { z } from 'zod';
import type { Selection } from './contract.ts';
import { readFilter } from './filters.ts';
import { parameterFault, refusal } from './faults.ts';
import { withinLock } from './lock.ts';
import { boundedText, oneOf, repeated } from './parameters.ts';
import type { Asked } from './report.ts';
import type { Period } from './tenant-views.ts';

/** How navigations are chosen; hard and soft ones are never blended unless asked for. */
export const NAVIGATIONS = ['hard', 'soft', 'bfcache', 'all'] as const;

/** So many filters in one selection. */
export const MAX_FILTERS = 20;

const moment = z
  .string()
  .refine(
    (text) => momentOf(text) !== null,
    'a date or a moment in ISO 8601, as 2026-11-22 or 2026-11-22T08:00:00Z',
  )
  .transform((text) => momentOf(text) ?? 0);

/** The parameters that select page views, as `contract.ts` describes them. */
export const SELECTION_PARAMETERS = {
  site: boundedText(253).min(1, 'a host name').optional(),
  from: moment.optional(),
  to: moment.optional(),
  filter: repeated(z.string().transform(readFilter), MAX_FILTERS),
  navigations: oneOf(NAVIGATIONS).optional(),
  percentile: oneOf(['50', '75', '90', '95', '99']).optional(),
  bots: oneOf(['with', 'without']).optional(),
};

/** What `SELECTION_PARAMETERS` reads. */
export type SelectionParameters = z.output<z.ZodObject<typeof SELECTION_PARAMETERS>>;

/**
 * The selection that a report was asked for, as far as the calling account may see it. Errors: 400 for a period that cannot be, 403 for one that the
 * account is kept out of wholly, 404 for a site that the tenant does not have.
 */
export const select = async (
  asked: Asked<SelectionParameters>,
  given: SelectionParameters = asked.parameters,
  base?: Selection,
): Promise<Selection> => {
  const { lock } = asked.views;
  const whole = selectionOf(given, asked.now, base);
  const selection = lock === null ? whole : withinLock(whole, lock);
  if (selection.site === null || (await asked.views.hasSite(selection.site))) return selection;
  throw refusal(404, {
    message: `site: the organization has no site ${JSON.stringify(selection.site)}`,
    code: 'SITE_UNKNOWN',
    parameters: [{ key: 'site', value: selection.site }],
  });
};

const DAY_MS = 86_400_000;

/** The longest period of a report, days: more than two years, to compare with the year before. */
export const MAX_PERIOD_DAYS = 800;

/**
 * The selection that parameters say, with the defaults or, for the other side of a comparison, what `base` has. Moments are whole seconds.
 * Errors: 400 for a period that is empty or too long.
 */
export const selectionOf = (given: SelectionParameters, now: number, base?: Selection): Selection => {
  const baseMs = base === undefined ? undefined : periodOf(base);
  const length = baseMs === undefined ? 28 * DAY_MS : baseMs.to - baseMs.from;
  const to =
    given.to ?? (given.from === undefined ? (baseMs?.to ?? now) : endAfter(given.from, length, baseMs, now));
  const from = given.from ?? (given.to === undefined && baseMs !== undefined ? baseMs.from : to - length);
  checkPeriod(from, to);
  return {
    // An empty one takes away what the first side of a comparison has.
    site: (given.site ?? base?.site ?? '') || null,
    from: wholeSecond(from),
    to: wholeSecond(to),
    filters: given.filter ?? base?.filters ?? [],
    navigations: given.navigations ?? base?.navigations ?? 'hard',
    percentile: given.percentile === undefined ? (base?.percentile ?? 75) : Number(given.percentile),
    bots: given.bots === undefined ? (base?.bots ?? false) : given.bots === 'with',
  };
};

/** Without an end, a period goes up to now; the other side of a comparison is as long as the first. */
const endAfter = (from: number, length: number, base: Period | undefined, now: number): number =>
  base === undefined ? now : from + length;

const checkPeriod = (from: number, to: number): void => {
  const shown = `${isoOf(from)} to ${isoOf(to)}`;
  if (Math.floor(to / 1_000) <= Math.floor(from / 1_000))
    throw refusal(400, parameterFault('from', shown, 'a beginning before the end'));
  if (to - from > MAX_PERIOD_DAYS * DAY_MS)
    throw refusal(400, parameterFault('from', shown, `a period of at most ${MAX_PERIOD_DAYS} days`));
};

const isoOf = (epochMs: number): string => new Date(epochMs).toISOString();

const wholeSecond = (epochMs: number): string => isoOf(Math.floor(epochMs / 1_000) * 1_000);

/** Period of a selection, epoch ms. */
export const periodOf = ({ from, to }: Pick<Selection, 'from' | 'to'>): Period => ({
  from: Date.parse(from),
  to: Date.parse(to),
});

/** The period of the same length that ends where this one begins. */
export const periodBefore = ({ from, to }: Period): Period => ({ from: from - (to - from), to: from });

/** The same selection in another period. */
export const during = (selection: Selection, { from, to }: Period): Selection => ({
  ...selection,
  from: wholeSecond(from),
  to: wholeSecond(to),
});

/** Epoch ms of a date (its first moment, UTC) or of a moment with its zone; null for all else, also outside of 2000 to 2100. */
const momentOf = (text: string): number | null => {
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text))
    return null;
  const epochMs = Date.parse(text);
  // Date.parse takes the 31st of February for a day of March.
  if (Number.isNaN(epochMs) || epochMs < FIRST || epochMs > LAST) return null;
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day ? epochMs : null;
};

const FIRST = Date.UTC(2000, 0);
const LAST = Date.UTC(2100, 0);
