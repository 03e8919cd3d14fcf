import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { poll } from './poll.ts';

const launcher = fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url));

/** Token of the operator in every test. */
export const OPERATOR_TOKEN = 'operator-token-of-the-tests';

/** A real server process on a data folder of its own. */
export interface RunningRumbrella {
  readonly url: string;
  readonly folder: string;
  readonly process: ChildProcess;
  /** Log lines so far. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Runs ClickHouse SQL through the SQL door and gives the rows. */
  sql<Row = Record<string, unknown>>(query: string): Promise<Row[]>;
  /** Ends it in an orderly way, or as asked. The folder stays. */
  end(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it and removes the folder. */
  remove(): Promise<void>;
}

/** How a test starts it. */
export interface StartOptions {
  /** An existing folder, to restart on; default a new temporary one. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** A command that starts it, like `prlimit --nofile=300`. */
  readonly through?: readonly string[];
  /** The event in the log that is waited for. Default: everything is ready. */
  readonly until?: 'server_started' | 'server_ready';
}

/** Starts `rumbrella serve` on a free port and waits until everything of it is ready, or as asked. */
export const startRumbrella = async (options: StartOptions = {}): Promise<RunningRumbrella> => {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'rumbrella-')));
  const command = [...(options.through ?? []), process.execPath, launcher, 'serve', ...(options.args ?? [])];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      RUMBRELLA_PORT: '0',
      // Nobody else's test waits for the demo's past.
      RUMBRELLA_DEMO_HISTORY: 'off',
      RUMBRELLA_OPERATOR_TOKEN: OPERATOR_TOKEN,
      ...options.env,
    },
  });
  const log: Record<string, unknown>[] = [];
  let errors = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) log.push(JSON.parse(line) as Record<string, unknown>);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = once(child, 'exit');
  const find = (event: string): Record<string, unknown> | undefined =>
    log.find((line) => line['event'] === event);

  await poll('the server is ready', () => {
    if (child.exitCode !== null)
      throw new Error(`the server ended with ${child.exitCode}:\n${errors}\n${JSON.stringify(log)}`);
    return find(options.until ?? 'server_ready');
  });
  const url = `http://localhost:${String(find('server_started')?.['port'])}`;
  const end = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return {
    url,
    folder,
    process: child,
    log,
    sql: async <Row>(query: string): Promise<Row[]> => {
      const answer = await fetch(`${url}/_/clickhouse/?default_format=JSONEachRow`, {
        method: 'POST',
        headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
        body: query,
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row);
    },
    end,
    remove: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
