import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that an example has started. */
export interface Program {
  readonly pid: number;
  /** Ends it in an orderly way, and hard when that takes too long. May be called twice. */
  stop(): Promise<void>;
}

/** What is started, and how it is known to be ready. */
export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment besides `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it when it aborts, also before it is ready. */
  readonly signal?: AbortSignal;
}

const START_MS = 60_000;
const STOP_MS = 10_000;

/**
 * Starts a program and gives it to `read` line by line until that returns something. Errors: the program ended before, or took too long;
 * with what it has said.
 */
export const startProgram = async <Ready>(
  options: ProgramOptions,
  read: (line: string) => Ready | undefined,
): Promise<Program & { readonly ready: Ready }> => {
  const { command, args, cwd, env = {}, signal } = options;
  const child = spawn(command, [...args], {
    cwd,
    signal,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const name = [command, ...args].join(' ');
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said: string[] = [];
  const ready = await new Promise<Ready>((resolve, reject) => {
    const timer = setTimeout(() => fail('was not ready in time'), START_MS);
    const fail = (what: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`${name} ${what}:\n${said.join('\n')}`));
    };
    child.once('error', (error) => fail(`cannot be started, ${error.message}`));
    child.once('close', (code) => fail(`ended with ${code}`));
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        if (said.length < 200) said.push(line);
        const found = read(line);
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      });
    }
  });
  return {
    pid: child.pid ?? 0,
    ready,
    stop: async () => {
      // A second signal would end it at once, and in the middle of what it does to end.
      if (!child.killed && child.exitCode === null) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
};

/** Runs a program to its end with some input. Errors: it ended with another code than 0; with what it has said. */
export const runProgram = async (options: ProgramOptions, input = ''): Promise<string> => {
  const { command, args, cwd, env = {}, signal } = options;
  const child = spawn(command, [...args], { cwd, signal, env: { PATH: process.env['PATH'] ?? '', ...env } });
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${said}`);
  return said;
};
