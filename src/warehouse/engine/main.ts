import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { errorCode, errorText } from '#core/errors';
import { loadChdb } from './chdb.ts';
import { createExecutor, type Executor } from './execution.ts';
import { lockHolder } from './lock-holder.ts';
import { createProtocolServer } from './protocol-server.ts';
import { createRunningCalls } from './running-calls.ts';
import { createSessions } from './sessions.ts';
import { createSlots } from './slots.ts';
import { createSpool } from './spool.ts';
import { startWatchdog } from './watchdog.ts';
import { type EngineMessage, type EngineOptions, engineArguments } from './start-message.ts';

// The child process of the embedded engine. It is told what to do by its parent over the IPC channel (secrets have no
// place in the arguments of a process), and ends when the parent asks for it or is gone.

const report = (message: EngineMessage): void => {
  if (process.connected) process.send?.(message);
};

const dataFolder = (options: EngineOptions): string => join(options.folder, 'clickhouse');

const start = async (options: EngineOptions): Promise<{ stop(): Promise<void> }> => {
  const data = dataFolder(options);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const connect = loadChdb();
  const args = engineArguments(options);
  const open = (): ReturnType<typeof connect> => connect(data, args);
  const control = open();
  // Only now: the engine's lock on its data says that no other process lives here.
  const spool = await createSpool(join(options.folder, 'spool'));
  const [version, timezone] = JSON.parse(
    (await control.query('SELECT version(), timezone()', 'JSONCompactEachRow')).toString('utf8'),
  ) as [string, string];
  const slots = createSlots(spool.folder, options.slots, open);
  const sessions = createSessions(open);
  const executor = createExecutor({ slots, sessions, spool, runningCalls: createRunningCalls(control) });
  const server = createProtocolServer(executor, {
    username: options.username,
    password: options.password,
    version,
    timezone,
  });
  await listen(server, options.port).catch((error: unknown) => {
    if (!options.mayMove || errorCode(error) !== 'EADDRINUSE') throw error;
    return listen(server, 0);
  });
  report({ kind: 'ready', port: (server.address() as AddressInfo).port, version });
  return {
    stop: async () => {
      await close(server, executor);
      control.close();
    },
  };
};

/** Listens on the port. */
const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      server.off('listening', listening);
      reject(error);
    };
    const listening = (): void => {
      server.off('error', failed);
      resolve();
    };
    server.once('error', failed).once('listening', listening).listen(port, '127.0.0.1');
  });

const close = async (server: Server, executor: Executor): Promise<void> => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await executor.stop();
  server.closeAllConnections();
  await closed;
};

startWatchdog();

let running: Promise<{ stop(): Promise<void> }> | undefined;

// `process.exit` can crash inside the engine; without a channel, a server and connections the process ends by itself.
const stop = async (): Promise<void> => {
  try {
    await (await running)?.stop();
  } finally {
    if (process.connected) process.disconnect?.();
    // Threads of the engine may keep the process: nothing is lost by this, everything has been closed.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2_000).unref();
  }
};

// A terminal's Ctrl-C and a service manager's stop reach the whole process group; the parent drains first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

let stopping: Promise<void> | undefined;
process.on('disconnect', () => {
  stopping ??= stop();
});
process.on('message', (message: { kind: 'start'; options: EngineOptions } | { kind: 'stop' }) => {
  if (message.kind === 'stop') stopping ??= stop();
  else {
    running = start(message.options);
    running.catch(async (error: unknown) => {
      const pid = await lockHolder(dataFolder(message.options));
      report(pid === undefined ? { kind: 'failed', message: errorText(error) } : { kind: 'locked', pid });
      process.disconnect?.();
    });
  }
});
