import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type OutgoingHttpHeaders, request as sendRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CollectorOptions,
  createCollector,
  prepareServer,
  refuseTooManyHeaders,
  serverOptions,
} from '#collector';
import { type Clock, createMetrics, type MetricValues, silentLog, systemClock } from '#core';
import { type JournalEntry, type JournalWriter, openJournalReader, openJournalWriter } from '#journal';
import { createSnapshot, type Tenant, type TenantId } from '#tenants';

/** The defaults of the configuration, with short timeouts. */
export const collectorOptions: CollectorOptions = {
  traceParameters: ['brum_trace', 'brum_site_id', 'subscription_id'],
  maxBodyBytes: 262_144,
  maxHeaderBytes: 32_768,
  maxHeaders: 100,
  maxParameters: 2_000,
  tenantBeaconsPerSecond: 0,
  networkBeaconsPerSecond: 0,
  unknownBeaconsPerSecond: 0,
  unknownBytesPerHour: 0,
  maxConnections: 10_000,
  headerTimeoutMs: 10_000,
  bodyTimeoutMs: 15_000,
  trustedProxies: [],
  clientAddress: 'anonymise',
  honourGpc: false,
  honourDnt: false,
};

const tenant = (id: string, traces: readonly string[], expiresAt: number | null): Tenant => ({
  id: id as TenantId,
  name: id,
  traces,
  expiresAt,
  hostnames: [],
  onlyHostnames: false,
  retentionDays: null,
  beaconsPerSecond: null,
});

/** `fashion_bg` with two traces, `sofia_news`, `small_shop` with a quota of its own, and `old_shop`, which expired long ago. */
export const testSnapshot = createSnapshot(
  'test',
  0,
  [
    tenant('fashion_bg', ['BY83kR5MS5PM', 'other'], null),
    tenant('sofia_news', ['of-the-news'], null),
    { ...tenant('small_shop', ['of-the-small-one'], null), beaconsPerSecond: 2 },
    tenant('old_shop', ['OLD'], 1_000),
  ],
  [],
);

/** An answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What is sent. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** A collector behind a real HTTP server, with a real journal in a folder of its own. */
export interface CollectorServer {
  readonly port: number;
  send(path: string, sent?: Sent): Promise<Answer>;
  /** Opens a socket, writes these bytes and resolves with everything that comes back until the other side closes it or `ms` passed. */
  raw(bytes: string | Buffer, ms?: number): Promise<string>;
  /** Tells the collector alone to stop. */
  stopCollector(): Promise<void>;
  /** What is in the journal now. */
  entries(): Promise<readonly JournalEntry[]>;
  /** Value of a counter with these labels, 0 when there is none. */
  counter(name: string, labels: Readonly<Record<string, string>>): Promise<number>;
  /** Labels of a counter, one for each of its values. */
  labelsOf(name: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

/** Starts it. `journal` replaces the real one, `clock` the system's. */
export const startCollectorServer = async (
  options: Partial<CollectorOptions> = {},
  journal?: (real: JournalWriter) => JournalWriter,
  clock: Clock = systemClock,
): Promise<CollectorServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'rumbrella-collector-'));
  const metrics = createMetrics();
  const real = openJournalWriter({
    folder,
    sync: 'always',
    syncIntervalMs: 200,
    segmentBytes: 1e7,
    maxBytes: 0,
    clock: systemClock,
    log: silentLog,
  });
  const writer = journal?.(real) ?? real;
  const all = { ...collectorOptions, ...options };
  const collector = createCollector({
    registry: { current: () => testSnapshot },
    journal: writer,
    clock,
    log: silentLog,
    metrics,
    options: all,
  });
  const server = createServer(serverOptions(all), (request, response) => {
    if (collector.handle(request, response)) return;
    if (!refuseTooManyHeaders(request, response, all.maxHeaders))
      response.writeHead(404).end('not of the collector');
  });
  prepareServer(server, all, metrics);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    send: (path, sent = {}) => send(port, path, sent),
    raw: (bytes, ms = 5_000) => sendRaw(port, bytes, ms),
    stopCollector: () => collector.stop(),
    entries: async () => {
      const range = await openJournalReader({ folder, log: silentLog }).read(
        {},
        { maxEntries: 1e6, maxBytes: 1e9 },
      );
      return range.entries;
    },
    counter: async (name, labels) => valueOf(await metrics.values(), name, labels),
    labelsOf: async (name) =>
      (await metrics.values()).find((metric) => metric.name === name)?.values.map(({ labels }) => labels) ??
      [],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await collector.stop();
      await real.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const send = (port: number, path: string, { method, headers, body }: Sent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = sendRequest(
      {
        port,
        host: '127.0.0.1',
        path,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { ...headers } as OutgoingHttpHeaders,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });

const sendRaw = (port: number, bytes: string | Buffer, ms: number): Promise<string> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    const timer = setTimeout(finish, ms);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', finish);
    socket.on('close', finish);
  });

const valueOf = (values: MetricValues, name: string, labels: Readonly<Record<string, string>>): number =>
  values
    .find((metric) => metric.name === name)
    ?.values.filter((value) => Object.entries(labels).every(([key, label]) => value.labels[key] === label))
    .reduce((sum, value) => sum + value.value, 0) ?? 0;
