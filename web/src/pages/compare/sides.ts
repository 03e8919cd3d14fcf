import type { Query } from '../../api/client.ts';
import { formatDay } from '../../parts/numbers.ts';
import { dimensionWord, valueWords } from '../../reports/dimension-words.ts';
import { filterWords } from '../../shell/filter-words.ts';
import { type Filter, formatFilter, parseFilter } from '../../state/filter.ts';
import type { Period } from '../../state/moment.ts';

/**
 * What is compared: the selection in two periods, two values of a dimension within it, filters of each side's own (`selection`), or two organizations. Stands in the address as `by`,
 * `a`, `b` and `when`.
 */
export interface Sides {
  readonly by: string;
  /**
   * Values of the dimension, or organizations; null: not chosen yet. Of periods `b` is `prev`, `year`, or a day at which the other period begins. Of `selection` both are
   * filters as `writeSideFilters` writes them.
   */
  readonly a: string | null;
  readonly b: string | null;
  /** Of `selection`: the period of B, as `b` of periods; null: the same as A's. */
  readonly when: string | null;
}

/** What may be compared, most wanted first. */
export const SIDES_BY = [
  'period',
  'selection',
  'release',
  'device',
  'country',
  'browser',
  'connection',
  'page_group',
  'navigation_type',
  'ab_group',
  'hostname',
  'organization',
] as const;

/** Reads an address; what cannot be read compares with the period before. */
export const readSides = (extra: Readonly<Record<string, string>>): Sides => {
  const by = SIDES_BY.find((known) => known === extra['by']) ?? 'period';
  const b = extra['b'] ?? null;
  const when = extra['when'] ?? null;
  if (by === 'period') return { by, a: null, b: isOtherPeriod(b) ? b : 'prev', when: null };
  if (by === 'selection')
    return { by, a: extra['a'] ?? '', b: b ?? '', when: isOtherPeriod(when) ? when : null };
  return { by, a: extra['a'] ?? null, b, when: null };
};

/** Filters of a side as one text of the address: `device:is:mobile;release:is:4.2`. Values hold no `;`, since they are percent-encoded. */
export const writeSideFilters = (filters: readonly Filter[]): string => filters.map(formatFilter).join(';');

/** Reads what `writeSideFilters` wrote; what is no filter is left out. */
export const readSideFilters = (text: string | null): readonly Filter[] =>
  (text ?? '')
    .split(';')
    .map(parseFilter)
    .filter((filter) => filter !== null);

const isOtherPeriod = (text: string | null): text is string =>
  text === 'prev' || text === 'year' || (text !== null && isDay(text));

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

const YEAR_MS = 52 * 7 * 86_400_000;

/** The other period, as long as the first. */
export const otherPeriod = (b: string | null, { from, to }: Period): Period => {
  if (b !== null && isDay(b)) return { from: Date.parse(b), to: Date.parse(b) + (to - from) };
  const shift = b === 'year' ? YEAR_MS : to - from;
  return { from: from - shift, to: to - shift };
};

/** Parameters of `/reports/compare`. */
export const sidesQuery = ({ by, a, b, when }: Sides, selection: Query, period: Period): Query => {
  if (by === 'period') return [...selection, ...periodQuery(otherPeriod(b, period))];
  const others = selection.filter(([name]) => name === 'filter');
  if (by === 'selection') {
    const ofB = [...others.map(([, value]) => value), ...readSideFilters(b).map(formatFilter)];
    return [
      ...selection,
      ...readSideFilters(a).map((filter) => ['filter', formatFilter(filter)] as const),
      // An empty one takes away what A has.
      ...(ofB.length === 0 ? [''] : ofB).map((value) => ['b.filter', value] as const),
      ...(when === null ? [] : periodQuery(otherPeriod(when, period))),
    ];
  }
  const filterOf = (value: string | null): string =>
    formatFilter({ dimension: by, op: 'is', values: [value ?? ''] });
  return [
    ...selection,
    ['filter', filterOf(a)],
    ...others.map(([, value]) => ['b.filter', value] as const),
    ['b.filter', filterOf(b)],
  ];
};

const periodQuery = ({ from, to }: Period): Query => [
  ['b.from', new Date(from).toISOString()],
  ['b.to', new Date(to).toISOString()],
];

/** What the sides are called. */
export const sideWords = ({ by, a, b, when }: Sides, period: Period): readonly [a: string, b: string] => {
  if (by === 'selection') {
    const words = (text: string | null): string => readSideFilters(text).map(filterWords).join(', ');
    const [wordsA, wordsB] = [words(a) || EVERYTHING, words(b) || EVERYTHING];
    return when === null
      ? [wordsA, wordsB]
      : [`${wordsA}, ${periodWords(period)}`, `${wordsB}, ${periodWords(otherPeriod(when, period))}`];
  }
  if (by === 'period') return [periodWords(period), periodWords(otherPeriod(b, period))];
  const words = (value: string | null): string =>
    value === null ? '…' : `${dimensionWord(by)} ${valueWords(by, value)}`;
  return [words(a), words(b)];
};

const EVERYTHING = 'Everything';

const periodWords = ({ from, to }: Period): string => `${formatDay(from)} – ${formatDay(to - 1)}`;
