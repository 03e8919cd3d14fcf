import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { poll } from '../../support/poll.ts';
import { bytesOf } from './queries.ts';
import type { Target } from './target.ts';

const ENDLESS = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1';

/** Statements side by side, and statements that are to be stopped. */
export const concurrencyContract = (target: () => Target): void => {
  describe('concurrency', () => {
    const running = async (needle: string): Promise<number> => {
      const result = await target().client.query({
        query:
          "SELECT count() FROM system.processes WHERE position(query, {needle:String}) > 0 AND query NOT LIKE '%system.processes%'",
        query_params: { needle },
        format: 'TabSeparated',
      });
      return Number(await result.text());
    };

    test('answers a quick statement while a slow one runs', async () => {
      let isSlowDone = false;
      const slow = target()
        .client.query({ query: 'SELECT sleep(3)', format: 'TabSeparated' })
        .then(async (result) => {
          await result.text();
          isSlowDone = true;
        });
      await (await target().client.query({ query: 'SELECT 1', format: 'TabSeparated' })).text();
      expect(isSlowDone).toBe(false);
      await slow;
    });

    test('answers many statements at the same time', async () => {
      const answers = await Promise.all(
        Array.from({ length: 60 }, async (_, index) =>
          (await target().client.query({ query: `SELECT ${index}`, format: 'TabSeparated' })).text(),
        ),
      );
      expect(answers).toEqual(answers.map((_, index) => `${index}\n`));
    });

    test('stops a statement whose caller gave up', async () => {
      const marker = randomUUID();
      const giveUp = new AbortController();
      const query = target().client.query({
        query: `${ENDLESS} /* ${marker} */`,
        abort_signal: giveUp.signal,
        clickhouse_settings: { cancel_http_readonly_queries_on_client_close: 1 },
      });
      const ended = failureOf(query);
      await poll('the statement runs', async () => (await running(marker)) === 1);
      giveUp.abort();
      expect(await ended).toBeInstanceOf(Error);
      await poll('the statement has ended', async () => (await running(marker)) === 0);
    });

    test('stops a statement with parameters whose caller goes away', async () => {
      const giveUp = new AbortController();
      const modulus = 1_000_003;
      const query = target().client.query({
        query: 'SELECT count() FROM numbers(100000000000) WHERE number % {modulus:UInt32} = 7',
        query_params: { modulus },
        format: 'JSONCompact',
        abort_signal: giveUp.signal,
        clickhouse_settings: { cancel_http_readonly_queries_on_client_close: 1 },
      });
      const ended = failureOf(query);
      await poll('the statement runs', async () => (await running(String(modulus))) === 1);
      giveUp.abort();
      await ended;
      await poll('the statement has ended', async () => (await running(String(modulus))) === 0, 5_000);
    });

    test('stops a statement whose caller stops reading its rows', async () => {
      const marker = randomUUID();
      const client = target().newClient();
      const result = await client.query({
        query: `SELECT number FROM numbers(100000000000) /* ${marker} */`,
        format: 'JSONEachRow',
        clickhouse_settings: { cancel_http_readonly_queries_on_client_close: 1 },
      });
      result.close();
      await poll('the statement has ended', async () => (await running(marker)) === 0);
    });

    test('finds a running insert by the comment in its text, and kills it', async () => {
      const batch = `/* rumbrella batch ${randomUUID()} */`;
      await target().client.command({
        query:
          'CREATE OR REPLACE TABLE slow (a UInt64, b UInt8 DEFAULT sleepEachRow(0.1)) ENGINE = MergeTree ORDER BY a',
      });
      const insert = target().client.exec({
        query: `INSERT INTO slow (a) ${batch} FORMAT CSV`,
        values: Readable.from([Buffer.from(Array.from({ length: 400 }, (_, a) => `${a}\n`).join(''))], {
          objectMode: false,
        }),
        clickhouse_settings: {
          max_block_size: '10',
          max_insert_block_size: '10',
          min_insert_block_size_rows: '1',
          function_sleep_max_microseconds_per_block: '100000000',
        },
      });
      const ended = failureOf(insert);
      await poll('the insert runs', async () => (await running(batch)) === 1);
      await target().client.command({
        query: `KILL QUERY WHERE position(query, {batch:String}) > 0 AND query NOT LIKE '%KILL%' ASYNC`,
        query_params: { batch },
      });
      expect(await ended).toMatchObject({ code: '394' });
      expect(await running(batch)).toBe(0);
    });

    test('kills a statement by the id that its caller gave it', async () => {
      const query_id = randomUUID();
      const query = target().client.query({ query: ENDLESS, query_id });
      const ended = failureOf(query);
      await poll('the statement runs', async () => (await running(ENDLESS)) === 1);
      const { stream } = await target().client.exec({
        query: `KILL QUERY WHERE query_id = '${query_id}' ASYNC FORMAT TSV`,
      });
      expect((await bytesOf(stream)).toString()).toContain('waiting');
      expect(await ended).toMatchObject({ code: '394' });
    });

    test('refuses a second statement with the id of a running one', async () => {
      const query_id = randomUUID();
      const first = target().client.query({ query: 'SELECT sleep(2)', query_id, format: 'TabSeparated' });
      await poll('the statement runs', async () => (await running('sleep(2)')) === 1);
      await expect(target().client.query({ query: 'SELECT 1', query_id })).rejects.toMatchObject({
        code: '216',
      });
      await (await first).text();
    });

    test('returns the id that the caller gave', async () => {
      const query_id = randomUUID();
      const result = await target().client.query({ query: 'SELECT 1', query_id });
      expect(result.query_id).toBe(query_id);
      expect(result.response_headers['x-clickhouse-query-id']).toBe(query_id);
      await result.text();
    });
  });
};

/** What it failed with; undefined when it did not. The failure may come long before it is asked for. */
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
