import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, request as sendRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A collector in a process of its own. */
export interface CollectorProcess {
  readonly port: number;
  readonly child: ChildProcess;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  kill(): Promise<void>;
}

/** What the process is started with; see the program. */
export type ProcessArguments = Readonly<Record<string, unknown>> & { readonly folder: string };

/**
 * Starts it (`through`: a command that starts it, like `prlimit`). Null: it ended before it was ready, as one that kills itself
 * early does; what it said on standard error is in `said`.
 */
export const startCollectorProcess = async (
  given: ProcessArguments,
  through: readonly string[] = [],
  said: string[] = [],
): Promise<CollectorProcess | null> => {
  const program = join(import.meta.dirname, '../fault/programs/collector-process.ts');
  const all = [...through, process.execPath, program, JSON.stringify(given)];
  const child = spawn(all[0] ?? '', all.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = Number(line);
    return {
      port,
      child,
      ended,
      kill: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }
  await ended;
  return null;
};

/** What became of beacons that were sent. */
export interface SentBeacons {
  readonly answered: string[];
  readonly refused: string[];
  /** No answer: they may be in the journal or not. */
  readonly unheard: string[];
}

/** Sends beacons `<prefix>-<n>` on several connections until `until` says so or nobody answers any more. */
export const sendBeacons = async (
  port: number,
  prefix: string,
  sent: SentBeacons,
  until: () => boolean,
  bodyBytes = 300,
): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  let n = 0;
  const sendSome = async (): Promise<void> => {
    while (!until()) {
      const id = `${prefix}-${n++}`;
      const status = await sendOne(agent, port, id, bodyBytes);
      if (status === 204) sent.answered.push(id);
      else if (status === null) sent.unheard.push(id);
      else sent.refused.push(id);
      if (status === null) return;
    }
  };
  await Promise.all(Array.from({ length: 16 }, sendSome));
  agent.destroy();
};

/** Sends one beacon; null: no answer. */
export const sendOne = (agent: Agent, port: number, id: string, bodyBytes = 300): Promise<number | null> =>
  new Promise((resolve) => {
    const request = sendRequest(
      {
        agent,
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: `/beacon/catcher?${id}`,
        headers: { 'content-type': 'text/plain' },
        timeout: 20_000,
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? null));
        response.on('error', () => resolve(null));
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
    request.end(Buffer.alloc(bodyBytes, 'x'));
  });
