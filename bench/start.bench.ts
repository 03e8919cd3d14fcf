import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { silentLog, systemClock } from '#core';
import { openJournalWriter } from '#journal';
import type { TenantId } from '#tenants';

/** From the start of the process to the first 204, with 100 tenants and a journal of 1 GB. */
const TENANTS = 100;
const JOURNAL_BYTES = 1024 ** 3;
const BODY = Buffer.alloc(4_096, 'a=b&');
const ROUNDS = 5;
const launcher = fileURLToPath(new URL('../bin/rumbrella.js', import.meta.url));

const fillJournal = async (folder: string): Promise<void> => {
  const writer = openJournalWriter({
    folder,
    sync: 'never',
    syncIntervalMs: 0,
    segmentBytes: 64 * 1024 * 1024,
    maxBytes: 0,
    clock: systemClock,
    log: silentLog,
  });
  const record = {
    receivedAt: Date.now(),
    destination: 't0' as TenantId,
    trace: 'trace-0',
    method: 'POST' as const,
    query: '',
    body: BODY,
    headers: [['user-agent', 'bench']] as const,
    clientAddress: '',
    country: '',
    city: '',
  };
  let left = Math.ceil(JOURNAL_BYTES / (BODY.length + 100));
  while (left > 0) {
    await new Promise<void>((resolve, reject) => {
      let open = Math.min(1_000, left);
      left -= open;
      for (let each = open; each > 0; each -= 1) {
        writer.append(record, (error) => {
          if (error !== null) reject(error);
          open -= 1;
          if (open === 0) resolve();
        });
      }
    });
  }
  await writer.stop();
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const send = (port: number): Promise<number> =>
  new Promise((resolve) => {
    const call = request(
      { port, host: '127.0.0.1', method: 'POST', path: '/beacon/catcher?brum_trace=trace-0' },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    call.on('error', () => resolve(0));
    call.end('u=http%3A%2F%2Fa.example%2F');
  });

const measure = async (folder: string, args: readonly string[]): Promise<number> => {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(process.execPath, [launcher, 'serve', ...args], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      RUMBRELLA_PORT: String(port),
      RUMBRELLA_DEMO: 'off',
      RUMBRELLA_LOG_LEVEL: 'silent',
    },
  });
  const ended = once(child, 'exit');
  let status = 0;
  while (status !== 204 && child.exitCode === null) {
    status = await send(port);
    if (status !== 204) await sleep(2);
  }
  const ms = performance.now() - begun;
  child.kill('SIGKILL');
  await ended;
  return ms;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const folder = await mkdtemp(join(tmpdir(), 'rumbrella-bench-start-'));
const users = Array.from(
  { length: TENANTS },
  (_, index) => `- user: { prefix: t${index}, brum_trace: trace-${index} }`,
);
await writeFile(join(folder, 'users-map.yaml'), `${users.join('\n')}\n`);
await fillJournal(join(folder, 'data', 'journal'));
const figures: Record<string, number> = {};
for (const [name, args] of [
  ['collector', ['--only', 'collector']],
  ['all', []],
] as const) {
  await measure(folder, args); // the first start fills the compile cache
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await measure(folder, args));
  figures[`first_204_ms_${name}`] = Math.round(median(times));
  console.log(
    `serve ${args.join(' ').padEnd(18)} first 204 after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`,
  );
}
await rm(folder, { recursive: true, force: true });
console.log(JSON.stringify({ ...figures, tenants: TENANTS, journal_bytes: JOURNAL_BYTES }));
