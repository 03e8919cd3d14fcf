import { TupleParam } from '@clickhouse/client';
import { describe, expect, test } from 'vitest';
import type { Target } from './target.ts';

/** Query parameters of all kinds. */
export const parameterContract = (target: () => Target): void => {
  describe('parameters', () => {
    const value = async (type: string, given: unknown, options: object = {}): Promise<unknown> => {
      const result = await target().client.query({
        query: `SELECT {given:${type}} AS value`,
        query_params: { given },
        format: 'JSONEachRow',
        clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
        ...options,
      });
      const [row] = await result.json<{ value: unknown }>();
      return row?.value;
    };
    const hostile = '\'; DROP TABLE x; -- \\ \n\t\0 {a:String} $$ é☂ `"';

    test.each<[string, unknown, unknown]>([
      ['UInt8', 7, 7],
      ['Int64', -9_007_199_254_740_993n, '-9007199254740993'],
      ['Float64', 1.5, 1.5],
      ['Bool', true, true],
      ['String', hostile, hostile],
      ['String', '', ''],
      ['Nullable(String)', null, null],
      ['Array(String)', [hostile, 'b'], [hostile, 'b']],
      ['Array(Array(UInt8))', [[1], [2, 3]], [[1], [2, 3]]],
      ['Map(String, UInt8)', { a: 1, "b'c": 2 }, { a: 1, "b'c": 2 }],
      ['Tuple(UInt8, String)', new TupleParam([1, "a'b"]), [1, "a'b"]],
      ['Date', '2026-11-22', '2026-11-22'],
      ["DateTime('UTC')", new Date('2026-11-22T01:02:03Z'), '2026-11-22 01:02:03'],
      ["DateTime64(3, 'UTC')", new Date('2026-11-22T01:02:03.456Z'), '2026-11-22 01:02:03.456'],
      ["Enum8('a' = 1, 'b' = 2)", 'b', 'b'],
      ['UUID', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '61f0c404-5cb3-11e7-907b-a6006ad3dba0'],
    ])('binds %s', async (type, given, expected) => {
      expect(await value(type, given)).toEqual(expected);
    });

    test('binds identifiers', async () => {
      const result = await target().client.query({
        query: 'SELECT {column:Identifier} FROM {database:Identifier}.{table:Identifier}',
        query_params: { column: 'dummy', database: 'system', table: 'one' },
        format: 'TabSeparated',
      });
      expect(await result.text()).toBe('0\n');
    });

    test('binds parameters that are sent as a form', async () => {
      expect(await value('String', hostile, { use_multipart_params: true })).toBe(hostile);
      const long = Array.from({ length: 20_000 }, (_, index) => `value-${index}`);
      expect(await value('Array(String)', long, { use_multipart_params: true })).toEqual(long);
    });

    test('binds parameters in statements that write', async () => {
      await target().client.command({
        query: 'CREATE TABLE parametrised (a String) ENGINE = MergeTree ORDER BY a',
      });
      await target().client.command({
        query: 'INSERT INTO {table:Identifier} SELECT {a:String}',
        query_params: { table: 'parametrised', a: hostile },
      });
      const result = await target().client.query({
        query: 'SELECT a FROM parametrised',
        format: 'JSONEachRow',
      });
      expect(await result.json()).toEqual([{ a: hostile }]);
    });

    test('refuses a statement whose parameter is missing, also after a call that had it', async () => {
      expect(await value('String', 'kept?')).toBe('kept?');
      await expect(target().client.query({ query: 'SELECT {given:String}' })).rejects.toMatchObject({
        code: '456',
      });
    });

    test('keeps parameters of calls at the same time apart', async () => {
      const given = Array.from({ length: 40 }, (_, index) => `value ${index}`);
      expect(await Promise.all(given.map((one) => value('String', one)))).toEqual(given);
    });
  });
};
