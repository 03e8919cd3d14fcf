import { z } from 'zod';
import type { ModuleRequest } from '#gateway/contract';
import { type Condition, filterCondition } from './condition.ts';
import type { Filter, Selection } from './contract.ts';
import { refusal } from './faults.ts';
import { FILTER_OPS, isDimension } from './filters.ts';
import type { Period } from './tenant-views.ts';

/** To what the calling account is held: a share link to what it shows, an API key perhaps to a site. */
export interface Lock {
  readonly site: string | null;
  readonly period: Period | null;
  /** The period with which it is compared, which is seen as well. */
  readonly compared?: Period | undefined;
  readonly filters: readonly Filter[];
  /** False: bots are kept out of what is seen; true: it is whoever asks that says. */
  readonly bots: boolean;
}

const lockSchema = z.object({
  site: z.string().nullable(),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  compared: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }).optional(),
  filters: z.array(
    z.object({
      dimension: z.string().refine(isDimension),
      op: z.enum(FILTER_OPS),
      values: z.array(z.string()),
    }),
  ),
  bots: z.boolean().default(true),
});

/**
 * Asks the accounts module, through the gateway, to what the caller is held; null: to nothing. Errors: 403 when that cannot be found out, since a
 * link must not show more because of a fault.
 */
export const readLock = async (request: Pick<ModuleRequest, 'userId' | 'call'>): Promise<Lock | null> => {
  if (request.userId === null) return null;
  const answer = await request.call({ method: 'GET', path: '/shares/selection' });
  // Without an accounts module there are no accounts that are held to anything; the gateway says 404 as well.
  if (answer.status === 404) return null;
  const parsed = lockSchema.safeParse(answer.status === 200 ? answer.json() : null);
  if (!parsed.success) throw locked('what this account may see cannot be found out at the moment');
  const { site, from, to, compared, filters, bots } = parsed.data;
  return {
    site,
    period: from === null && to === null ? null : periodOf(from, to),
    ...(compared !== undefined && { compared: periodOf(compared.from, compared.to) }),
    filters,
    bots,
  };
};

/** Half of a period holds as well. */
const periodOf = (from: string | null, to: string | null): Period => ({
  from: from === null ? 0 : Date.parse(from),
  to: to === null ? END_OF_TIME : Date.parse(to),
});

const END_OF_TIME = Date.UTC(2100, 0);

/** The site that somebody under this lock sees the whole of, bots and all times included; null: none. Only of it may be told what is not a page view. */
export const wholeSiteOf = ({ site, period, filters, bots }: Lock): string | null =>
  period === null && filters.length === 0 && bots ? site : null;

/** The condition on page views that a lock is. */
export const lockCondition = ({ site, period, compared, filters, bots }: Lock): Condition => {
  const parts: readonly Condition[] = [
    { sql: '1', parameters: {} },
    ...(site === null ? [] : [{ sql: 'hostname = {lock_site:String}', parameters: { lock_site: site } }]),
    ...(period === null ? [] : [periodsCondition([period, ...(compared === undefined ? [] : [compared])])]),
    ...filters.map((filter, index) => filterCondition(filter, `lock_f${index}`)),
    ...(bots ? [] : [{ sql: 'is_bot = 0', parameters: {} }]),
  ];
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(' AND '),
    parameters: Object.assign({}, ...parts.map(({ parameters }) => parameters)) as Record<string, unknown>,
  };
};

const periodsCondition = (periods: readonly Period[]): Condition => ({
  sql: periods
    .map(
      (_period, index) =>
        `(started_at >= toDateTime({lock_from${index}:UInt32}, 'UTC') AND started_at < toDateTime({lock_to${index}:UInt32}, 'UTC'))`,
    )
    .join(' OR '),
  parameters: Object.fromEntries(
    periods.flatMap(({ from, to }, index) => [
      [`lock_from${index}`, Math.floor(from / 1_000)],
      [`lock_to${index}`, Math.ceil(to / 1_000)],
    ]),
  ),
});

/**
 * The part of a selection that a lock leaves. What is read is held to the lock in any case; this makes the answer say so. Errors: 403 when
 * nothing is left. Of two periods it is the one of which more is selected.
 */
export const withinLock = (selection: Selection, lock: Lock): Selection => {
  const { site, filters } = lock;
  if (site !== null && selection.site !== null && selection.site !== site)
    throw locked(`this account sees the site ${JSON.stringify(site)} alone`);
  const { from, to } = within({ from: Date.parse(selection.from), to: Date.parse(selection.to) }, lock);
  if (from >= to) throw locked('this account does not see anything of that period');
  const known = new Set(selection.filters.map((filter) => JSON.stringify(filter)));
  return {
    ...selection,
    site: selection.site ?? site,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    filters: [...selection.filters, ...filters.filter((filter) => !known.has(JSON.stringify(filter)))],
    bots: selection.bots && lock.bots,
  };
};

const within = (asked: Period, { period, compared }: Lock): Period => {
  const parts = [period, ...(compared === undefined ? [] : [compared])].map((held) => ({
    from: Math.max(asked.from, Math.floor((held?.from ?? 0) / 1_000) * 1_000),
    to: Math.min(asked.to, Math.ceil((held?.to ?? Number.MAX_SAFE_INTEGER) / 1_000) * 1_000),
  }));
  return parts.reduce((most, part) => (part.to - part.from > most.to - most.from ? part : most));
};

const locked = (message: string) => refusal(403, { message, code: 'SELECTION_LOCKED' });
