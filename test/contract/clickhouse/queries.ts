import type { Readable } from 'node:stream';
import type { DataFormat } from '@clickhouse/client';
import { describe, expect, test } from 'vitest';
import type { Target } from './target.ts';

const ROWS = 'SELECT number AS n, toString(number) AS s FROM numbers(3)';

/** Selects in the formats of the official client, small, large and empty. */
export const queryContract = (target: () => Target): void => {
  describe('queries', () => {
    const select = <F extends DataFormat>(query: string, format: F) =>
      target().client.query({ query, format });

    test('answers a ping, with and without a statement', async () => {
      expect(await target().client.ping()).toEqual({ success: true });
      expect(await target().client.ping({ select: true })).toEqual({ success: true });
    });

    test('answers JSON with meta, rows and statistics', async () => {
      const json = await (await select(ROWS, 'JSON')).json<{ n: number; s: string }>();
      expect(json.meta).toEqual([
        { name: 'n', type: 'UInt64' },
        { name: 's', type: 'String' },
      ]);
      expect(json.data.map((row) => [Number(row.n), row.s])).toEqual([
        [0, '0'],
        [1, '1'],
        [2, '2'],
      ]);
      expect(json.rows).toBe(3);
    });

    test.each<[DataFormat, string]>([
      ['JSONEachRow', '{"n":0,"s":"0"}\n{"n":1,"s":"1"}\n{"n":2,"s":"2"}\n'],
      ['JSONCompactEachRow', '[0, "0"]\n[1, "1"]\n[2, "2"]\n'],
      ['JSONStringsEachRow', '{"n":"0","s":"0"}\n{"n":"1","s":"1"}\n{"n":"2","s":"2"}\n'],
      [
        'JSONCompactEachRowWithNamesAndTypes',
        '["n", "s"]\n["UInt64", "String"]\n[0, "0"]\n[1, "1"]\n[2, "2"]\n',
      ],
      ['CSV', '0,"0"\n1,"1"\n2,"2"\n'],
      ['CSVWithNames', '"n","s"\n0,"0"\n1,"1"\n2,"2"\n'],
      ['TabSeparated', '0\t0\n1\t1\n2\t2\n'],
      ['TabSeparatedWithNamesAndTypes', 'n\ts\nUInt64\tString\n0\t0\n1\t1\n2\t2\n'],
    ])('writes %s as the server does', async (format, text) => {
      const result = await target().client.query({
        query: ROWS,
        format,
        clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
      });
      expect((await result.text()).replaceAll('"n":"', '"n":"')).toBe(text);
    });

    test('streams rows in chunks that add up, with one header', async () => {
      const result = await select('SELECT number, toString(number) FROM numbers(300000)', 'CSVWithNames');
      let text = '';
      for await (const rows of result.stream()) for (const row of rows) text += `${row.text}\n`;
      const lines = text.trimEnd().split('\n');
      expect(lines.filter((line) => line.includes('number'))).toHaveLength(1);
      expect(lines).toHaveLength(300_001);
      expect(lines.at(-1)).toBe('299999,"299999"');
    });

    test('answers a large document whole', async () => {
      const json = await (
        await select("SELECT number, repeat('x', 100) AS x FROM numbers(100000)", 'JSONCompact')
      ).json();
      expect(json.data).toHaveLength(100_000);
    });

    test('writes Parquet that it reads again', async () => {
      const { stream } = await target().client.exec({ query: `${ROWS} FORMAT Parquet` });
      const bytes = await bytesOf(stream);
      expect(bytes.subarray(0, 4).toString()).toBe('PAR1');
      expect(bytes.subarray(-4).toString()).toBe('PAR1');
    });

    test.each<DataFormat>(['JSON', 'JSONEachRow', 'CSVWithNames', 'TabSeparated'])(
      'answers no rows in %s',
      async (format) => {
        const text = await (await select('SELECT 1 AS a WHERE 0', format)).text();
        if (format === 'JSON') expect(JSON.parse(text)).toMatchObject({ data: [], rows: 0 });
        else expect(text).toBe(format === 'CSVWithNames' ? '"a"\n' : '');
      },
    );

    test.each([
      ['a FORMAT of its own', 'SELECT 1 AS a FORMAT CSV', '1\n'],
      ['a FORMAT and settings behind it', 'SELECT 1 AS a FORMAT CSV SETTINGS max_threads = 1', '1\n'],
      ['settings before the FORMAT', 'SELECT 1 AS a SETTINGS max_threads = 1 FORMAT CSV;', '1\n'],
      ['a comment at the end', 'SELECT 1 AS a FORMAT CSV -- the end', '1\n'],
      ['comments with quotes in them', '/* it\'s */ SELECT 1 AS a -- "\n FORMAT CSV', '1\n'],
      ['brackets around it', '(SELECT 1 AS a) UNION ALL (SELECT 1) FORMAT CSV', '1\n1\n'],
      ['a WITH', 'WITH 1 AS a SELECT a FORMAT CSV', '1\n'],
      ['the word FORMAT in a string', "SELECT ' FORMAT JSON ' AS format FORMAT TSV", ' FORMAT JSON \n'],
      ['a column named format', 'SELECT format FROM (SELECT 1 AS format) FORMAT TSV', '1\n'],
      ['a here-document', "SELECT $x$it's; FORMAT CSV$x$ FORMAT TSVRaw", "it's; FORMAT CSV\n"],
      [
        'totals',
        'SELECT number, count() FROM numbers(2) GROUP BY number WITH TOTALS ORDER BY number FORMAT TSV',
        '0\t1\n1\t1\n\n0\t2\n',
      ],
      ['EXISTS', 'EXISTS TABLE system.one FORMAT TSV', '1\n'],
      ['DESCRIBE', 'DESCRIBE (SELECT 1 AS a) FORMAT TSVRaw', 'a\tUInt8\t\t\t\t\t\n'],
      ['SHOW', "SHOW FUNCTIONS LIKE 'throwIf' FORMAT Null", ''],
    ])('understands a statement with %s', async (_, query, text) => {
      const { stream } = await target().client.exec({ query });
      expect((await bytesOf(stream)).toString()).toBe(text);
    });

    test('keeps the values of all types that the product stores', async () => {
      const [row] = await (
        await select(
          `SELECT toUInt64('18446744073709551615') AS u, CAST(NULL, 'Nullable(UInt32)') AS n, [1, 2]::Array(UInt32) AS a,
           map('k', 'v') AS m, toDateTime64('2026-11-22 01:02:03.456', 3, 'UTC') AS d, true AS b, 'é☂\\0\\n' AS s, nan AS x
           SETTINGS output_format_json_quote_64bit_integers = 1`,
          'JSONEachRow',
        )
      ).json();
      expect(row).toEqual({
        u: '18446744073709551615',
        n: null,
        a: [1, 2],
        m: { k: 'v' },
        d: '2026-11-22 01:02:03.456',
        b: true,
        s: 'é☂\0\n',
        x: null,
      });
    });
  });
};

/** All bytes of a stream. */
export const bytesOf = async (stream: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
