import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { bytesOf } from './queries.ts';
import type { Target } from './target.ts';

/** Inserts in the formats and ways of the official client, with data that looks like SQL. */
export const insertContract = (target: () => Target): void => {
  describe('inserts', () => {
    const rows = async (): Promise<unknown[]> => {
      const result = await target().client.query({
        query: 'SELECT a, b FROM target ORDER BY a',
        format: 'JSONCompactEachRow',
      });
      return result.json();
    };
    const exec = async (query: string, data?: Buffer | Readable): Promise<string | undefined> => {
      const result = await target().client.exec({
        query,
        ...(data === undefined
          ? {}
          : { values: Buffer.isBuffer(data) ? Readable.from([data], { objectMode: false }) : data }),
      });
      await bytesOf(result.stream);
      return result.summary?.written_rows;
    };
    const hostile = "x\n\nDROP TABLE target\n\n;\n\nINSERT INTO target VALUES (99, 'bad')\n\n";

    beforeEach(async () => {
      await target().client.command({
        query: `CREATE OR REPLACE TABLE target (a UInt32, b String DEFAULT concat('default ', toString(a)),
                c UInt32 MATERIALIZED a + 1, d UInt32 ALIAS a + 2) ENGINE = MergeTree ORDER BY a`,
      });
    });

    test('inserts objects and counts them', async () => {
      const result = await target().client.insert({
        table: 'target',
        values: [
          { a: 1, b: hostile },
          { a: 2, b: 'y' },
        ],
        format: 'JSONEachRow',
      });
      expect(result.summary?.written_rows).toBe('2');
      expect(await rows()).toEqual([
        [1, hostile],
        [2, 'y'],
      ]);
    });

    test('inserts arrays', async () => {
      await target().client.insert({ table: 'target', values: [[1, 'x']], format: 'JSONCompactEachRow' });
      expect(await rows()).toEqual([[1, 'x']]);
    });

    test('fills columns that are left out with their defaults', async () => {
      await target().client.insert({ table: 'target', values: [{ a: 5 }], format: 'JSONEachRow' });
      await target().client.insert({
        table: 'target',
        columns: ['a'],
        values: [[6]],
        format: 'JSONCompactEachRow',
      });
      await target().client.insert({
        table: 'target',
        columns: { except: ['b'] },
        values: [[7]],
        format: 'JSONCompactEachRow',
      });
      expect(await rows()).toEqual([
        [5, 'default 5'],
        [6, 'default 6'],
        [7, 'default 7'],
      ]);
    });

    test('inserts streams of objects and of text', async () => {
      const objects = Readable.from(Array.from({ length: 1_000 }, (_, a) => ({ a, b: `row ${a}` })));
      await target().client.insert({ table: 'target', values: objects, format: 'JSONEachRow' });
      const lines = Array.from({ length: 1_000 }, (_, index) => `${index + 1_000},"row\n\n${index}"\n`);
      await target().client.insert({
        table: 'target',
        values: Readable.from(lines, { objectMode: false }),
        format: 'CSV',
      });
      const all = await rows();
      expect(all).toHaveLength(2_000);
      expect(all[1_999]).toEqual([1_999, 'row\n\n999']);
    });

    test('inserts nothing when there is nothing', async () => {
      await target().client.insert({ table: 'target', values: [], format: 'JSONEachRow' });
      await target().client.insert({
        table: 'target',
        values: Readable.from([], { objectMode: false }),
        format: 'CSV',
      });
      expect(await rows()).toEqual([]);
    });

    test.each([
      'RowBinary',
      'RowBinaryWithNamesAndTypes',
      'Native',
      'Parquet',
      'Arrow',
      'ArrowStream',
      'ORC',
      'Avro',
      'JSON',
      'CSVWithNames',
      'TabSeparatedWithNames',
      'TabSeparated',
      'JSONColumns',
      'MsgPack',
      'Values',
    ])('takes back in %s what it gave, whatever the bytes', async (format) => {
      await exec(
        `INSERT INTO target (a, b) SELECT number, if(number = 0, ${quoted(hostile)}, unhex(hex(repeat(char(number), 10)))) FROM numbers(128)`,
      );
      const before = await rows();
      const { stream } = await target().client.exec({
        query: `SELECT a, b FROM target ORDER BY a FORMAT ${format}`,
      });
      const bytes = await bytesOf(stream);
      await target().client.command({ query: 'TRUNCATE TABLE target' });
      expect(await exec(`INSERT INTO target (a, b) FORMAT ${format}`, bytes)).toBe('128');
      expect(await rows()).toEqual(before);
    });

    test('never runs data as SQL, wherever the blank lines are', async () => {
      const pieces = Array.from({ length: 40 }, () => randomBytes(64));
      for (const [index, piece] of pieces.entries()) piece.write(`\n\nDROP TABLE target;\n\n${index}`);
      const data = Buffer.concat(
        pieces.map((piece, index) => {
          const head = Buffer.alloc(5);
          head.writeUInt32LE(index);
          head[4] = piece.length;
          return Buffer.concat([head, piece]);
        }),
      );
      expect(await exec('INSERT INTO target (a, b) FORMAT RowBinary', data)).toBe('40');
      const result = await target().client.query({
        query: 'SELECT a, hex(b) FROM target ORDER BY a',
        format: 'JSONCompactEachRow',
      });
      expect(await result.json()).toEqual(
        pieces.map((piece, index) => [index, piece.toString('hex').toUpperCase()]),
      );
    });

    test('inserts the VALUES of a statement, with expressions', async () => {
      const sql = `INSERT INTO target (a, b) VALUES (1 + 1, concat('a', 'b')), (3, ${quoted(hostile)}), (4, DEFAULT)`;
      expect(await exec(sql)).toBe('3');
      expect(await rows()).toEqual([
        [2, 'ab'],
        [3, hostile],
        [4, 'default 4'],
      ]);
    });

    test('inserts data that follow the statement in the body', async () => {
      await target().client.command({
        query: 'INSERT INTO target FORMAT JSONEachRow\n{"a":1,"b":"x"}\n{"a":2}\n',
      });
      await target().client.command({
        query: 'INSERT INTO target SETTINGS max_threads = 1 FORMAT CSV 3,z',
      });
      await target().client.command({
        query: 'INSERT INTO target FORMAT TSV SETTINGS max_threads = 1\n4\tt\n',
      });
      expect(await rows()).toEqual([
        [1, 'x'],
        [2, 'default 2'],
        [3, 'z'],
        [4, 't'],
      ]);
    });

    test('inserts a SELECT and counts its rows', async () => {
      expect(await exec("INSERT INTO target SELECT number, 'n' FROM numbers(70000)")).toBe('70000');
      expect(await exec("WITH 1 AS one INSERT INTO target SELECT one, 'w'")).toBe('1');
    });

    test('inserts through input()', async () => {
      const query = "INSERT INTO target SELECT x * 2, upper(y) FROM input('x UInt32, y String') FORMAT CSV";
      await exec(query, Buffer.from('1,a\n2,b\n'));
      expect(await rows()).toEqual([
        [2, 'A'],
        [4, 'B'],
      ]);
    });

    test.each(['target', '`target`', '"target"', 'TABLE target'])('inserts INTO %s', async (name) => {
      await exec(`insert into ${name} (a, b) /* format x */ format CSV`, Buffer.from('1,x\n'));
      expect(await rows()).toEqual([[1, 'x']]);
    });

    test('inserts into tables that are called like keywords', async () => {
      await target().client.command({
        query: 'CREATE OR REPLACE TABLE values (format UInt8, settings UInt8) ENGINE = Memory',
      });
      await exec('INSERT INTO values (format, settings) FORMAT CSV', Buffer.from('1,2\n'));
      await exec('INSERT INTO values VALUES (3, 4)');
      const result = await target().client.query({
        query: 'SELECT * FROM values ORDER BY format',
        format: 'TabSeparated',
      });
      expect(await result.text()).toBe('1\t2\n3\t4\n');
    });

    test.each([
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
      ['zstd', zstdCompressSync],
    ] as const)('takes a body that is compressed with %s', async (encoding, compress) => {
      const { url, username, password, database } = target().connection;
      const search = new URLSearchParams({ database, query: 'INSERT INTO target FORMAT CSV' }).toString();
      const response = await fetch(`${url}/?${search}`, {
        method: 'POST',
        headers: {
          'Content-Encoding': encoding,
          'X-ClickHouse-User': username,
          'X-ClickHouse-Key': password,
        },
        body: compress(Buffer.from('1,"compressed"\n')),
      });
      expect(response.status, await response.text()).toBe(200);
      expect(await rows()).toEqual([[1, 'compressed']]);
    });

    test('compresses both ways with the official client', async () => {
      const client = target().newClient({ compression: { request: true, response: true } });
      const values = Array.from({ length: 5_000 }, (_, a) => ({ a, b: `row ${a}` }));
      await client.insert({ table: 'target', values, format: 'JSONEachRow' });
      const result = await client.query({
        query: 'SELECT a, b FROM target ORDER BY a',
        format: 'JSONEachRow',
      });
      expect(await result.json()).toEqual(values);
    });

    test('takes an insert of a hundred megabytes in chunks', async () => {
      const chunk = Buffer.alloc(1_000_000, 'x');
      const chunks = function* (): Generator<Buffer> {
        for (let a = 0; a < 100; a += 1) {
          yield Buffer.from(`${a},`);
          yield chunk;
          yield Buffer.from('\n');
        }
      };
      expect(
        await exec('INSERT INTO target FORMAT CSV', Readable.from(chunks(), { objectMode: false })),
      ).toBe('100');
      const result = await target().client.query({
        query: 'SELECT count(), sum(length(b)) FROM target',
        format: 'TabSeparated',
      });
      expect(await result.text()).toBe('100\t100000000\n');
    });

    test('refuses bad data whole, with the row', async () => {
      await expect(exec('INSERT INTO target FORMAT CSV', Buffer.from('1,a\nx,b\n'))).rejects.toMatchObject({
        code: '27',
        message: expect.stringContaining('row'),
      });
      await expect(
        exec('INSERT INTO target FORMAT RowBinary', Buffer.from([1, 0, 0, 0, 200, 1, 2])),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^(3|33)$/) });
      expect(await rows()).toEqual([]);
    });

    test('refuses unknown columns and tables', async () => {
      await expect(exec('INSERT INTO nowhere FORMAT CSV', Buffer.from('1\n'))).rejects.toMatchObject({
        code: '60',
      });
      await expect(exec('INSERT INTO target (a, z) FORMAT CSV', Buffer.from('1,2\n'))).rejects.toMatchObject({
        code: '16',
      });
    });
  });
};

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
