import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { AppError, type Clock, type Log, type Running, systemClock } from '#core';
import type { EngineAddress } from './registration.ts';
import type { EngineMessage, EngineOptions } from './start-message.ts';

/** How the engine is started and kept alive. */
export interface SupervisorOptions {
  /** `<data>/engine`. */
  readonly folder: string;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly log: Log;
  readonly clock?: Clock;
  /** Where the engine was before, to be there again. Default: any port, a new password. */
  readonly address?: EngineAddress;
  /** Another port may be taken when that of `address` is in use: nobody asks there any more. */
  readonly mayMove?: boolean;
  /** Called each time the engine is ready, before anybody is told of it. */
  readonly onReady?: (facts: EngineFacts) => Promise<void>;
  /** Called each time the engine has died without having been asked to. */
  readonly onDied?: () => void;
}

/** Where the running engine is. */
export interface EngineFacts extends EngineAddress {
  readonly pid: number;
  readonly version: string;
}

/** The engine, supervised: it is started again when it dies, on the same port. */
export interface SupervisedEngine extends Running {
  facts(): EngineFacts;
}

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const USERNAME = 'default';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 6_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** An engine that lived this long has not failed at start: the pauses begin anew. */
const GOOD_LIFE_MS = 60_000;
const SLOTS = { parallel: 8, waiting: 256, waitMs: 30_000 };
/** The engine's allocator gives memory back after a second instead of ten: some 100 MiB less while loading. */
const JE_MALLOC_CONF = 'dirty_decay_ms:1000,muzzy_decay_ms:0';
/** Each running statement occupies a thread of libuv's pool; some are left for the files. */
const POOL_THREADS = SLOTS.parallel + 8;

/**
 * Starts the engine and resolves when it answers.
 * Errors: `ENGINE_LOCKED` when another process has its data open, `ENGINE_FAILED` when it does not start.
 */
export const superviseEngine = async (options: SupervisorOptions): Promise<SupervisedEngine> => {
  const clock = options.clock ?? systemClock;
  const password = options.address?.password ?? randomBytes(24).toString('base64url');
  const stopping = new AbortController();
  // The engine takes the name of a file in its working directory for a table, so it works where none is.
  const cwd = join(options.folder, 'empty');
  await mkdir(cwd, { recursive: true, mode: 0o700 });
  let port = options.address === undefined ? 0 : Number(new URL(options.address.url).port);
  let mayMove = options.mayMove ?? false;

  const launch = async (): Promise<{ child: ChildProcess; facts: EngineFacts; died: Promise<string> }> => {
    const child = fork(MAIN, [], {
      execArgv: [],
      cwd,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { JE_MALLOC_CONF, ...process.env, UV_THREADPOOL_SIZE: String(POOL_THREADS), TZ: 'UTC' },
    });
    const died = new Promise<string>((resolve) =>
      child.once('close', (code, signal) => {
        resolve([signal ?? `code ${code}`, ...lastWords].join('; '));
      }),
    );
    const lastWords: string[] = [];
    for (const stream of [child.stdout, child.stderr]) hear(stream, options.log, lastWords);
    const engineOptions: EngineOptions = {
      folder: options.folder,
      port,
      mayMove,
      username: USERNAME,
      password,
      memoryBytes: options.memoryBytes,
      threads: options.threads,
      slots: SLOTS,
    };
    child.send({ kind: 'start', options: engineOptions });
    const ready = await started(child, died).catch((error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    });
    port = ready.port;
    mayMove = false;
    const facts = {
      url: `http://127.0.0.1:${port}`,
      username: USERNAME,
      password,
      pid: child.pid as number,
      version: ready.version,
    };
    await options.onReady?.(facts);
    options.log.info('engine_started', { pid: facts.pid, url: facts.url, version: facts.version });
    return { child, facts, died };
  };

  let current = await launch();

  const watch = async (): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS;
    let startedAt = clock.monotonic();
    for (;;) {
      const how = await current.died;
      if (stopping.signal.aborted) return;
      options.log.error('engine_died', { pid: current.facts.pid, how });
      options.onDied?.();
      if (clock.monotonic() - startedAt > GOOD_LIFE_MS) pauseMs = FIRST_PAUSE_MS;
      for (let isUp = false; !isUp; ) {
        await clock.sleep(pauseMs, stopping.signal);
        if (stopping.signal.aborted) return;
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        try {
          startedAt = clock.monotonic();
          current = await launch();
          isUp = true;
        } catch (error) {
          options.log.error('engine_start_failed', { err: String(error), retry_ms: pauseMs });
        }
      }
      if (stopping.signal.aborted) return endChild(current.child, current.died);
    }
  };
  const watching = watch();

  let stopped: Promise<void> | undefined;
  return {
    facts: () => current.facts,
    stop: () => {
      stopped ??= (async () => {
        stopping.abort();
        await endChild(current.child, current.died);
        await watching;
        options.log.info('engine_stopped', { pid: current.facts.pid });
      })();
      return stopped;
    },
  };
};

const started = async (
  child: ChildProcess,
  died: Promise<string>,
): Promise<Extract<EngineMessage, { kind: 'ready' }>> => {
  let timer: NodeJS.Timeout | undefined;
  const told = new Promise<EngineMessage>((resolve) =>
    child.once('message', resolve as (m: unknown) => void),
  );
  const late = new Promise<EngineMessage>((resolve) => {
    timer = setTimeout(
      () => resolve({ kind: 'failed', message: `it was not ready after ${START_TIMEOUT_MS} ms` }),
      START_TIMEOUT_MS,
    );
  });
  const gone = died.then((how): EngineMessage => ({ kind: 'failed', message: `it ended with ${how}` }));
  const message = await Promise.race([told, late, gone]);
  clearTimeout(timer);
  if (message.kind === 'ready') return message;
  if (message.kind === 'locked') {
    throw new AppError(
      'ENGINE_LOCKED',
      `starting the embedded ClickHouse: process ${message.pid} has its data open`,
    );
  }
  throw new AppError('ENGINE_FAILED', `starting the embedded ClickHouse: ${message.message}`);
};

/** Asks the process to end, and ends it when it does not: killing is safe at any time, only slower to start after. */
const endChild = async (child: ChildProcess, died: Promise<string>): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  if (child.connected) child.send({ kind: 'stop' });
  await died;
  clearTimeout(timer);
};

/** Says what the engine says, and keeps the last of it: when it dies, that is why. */
const hear = (stream: Readable | null, log: Log, lastWords: string[]): void => {
  if (stream === null) return;
  createInterface({ input: stream }).on('line', (line) => {
    if (line.trim() === '') return;
    const said = line.slice(0, MAX_LINE_LENGTH);
    log.debug('engine_said', { line: said });
    lastWords.push(said);
    if (lastWords.length > LAST_LINES) lastWords.shift();
  });
};

const MAX_LINE_LENGTH = 500;
const LAST_LINES = 12;
