import { type Cql, parseCql, unknownField } from './cql.ts';
import type { Page, PageRequest } from './records.ts';

/** What a list in memory can be asked for: field in queries → its value in a record; null: the record has none. The first one is the order. */
export type FieldsOf<T> = Readonly<Record<string, (record: T) => string | null>>;

/**
 * The part of a list in memory that a query asks for, as `openRecords` answers it from a table. Pure. Errors: `CQL_INVALID`, `CQL_FIELD_UNKNOWN` (400).
 */
export const pageOf = <T>(
  records: readonly T[],
  fields: FieldsOf<T>,
  { query, offset, limit }: PageRequest,
): Page<T> => {
  const valueOf = (field: string): ((record: T) => string | null) => {
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (value === undefined) throw unknownField(field, Object.keys(fields));
    return value;
  };
  const { where, sortBy } = parseCql(query);
  const fits = compile(where, valueOf);
  const order = [...sortBy, { field: Object.keys(fields)[0] ?? '', descending: false }].map(
    ({ field, descending }) => ({ value: valueOf(field), sign: descending ? -1 : 1 }),
  );
  const found = records.filter(fits).toSorted((a, b) => {
    for (const { value, sign } of order) {
      const [left, right] = [value(a) ?? '', value(b) ?? ''];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  });
  return { records: found.slice(offset, offset + limit), totalRecords: found.length };
};

type Fits<T> = (record: T) => boolean;

const compile = <T>(query: Cql, valueOf: (field: string) => (record: T) => string | null): Fits<T> => {
  switch (query.kind) {
    case 'all':
      return () => true;
    case 'and':
    case 'or':
    case 'not': {
      const [left, right] = [compile(query.left, valueOf), compile(query.right, valueOf)];
      if (query.kind === 'or') return (record) => left(record) || right(record);
      const wanted = query.kind === 'and';
      return (record) => left(record) && right(record) === wanted;
    }
    case 'term': {
      const value = valueOf(query.field);
      const { relation, value: asked } = query;
      if (relation === '<>') return (record) => value(record) !== asked;
      if (relation === '==' && !asked.includes('*')) return (record) => value(record) === asked;
      const matches = wildcard(asked.toLowerCase());
      return (record) => matches(value(record)?.toLowerCase() ?? null);
    }
  }
};

/** `*` stands for any text. Looks for the parts one after the other, so no pattern takes long. */
const wildcard = (pattern: string): ((text: string | null) => boolean) => {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  return (text) => {
    if (text === null) return false;
    if (tail === undefined) return text === head;
    if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length)
      return false;
    let place = head.length;
    for (const part of rest) {
      const found = text.indexOf(part, place);
      if (found < 0) return false;
      place = found + part.length;
    }
    return place <= text.length - tail.length;
  };
};
