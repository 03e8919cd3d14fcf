import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cql, parseCql } from './cql.ts';

const term = (field: string, relation: '==' | '=' | '<>', value: string): Cql => ({
  kind: 'term',
  field,
  relation,
  value,
});

describe('a CQL query', () => {
  test('that is empty or asks for all records keeps all', () => {
    expect(parseCql('').where).toEqual({ kind: 'all' });
    expect(parseCql('cql.allRecords=1 sortby name').where).toEqual({ kind: 'all' });
  });

  test('binds from left to right, parentheses first', () => {
    expect(parseCql('module==NOTES AND (code="a b" or code=c*)').where).toEqual({
      kind: 'and',
      left: term('module', '==', 'NOTES'),
      right: { kind: 'or', left: term('code', '=', 'a b'), right: term('code', '=', 'c*') },
    });
  });

  test('may have several values for one field in parentheses', () => {
    expect(parseCql('id==(a or "b" or c) and name<>(d)').where).toEqual({
      kind: 'and',
      left: {
        kind: 'or',
        left: { kind: 'or', left: term('id', '==', 'a'), right: term('id', '==', 'b') },
        right: term('id', '==', 'c'),
      },
      right: term('name', '<>', 'd'),
    });
  });

  test('keeps quotes and backslashes of a text', () => {
    expect(parseCql(String.raw`name=="say \"hi\" \\ bye"`).where).toEqual(
      term('name', '==', String.raw`say "hi" \ bye`),
    );
  });

  test('names the fields to sort by', () => {
    expect(parseCql('name<>x sortby name/sort.descending id').sortBy).toEqual([
      { field: 'name', descending: true },
      { field: 'id', descending: false },
    ]);
  });

  test.each([
    ['name=='],
    ['name'],
    ['(name==a'],
    ['name==a)'],
    ['==a'],
    ['a==b c==d'],
    ['a"b'],
    ['('.repeat(40)],
  ])('that is broken is refused: %s', (query) => {
    expect(() => parseCql(query)).toThrow(/not valid CQL/);
  });

  test('of any text is parsed or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          parseCql(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'CQL_INVALID', status: 400 });
        }
      }),
    );
  });
});
