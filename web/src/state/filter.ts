import type { Filter } from '#reports';

export type { Filter };

/** How a filter compares, in the order of the editor. */
export const OPERATORS = ['is', 'is_not', 'contains', 'begins'] as const;

/** The operators as people read them. */
export const OPERATOR_WORDS: Readonly<Record<Filter['op'], string>> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  begins: 'begins with',
};

/** Reads `dimension:op:A|B`, values percent-encoded; null when it is not one. The reports read the same form. */
export const parseFilter = (text: string): Filter | null => {
  const [dimension = '', op = '', ...others] = text.split(':');
  const operator = OPERATORS.find((known) => known === op);
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(dimension) || operator === undefined || others.length === 0) return null;
  try {
    return { dimension, op: operator, values: others.join(':').split('|').map(decodeURIComponent) };
  } catch {
    return null;
  }
};

/** Writes a filter as `parseFilter` reads it. */
export const formatFilter = ({ dimension, op, values }: Filter): string =>
  `${dimension}:${op}:${values.map(encodeURIComponent).join('|')}`;

/** The same filter: dimension, operator and values. */
export const isSameFilter = (a: Filter, b: Filter): boolean => formatFilter(a) === formatFilter(b);

/** The filters with one more; a filter of the same dimension and operator takes its values in, so a second click on a row widens. */
export const withFilter = (filters: readonly Filter[], added: Filter): readonly Filter[] => {
  const known = filters.find(({ dimension, op }) => dimension === added.dimension && op === added.op);
  if (known === undefined) return [...filters, added];
  const values = [...new Set([...known.values, ...added.values])];
  return filters.map((filter) => (filter === known ? { ...known, values } : filter));
};

/** The filters without those of a dimension. */
export const withoutDimension = (filters: readonly Filter[], dimension: string): readonly Filter[] =>
  filters.filter((filter) => filter.dimension !== dimension);
