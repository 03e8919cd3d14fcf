import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { get, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load, LoadFigures } from './gateway/load.ts';
import { benchTokens } from './gateway/world.ts';

/**
 * The gateway beside what it is made of, in the same run: a handler in process through the whole pipeline (auth filter, tenant
 * resolution, 2,000 routes, a token minted per hop) against bare `node:http`; a remote module against a reverse proxy of a few
 * lines over undici; and how much memory one gibibyte costs that streams through.
 *
 * Contenders run on core 0, the load and the upstream on core 1, in many short rounds whose order alternates. A round gives a
 * ratio of rates and one of CPU time per request, of two contenders that ran within half a second of each other; the figures are
 * the medians of those, since a shared machine may have another speed a second later. CPU time is the kernel's own, in
 * nanoseconds. Beside a handler in process the load never sleeps: on a virtual machine whoever answers a sleeping client pays 5 µs for waking it, and only
 * the slower contender meets a client that sleeps. Beside a proxy it does, because the upstream needs its core. About 80 s in all. BENCH_ROUNDS (41), BENCH_SECONDS (0.2), BENCH_MIB (1024).
 */
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 41);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 0.2);
const mebibytes = Number(process.env['BENCH_MIB'] ?? 1_024);
const connections = 64;

interface Contender {
  readonly name: string;
  readonly child: ChildProcess;
  readonly port: number;
  readonly rates: number[];
  readonly cpuMicros: number[];
  readonly p50: number[];
}

const children: ChildProcess[] = [];
const hasTaskset = spawnSync('taskset', ['-V']).status === 0;
const start = async (core: number, ...args: readonly string[]): Promise<[ChildProcess, string]> => {
  const node = [process.execPath, ...args];
  const [command = '', ...rest] = hasTaskset ? ['taskset', '-c', String(core), ...node] : node;
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  children.push(child);
  if (child.stdout === null) throw new Error('a process of the bench has no output');
  for await (const line of createInterface({ input: child.stdout })) return [child, line];
  throw new Error('a process of the bench ended before it said anything');
};
const here = (file: string): string => join(import.meta.dirname, 'gateway', file);
const contender = async (name: string, ...args: readonly string[]): Promise<Contender> => {
  const [child, port] = await start(0, here('server.ts'), ...args);
  return { name, child, port: Number(port), rates: [], cpuMicros: [], p50: [] };
};

const status = (child: ChildProcess, file: string): string =>
  readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
/** CPU time of all threads so far. */
const cpuMicros = ({ pid }: ChildProcess): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]))
    .reduce((sum, nanos) => sum + nanos / 1_000, 0);
const megabytes = (child: ChildProcess, field: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status(child, 'status'))?.[1] ?? 0) / 1_024;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
/** The median of `over / under`, round by round. */
const ratio = (over: readonly number[], under: readonly number[]): number =>
  rounded(median(over.map((value, round) => value / (under[round] ?? Number.NaN))));
const rounded = (value: number): number => Number(value.toFixed(3));

const send = async (
  to: Contender,
  { forSeconds = seconds, many = connections, most = null as number | null, awake = false },
): Promise<LoadFigures> => {
  const wanted: Load = {
    port: to.port,
    seconds: forSeconds,
    connections: many,
    path: '/notes/7',
    most,
    awake,
  };
  const answer = once(load, 'message');
  load.send(wanted);
  const [figures] = (await answer) as [LoadFigures];
  if (figures.failed > 0) throw new Error(`${to.name}: ${figures.failed} requests failed`);
  return figures;
};

const measure = async (group: readonly Contender[], awake: boolean): Promise<void> => {
  // The compiler has to have seen all of it: a cold gateway takes three times the time.
  for (const each of group) await send(each, { forSeconds: 20, most: 80_000, awake });
  for (let round = 0; round < rounds; round += 1)
    for (const each of round % 2 === 0 ? group : group.toReversed()) {
      const before = cpuMicros(each.child);
      const { answered, perSecond } = await send(each, { awake });
      each.cpuMicros.push((cpuMicros(each.child) - before) / answered);
      each.rates.push(perSecond);
    }
  for (let round = 0; round < rounds; round += 1)
    for (const each of round % 2 === 0 ? group : group.toReversed())
      each.p50.push((await send(each, { many: 1, forSeconds: seconds / 2, awake })).p50);
};

const table = (title: string, group: readonly Contender[]): void => {
  process.stdout.write(`\n${title}\n`);
  for (const each of group)
    process.stdout.write(
      `  ${each.name.padEnd(28)} ${median(each.rates).toFixed(0).padStart(8)}/s  ${median(each.cpuMicros).toFixed(1).padStart(6)} µs CPU  p50 alone ${median(each.p50).toFixed(3)} ms\n`,
    );
};

/** Streams through a gateway and says how much its memory grew at the most. */
const stream = async (through: Contender, method: 'GET' | 'POST'): Promise<number> => {
  const { token } = benchTokens().mintAccess({ tenant: 'shop', userId: 'u', subject: 'anna' });
  const options = {
    port: through.port,
    host: '127.0.0.1',
    method,
    path: `/large?mib=${mebibytes}`,
    headers: { 'x-okapi-tenant': 'shop', 'x-okapi-token': token },
  };
  const before = megabytes(through.child, 'VmRSS');
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, megabytes(through.child, 'VmRSS'))), 20);
  const received = await new Promise<number>((resolve, reject) => {
    const onResponse = (res: IncomingMessage): void => {
      let bytes = 0;
      let text = '';
      res.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (method === 'POST') text += chunk.toString();
      });
      res.on('end', () => resolve(method === 'POST' ? Number(text) : bytes));
      res.on('error', reject);
    };
    if (method === 'GET') return void get(options, onResponse).on('error', reject);
    const req = request(options, onResponse).on('error', reject);
    const piece = Buffer.alloc(1_048_576, 'y');
    let left = mebibytes;
    const more = (): void => {
      while (left > 0) {
        left -= 1;
        if (!req.write(piece)) return;
      }
      req.end();
    };
    req.on('drain', more);
    more();
  });
  clearInterval(watch);
  if (received !== mebibytes * 1_048_576) throw new Error(`${received} bytes came through`);
  return most - before;
};

const [load] = await start(1, here('load.ts'));
try {
  const [, upstreamPort] = await start(1, here('server.ts'), 'upstream');
  const upstream = `http://127.0.0.1:${upstreamPort}`;
  const bare = await contender('bare node:http', 'bare');
  const local = await contender('gateway, in process', 'gateway-local');
  await measure([bare, local], true);
  table('handler in process, GET', [bare, local]);
  bare.child.kill();
  local.child.kill();

  const plain = await contender('plain undici proxy', 'plain-proxy', upstream);
  const proxied = await contender('gateway, remote module', 'gateway-proxy', upstream);
  await measure([plain, proxied], false);
  table('remote module, GET', [plain, proxied]);
  plain.child.kill();

  await sleep(500);
  const down = await stream(proxied, 'GET');
  const up = await stream(proxied, 'POST');
  process.stdout.write(
    `\nstreaming ${mebibytes} MiB\n  down +${down.toFixed(0)} MB, up +${up.toFixed(0)} MB\n`,
  );

  process.stdout.write(
    `${JSON.stringify({
      local_cpu_ratio_to_bare: ratio(bare.cpuMicros, local.cpuMicros),
      local_rate_ratio_to_bare: ratio(local.rates, bare.rates),
      local_added_p50_ms: Number((median(local.p50) - median(bare.p50)).toFixed(4)),
      proxy_cpu_ratio_to_plain: ratio(plain.cpuMicros, proxied.cpuMicros),
      proxy_rate_ratio_to_plain: ratio(proxied.rates, plain.rates),
      stream_down_mb: Number(down.toFixed(1)),
      stream_up_mb: Number(up.toFixed(1)),
      local_cpu_us: Number(median(local.cpuMicros).toFixed(1)),
      proxy_cpu_us: Number(median(proxied.cpuMicros).toFixed(1)),
    })}\n`,
  );
} finally {
  for (const child of children) child.kill('SIGKILL');
}
