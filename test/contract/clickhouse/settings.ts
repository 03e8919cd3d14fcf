import { randomUUID } from 'node:crypto';
import type { ClickHouseSettings } from '@clickhouse/client';
import { describe, expect, test } from 'vitest';
import type { Target } from './target.ts';

/** Settings of one call, sessions, databases. */
export const settingsContract = (target: () => Target): void => {
  describe('settings and sessions', () => {
    const text = async (query: string, options: object = {}): Promise<string> =>
      (await target().client.query({ query, format: 'TabSeparated', ...options })).text();

    test('applies the settings of a call', async () => {
      const settings: ClickHouseSettings = { max_block_size: '1234', log_comment: "it's" };
      const seen = await text("SELECT getSetting('max_block_size'), getSetting('log_comment')", {
        clickhouse_settings: settings,
      });
      expect(seen).toBe("1234\tit\\'s\n");
    });

    test('forgets the settings of a call with it', async () => {
      const before = await text("SELECT getSetting('max_result_rows'), getSetting('max_block_size')");
      for (let round = 0; round < 20; round += 1) {
        await expect(
          text('SELECT number FROM numbers(10)', {
            clickhouse_settings: {
              max_result_rows: '1',
              max_block_size: '1',
              insert_deduplication_token: 'once',
            },
          }),
        ).rejects.toMatchObject({ code: '396' });
        expect(await text("SELECT getSetting('max_result_rows'), getSetting('max_block_size')")).toBe(before);
      }
      expect(await text("SELECT getSetting('insert_deduplication_token')")).toBe('\n');
    });

    test('forgets what a statement SETs or USEs outside a session', async () => {
      await target().client.command({ query: 'SET max_block_size = 77' });
      await target().client.command({ query: 'USE system' });
      expect(await text("SELECT getSetting('max_block_size') = 77, currentDatabase()")).toBe(
        `0\t${target().connection.database}\n`,
      );
    });

    test('keeps settings of calls at the same time apart', async () => {
      const values = Array.from({ length: 30 }, (_, index) => String(1_000 + index));
      const seen = await Promise.all(
        values.map((value) =>
          text("SELECT getSetting('max_block_size') ", {
            clickhouse_settings: { max_block_size: value },
          }),
        ),
      );
      expect(seen).toEqual(values.map((value) => `${value}\n`));
    });

    test('refuses settings that do not exist', async () => {
      await expect(text('SELECT 1', { clickhouse_settings: { no_such_setting: 1 } })).rejects.toMatchObject({
        code: '115',
      });
    });

    test('works in the database of the call', async () => {
      const client = target().newClient({ database: 'system' });
      expect(await (await client.query({ query: 'SELECT * FROM one', format: 'TabSeparated' })).text()).toBe(
        '0\n',
      );
      await expect(
        target().newClient({ database: 'no_such_database' }).query({ query: 'SELECT 1' }),
      ).rejects.toMatchObject({ code: '81' });
    });

    test('keeps temporary tables and SET in a session, and out of others', async () => {
      const session_id = randomUUID();
      await target().client.command({ query: 'CREATE TEMPORARY TABLE mine (a UInt8)', session_id });
      await target().client.insert({ table: 'mine', values: [{ a: 7 }], format: 'JSONEachRow', session_id });
      await target().client.command({ query: 'SET max_block_size = 77', session_id });
      expect(await text("SELECT a, getSetting('max_block_size') FROM mine", { session_id })).toBe('7\t77\n');
      await expect(text('SELECT a FROM mine')).rejects.toMatchObject({ code: '60' });
      await expect(text('SELECT a FROM mine', { session_id: randomUUID() })).rejects.toMatchObject({
        code: '60',
      });
    });

    test('does not keep the settings of a call in its session', async () => {
      const session_id = randomUUID();
      await target().client.command({ query: 'SET max_block_size = 88', session_id });
      const options = { session_id, clickhouse_settings: { max_block_size: '99', max_threads: 1 } };
      expect(await text("SELECT getSetting('max_block_size')", options)).toBe('99\n');
      expect(await text("SELECT getSetting('max_block_size')", { session_id })).toBe('88\n');
    });

    test('runs one statement of a session at a time', async () => {
      const session_id = randomUUID();
      const [first, second] = await Promise.allSettled([
        text('SELECT sleep(1)', { session_id }),
        text('SELECT sleep(1)', { session_id }),
      ]);
      const refused = [first, second].filter((one) => one.status === 'rejected');
      expect(refused).toEqual([{ status: 'rejected', reason: expect.objectContaining({ code: '373' }) }]);
    });

    test('keeps to max_execution_time', async () => {
      await expect(
        text('SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1', {
          clickhouse_settings: { max_execution_time: 1 },
        }),
      ).rejects.toMatchObject({ code: '159' });
    });

    test('keeps to readonly', async () => {
      await expect(
        target().client.command({
          query: 'CREATE TABLE forbidden (a UInt8) ENGINE = Memory',
          clickhouse_settings: { readonly: '1' },
        }),
      ).rejects.toMatchObject({ code: '164' });
    });
  });
};
