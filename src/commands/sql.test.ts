import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '#config';
import { silentLog } from '#core';
import { openWarehouse, type Warehouse } from '#warehouse';
import { addSqlCommand } from './sql.ts';

let folder: string;
let warehouse: Warehouse;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-sql-'));
  warehouse = await openWarehouse({
    url: '',
    username: '',
    password: '',
    database: 'default',
    cluster: '',
    dataDir: folder,
    memoryBytes: 640 * 2 ** 20,
    threads: 2,
    log: silentLog,
  });
  await warehouse.client.command({
    query: 'CREATE TABLE t (a UInt8, b String) ENGINE = MergeTree ORDER BY a',
  });
});

afterAll(async () => {
  await warehouse?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `sql …` with the input, as at a terminal or not; gives what it wrote and whether it failed. */
const run = async (args: readonly string[], input = '', isTTY = false) => {
  const output = new PassThrough();
  const errors = new PassThrough();
  let failed = false;
  const program = new Command().exitOverride();
  addSqlCommand(program, {
    config: () => loadConfig({ overrides: { data_dir: folder } }),
    fail: () => {
      failed = true;
    },
    streams: { input: Object.assign(Readable.from([input]), { isTTY }), output, errors },
  });
  await program.parseAsync(['sql', ...args], { from: 'user' });
  output.end();
  errors.end();
  return { output: await text(output), errors: await text(errors), failed };
};

test('answers a statement of the command line in the format that is asked for', async () => {
  const { output, failed } = await run(['--format', 'JSONEachRow', 'SELECT 1 AS a']);
  expect([output, failed]).toEqual(['{"a":1}\n', false]);
});

test('answers tab-separated values with names when nobody looks', async () => {
  expect((await run(['SELECT 1 AS a, 2 AS b'])).output).toBe('a\tb\n1\t2\n');
});

test('answers a statement of standard input', async () => {
  expect((await run([], 'SELECT 3 FORMAT CSV')).output).toBe('3\n');
});

test('binds parameters', async () => {
  const { output } = await run([
    '-p',
    "name=it's",
    '-p',
    'list=[1,2]',
    'SELECT {name:String}, {list:Array(UInt8)} FORMAT TSVRaw',
  ]);
  expect(output).toBe("it's\t[1,2]\n");
});

test('inserts the data of standard input', async () => {
  const { errors } = await run(['INSERT INTO t FORMAT CSV'], '1,x\n2,"y\n\nDROP TABLE t"\n');
  expect(errors).toBe('2 rows written\n');
  expect((await run(['SELECT count() FROM t FORMAT TSV'])).output).toBe('2\n');
});

test('says what is wrong in one line, and fails', async () => {
  const { output, errors, failed } = await run(['SELECT * FROM nowhere']);
  expect([output, failed]).toEqual(['', true]);
  expect(errors).toMatch(/^rumbrella: Unknown table .* \(ClickHouse error 60 UNKNOWN_TABLE\)\n$/);
});

test('holds a conversation at a terminal, and goes on after errors', async () => {
  const { output, errors, failed } = await run(
    ['--format', 'TSV'],
    'SELECT 41\n + 1;\nSELECT nonsense;\nhelp\nSELECT 43\n\nexit\nSELECT 44;\n',
    true,
  );
  expect(output).toContain('42\n');
  expect(output).toContain('43\n');
  expect(output).not.toContain('44');
  expect(errors).toContain('UNKNOWN_IDENTIFIER');
  expect(failed).toBe(false);
});

test('refuses a parameter without a value', async () => {
  await expect(run(['-p', 'nothing', 'SELECT 1'])).rejects.toMatchObject({ code: 'SQL_PARAMETER_INVALID' });
});
