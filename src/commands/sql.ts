import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { ClickHouseError } from '@clickhouse/client';
import type { Command } from 'commander';
import type { Config } from '#config';
import { AppError, errorText, silentLog } from '#core';
import { openWarehouse, takesData, type Warehouse } from '#warehouse';

/** What the command needs of the program. */
export interface SqlContext {
  readonly config: () => Config;
  /** Makes the process end with code 1. */
  readonly fail: () => void;
  /** Default: those of the process. */
  readonly streams?: SqlStreams;
}

/** Where statements come from and answers go to. */
export interface SqlStreams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly errors: Writable;
}

interface SqlOptions {
  readonly format?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly database?: string;
}

/** Longer than the engine of a process that was killed keeps its data open. */
const ENGINE_PATIENCE_MS = 30_000;

/** Adds `sql` to the program. */
export const addSqlCommand = (program: Command, context: SqlContext): void => {
  program
    .command('sql')
    .argument('[query]', 'the statement; without it, standard input is read, or asked for at a terminal')
    .description('ask the warehouse: the running embedded ClickHouse, or the configured server')
    .option(
      '-f, --format <name>',
      'format of the answer (default: a table at a terminal, else tab-separated)',
    )
    .option('-p, --param <name=value>', 'value of {name:Type} in the statement; may be repeated', collect, {})
    .option('-d, --database <name>', 'database that tables are looked for in')
    .addHelpText(
      'after',
      `
When Rumbrella runs on this data folder, its ClickHouse is asked; otherwise it is started for the statement alone.

Examples:
  $ rumbrella sql "SELECT count() FROM demo_shop_webperf_rum_events"
  $ rumbrella sql --format JSONEachRow --param site=shop.example \\
      "SELECT quantile(0.75)(largest_contentful_paint) FROM demo_shop_webperf_rum_events WHERE hostname = {site:String}"
  $ rumbrella sql "INSERT INTO notes FORMAT CSV" < notes.csv
  $ rumbrella sql < report.sql > report.tsv`,
    )
    .action((query: string | undefined, options: SqlOptions) => runSql(query, options, context));
};

const collect = (
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new AppError('SQL_PARAMETER_INVALID', `reading --param ${text}: expected name=value`);
  }
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
};

const runSql = async (query: string | undefined, options: SqlOptions, context: SqlContext): Promise<void> => {
  const streams = context.streams ?? { input: process.stdin, output: process.stdout, errors: process.stderr };
  const { clickhouse, dataDir } = context.config();
  const warehouse = await openWarehouse({
    ...clickhouse,
    database: options.database ?? clickhouse.database,
    dataDir,
    memoryBytes: clickhouse.engineMemoryBytes,
    threads: clickhouse.engineThreads,
    log: silentLog,
    patienceMs: ENGINE_PATIENCE_MS,
  });
  try {
    if (query === undefined && streams.input.isTTY === true)
      return await converse(warehouse, options, streams);
    const statement = query ?? (await textOf(streams.input));
    const data =
      query !== undefined && streams.input.isTTY !== true && takesData(query) ? streams.input : undefined;
    await answer(warehouse, statement, options, streams, data);
  } catch (error) {
    streams.errors.write(`rumbrella: ${messageOf(error)}\n`);
    context.fail();
  } finally {
    await warehouse.stop();
  }
};

/** Runs one statement and writes its answer. Rejects with what the warehouse says. */
const answer = async (
  warehouse: Warehouse,
  query: string,
  options: SqlOptions,
  streams: SqlStreams,
  data?: Readable,
  signal?: AbortSignal,
): Promise<void> => {
  const format =
    options.format ?? (streams.output.isTTY === true ? 'PrettyCompactMonoBlock' : 'TabSeparatedWithNames');
  const result = await warehouse.client.exec({
    query,
    query_params: options.param,
    clickhouse_settings: { default_format: format, wait_end_of_query: 0 } as Record<string, string | number>,
    ...(data === undefined ? {} : { values: data }),
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  for await (const chunk of result.stream) {
    if (!streams.output.write(chunk)) await new Promise((resolve) => streams.output.once('drain', resolve));
  }
  const written = Number(result.summary?.written_rows ?? 0);
  if (written > 0) streams.errors.write(`${written} rows written\n`);
};

const PROMPT = 'sql> ';
const MORE = '  -> ';
const HELP =
  'A statement ends with ; and an empty line. SHOW TABLES lists the tables. exit, or Ctrl-D, leaves.\n';

/** Asks for statements until the person leaves. Ctrl-C stops the statement that runs, or throws away what was typed. */
const converse = async (warehouse: Warehouse, options: SqlOptions, streams: SqlStreams): Promise<void> => {
  streams.output.write(`ClickHouse ${await warehouse.version()} (${warehouse.kind}). ${HELP}`);
  const terminal = createInterface({
    input: streams.input,
    output: streams.output,
    prompt: PROMPT,
    historySize: 500,
  });
  let typed = '';
  let running: AbortController | undefined;
  let isClosed = false;
  // Input that has ended may still have lines to give, but nothing can be asked for any more.
  terminal.once('close', () => {
    isClosed = true;
  });
  const prompt = (): void => {
    if (isClosed) return;
    terminal.setPrompt(typed === '' ? PROMPT : MORE);
    terminal.prompt();
  };
  terminal.on('SIGINT', () => {
    running?.abort();
    typed = '';
    if (running === undefined) {
      streams.output.write('\n');
      prompt();
    }
  });
  prompt();
  for await (const line of terminal) {
    const isCommand = typed === '';
    const word = line.trim().toLowerCase();
    if (isCommand && (word === 'exit' || word === 'quit' || word === '\\q')) break;
    if (isCommand && (word === 'help' || word === '\\h')) streams.output.write(HELP);
    else typed = typed === '' ? line : `${typed}\n${line}`;
    if (typed.trim() !== '' && (typed.trimEnd().endsWith(';') || line.trim() === '')) {
      running = new AbortController();
      try {
        await answer(warehouse, typed, options, streams, undefined, running.signal);
      } catch (error) {
        streams.errors.write(`${running.signal.aborted ? 'stopped' : messageOf(error)}\n`);
      }
      running = undefined;
      typed = '';
    }
    if (typed.trim() === '') typed = '';
    prompt();
  }
  terminal.close();
};

const MAX_EXPECTED_LENGTH = 200;

const messageOf = (error: unknown): string => {
  if (!(error instanceof ClickHouseError)) return errorText(error);
  // A syntax error lists everything that could have stood there: some of it is help, all of it is a page.
  const [problem = '', expected = ''] = error.message.trim().split(' Expected one of: ');
  const hint =
    expected === '' || expected.length > MAX_EXPECTED_LENGTH ? '' : ` Expected one of: ${expected}`;
  return `${problem.replaceAll(/\s+/g, ' ').trim()}${hint} (ClickHouse error ${error.code} ${error.type})`;
};
