import { describe, expect, test } from 'vitest';
import { type InsertStatement, parseStatement, type RowsStatement, takesData } from './statement.ts';

const insert = (text: string): InsertStatement => {
  const statement = parseStatement(text);
  if (statement.kind !== 'insert-data') throw new Error(`it is ${statement.kind}`);
  return statement;
};
const squeezed = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

describe('a statement', () => {
  test.each([
    ['SELECT 1', 'rows'],
    ['(SELECT 1)', 'rows'],
    ['with a as (select 1) select * from a', 'rows'],
    ['WITH 1 AS a INSERT INTO t SELECT a', 'insert-select'],
    ['INSERT INTO t SELECT 1', 'insert-select'],
    ['INSERT INTO t (a) (SELECT 1)', 'insert-select'],
    ['INSERT INTO t (a) WITH 1 AS x SELECT x', 'insert-select'],
    ['INSERT INTO t VALUES (1)', 'insert-data'],
    ['INSERT INTO t FORMAT CSV', 'insert-data'],
    ["INSERT INTO FUNCTION null('a Int8') FORMAT CSV 1", 'insert-data'],
    ['-- SELECT\nKILL QUERY WHERE 1', 'kill'],
    ['CREATE TABLE t (a Int8) ENGINE = Memory', 'command'],
    ['CREATE TABLE t ENGINE = Memory AS SELECT 1', 'command'],
    ['OPTIMIZE TABLE t', 'command'],
  ])('of the text %s is of the kind %s', (text, kind) => {
    expect(parseStatement(text).kind).toBe(kind);
  });

  test.each([
    ['SELECT 1 FORMAT CSV', 'SELECT 1 ', 'CSV', 'FORMAT CSV'],
    ['SELECT 1 format `CSV` settings a = 1;', 'SELECT 1 ', 'CSV', 'format `CSV` settings a = 1'],
    ['SELECT format FROM t', 'SELECT format FROM t', undefined, ''],
    ['SELECT 1 AS format', 'SELECT 1 AS format', undefined, ''],
    ['SELECT * FROM format f', 'SELECT * FROM format f', undefined, ''],
    ["SELECT 'FORMAT CSV'", "SELECT 'FORMAT CSV'", undefined, ''],
    ['SELECT (SELECT 1 FORMAT CSV)', 'SELECT (SELECT 1 FORMAT CSV)', undefined, ''],
    ['SELECT 1 FORMAT CSV -- FORMAT TSV', 'SELECT 1 ', 'CSV', 'FORMAT CSV -- FORMAT TSV'],
  ])('%s is cut before its FORMAT', (text, head, format, tail) => {
    const statement = parseStatement(text) as RowsStatement;
    expect([statement.head, statement.format, squeezed(statement.tail)]).toEqual([head, format, tail]);
  });

  test.each([
    ['INSERT INTO t FORMAT CSV', ''],
    ['INSERT INTO t FORMAT CSV 1,2', '1,2'],
    ['INSERT INTO t FORMAT CSV  \n1,2', '1,2'],
    ['INSERT INTO t FORMAT CSV\r\n\n1,2', '\n1,2'],
    ['INSERT INTO t FORMAT RowBinary\n \n', ' \n'],
    ['INSERT INTO t FORMAT CSV SETTINGS a = 1, b = -2\n1,2', '1,2'],
    ['INSERT INTO t (format, values) FORMAT CSV\n1', '1'],
    ['INSERT INTO values.format FORMAT CSV\n1', '1'],
    ["INSERT INTO t /* FORMAT TSV ' */ FORMAT CSV\n'", "'"],
    ['INSERT INTO t VALUES (1), (2)', ' (1), (2)'],
  ])('%s has its data behind the format', (text, data) => {
    expect(text.slice(insert(text).dataStart)).toBe(data);
  });

  test('of an INSERT is rewritten to read a file, with its settings and comments', () => {
    const statement = insert('INSERT INTO d.t (a, `b c`) /* batch 7 */ SETTINGS x = 1 FORMAT RowBinary');
    expect(squeezed(statement.fromFile("/a'b", '/* mark */'))).toBe(
      "INSERT INTO d.t (a, `b c`) /* batch 7 */ FROM INFILE '/a\\'b' COMPRESSION 'none' SETTINGS x = 1 /* mark */ FORMAT `RowBinary`",
    );
  });

  test('of an INSERT through input() is rewritten to read a file as a table', () => {
    const statement = insert("INSERT INTO t SELECT a FROM input('a Int8') WHERE a > 1 FORMAT CSV\n1\n");
    expect(squeezed(statement.fromFile('/f'))).toBe(
      "INSERT INTO t SELECT a FROM file('/f', 'CSV', 'a Int8') WHERE a > 1",
    );
  });

  test.each([
    [62, ''],
    [62, ' ; '],
    [62, 'SELECT 1; SELECT 2'],
    [62, "SELECT 'a"],
    [62, 'INSERT INTO t FORMAT'],
    [358, "SELECT 1 INTO OUTFILE 'x'"],
    [48, "INSERT INTO t FROM INFILE 'x' FORMAT CSV"],
  ])('is refused with %i: %s', (code, text) => {
    expect(() => parseStatement(text)).toThrow(expect.objectContaining({ errorNumber: code }));
  });

  test('takes data when it ends where they would begin', () => {
    expect(
      ['INSERT INTO t FORMAT CSV', 'INSERT INTO t FORMAT CSV\n1', 'SELECT 1', "SELECT 'a"].map(takesData),
    ).toEqual([true, false, false, false]);
  });
});
