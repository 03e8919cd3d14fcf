import type { Query } from '../../api/client.ts';
import { formatDay } from '../../parts/numbers.ts';
import { dimensionWord, valueWords } from '../../reports/dimension-words.ts';
import { formatFilter } from '../../state/filter.ts';
import type { Period } from '../../state/moment.ts';

/** What is compared: the selection in two periods, or two values of a dimension within the selection. Stands in the address as `by`, `a` and `b`. */
export interface Sides {
  readonly by: string;
  /** Values of the dimension; null: not chosen yet. Of periods `b` is `prev`, `year`, or a day at which the other period begins. */
  readonly a: string | null;
  readonly b: string | null;
}

/** What may be compared, most wanted first. */
export const SIDES_BY = [
  'period',
  'release',
  'device',
  'country',
  'browser',
  'connection',
  'page_group',
  'navigation_type',
  'ab_group',
  'hostname',
] as const;

/** Reads an address; what cannot be read compares with the period before. */
export const readSides = (extra: Readonly<Record<string, string>>): Sides => {
  const by = SIDES_BY.find((known) => known === extra['by']) ?? 'period';
  const b = extra['b'] ?? null;
  if (by === 'period') return { by, a: null, b: b !== null && (b === 'year' || isDay(b)) ? b : 'prev' };
  return { by, a: extra['a'] ?? null, b };
};

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

const YEAR_MS = 52 * 7 * 86_400_000;

/** The other period, as long as the first. */
export const otherPeriod = (b: string | null, { from, to }: Period): Period => {
  if (b !== null && isDay(b)) return { from: Date.parse(b), to: Date.parse(b) + (to - from) };
  const shift = b === 'year' ? YEAR_MS : to - from;
  return { from: from - shift, to: to - shift };
};

/** Parameters of `/reports/compare`. */
export const sidesQuery = ({ by, a, b }: Sides, selection: Query, period: Period): Query => {
  if (by === 'period') {
    const { from, to } = otherPeriod(b, period);
    return [...selection, ['b.from', new Date(from).toISOString()], ['b.to', new Date(to).toISOString()]];
  }
  const others = selection.filter(([name]) => name === 'filter');
  const filterOf = (value: string | null): string =>
    formatFilter({ dimension: by, op: 'is', values: [value ?? ''] });
  return [
    ...selection,
    ['filter', filterOf(a)],
    ...others.map(([, value]) => ['b.filter', value] as const),
    ['b.filter', filterOf(b)],
  ];
};

/** What the sides are called. */
export const sideWords = ({ by, a, b }: Sides, period: Period): readonly [a: string, b: string] => {
  if (by === 'period') return [periodWords(period), periodWords(otherPeriod(b, period))];
  const words = (value: string | null): string =>
    value === null ? '…' : `${dimensionWord(by)} ${valueWords(by, value)}`;
  return [words(a), words(b)];
};

const periodWords = ({ from, to }: Period): string => `${formatDay(from)} – ${formatDay(to - 1)}`;
