import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, test } from 'vitest';
import type { Target } from './target.ts';

/** Errors as the official client sees them. */
export const errorContract = (target: () => Target): void => {
  describe('errors', () => {
    test.each([
      ['SELECT * FROM no_such_table', '60', 'UNKNOWN_TABLE'],
      ['SELECT no_such_column FROM system.one', '47', 'UNKNOWN_IDENTIFIER'],
      ['SELECT no_such_function()', '46', 'UNKNOWN_FUNCTION'],
      ['SELECT * FROM no_such_database.t', '81', 'UNKNOWN_DATABASE'],
      ['SELECT 1 +', '62', 'SYNTAX_ERROR'],
      ["SELECT 'not closed", '62', 'SYNTAX_ERROR'],
      ['SELECT 1; SELECT 2', '62', 'SYNTAX_ERROR'],
      ["SELECT toUInt8('x')", '6', 'CANNOT_PARSE_TEXT'],
      ['SELECT 1 FORMAT NoSuchFormat', '73', 'UNKNOWN_FORMAT'],
      ['CREATE TABLE t (a UInt8) ENGINE = NoSuchEngine', '56', 'UNKNOWN_STORAGE'],
    ])('refuses %s', async (query, code, type) => {
      const error = await target()
        .client.exec({ query })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ClickHouseError);
      expect(error).toMatchObject({ code, type });
    });

    test('shows the statement in an error as its caller wrote it', async () => {
      const wrong = target().client.exec({ query: 'SELECT 1 FROM WHERE' });
      await expect(wrong).rejects.toMatchObject({
        message: expect.not.stringMatching(/query_id|OUTFILE|spool|\.pipe/),
      });
    });

    test('refuses INTO OUTFILE and FROM INFILE', async () => {
      await expect(
        target().client.command({ query: "SELECT 1 INTO OUTFILE '/tmp/rumbrella-contract' FORMAT CSV" }),
      ).rejects.toBeInstanceOf(ClickHouseError);
      await expect(
        target().client.command({ query: "INSERT INTO t FROM INFILE '/etc/passwd' FORMAT LineAsString" }),
      ).rejects.toBeInstanceOf(ClickHouseError);
    });

    test('tells of an error behind the first rows', async () => {
      const result = await target().client.query({
        query: "SELECT throwIf(number = 2000000, 'too far') FROM numbers(3000000)",
        format: 'JSONEachRow',
        clickhouse_settings: { max_block_size: '10000', wait_end_of_query: 0 },
      });
      let rows = 0;
      const read = async (): Promise<void> => {
        for await (const some of result.stream()) rows += some.length;
      };
      await expect(read()).rejects.toThrow(/too far|aborted/);
      expect(rows).toBeLessThan(2_000_001);
    });

    test('tells of it with its status when the caller waits for the end', async () => {
      await expect(
        target().client.query({
          query: "SELECT throwIf(number = 200000, 'too far') FROM numbers(300000)",
          format: 'JSONEachRow',
          clickhouse_settings: { wait_end_of_query: 1 },
        }),
      ).rejects.toMatchObject({ code: '395' });
    });

    test('refuses a wrong password', async () => {
      const client = target().newClient({ password: 'wrong' });
      await expect(client.query({ query: 'SELECT 1' })).rejects.toMatchObject({
        code: '516',
        type: 'AUTHENTICATION_FAILED',
      });
      const stranger = target().newClient({ username: 'nobody', password: target().connection.password });
      await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
    });

    test('keeps to max_memory_usage', async () => {
      await expect(
        target().client.exec({
          query: 'SELECT groupArray(number) FROM numbers(50000000) FORMAT Null',
          clickhouse_settings: { max_memory_usage: '50000000' },
        }),
      ).rejects.toMatchObject({ code: '241' });
    });
  });
};
