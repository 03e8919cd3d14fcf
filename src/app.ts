import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Collector, createCollector } from '#collector';
import type { Config } from '#config';
import {
  type Clock,
  createLifecycle,
  createMetrics,
  errorText,
  type Lifecycle,
  type Log,
  type MetricValues,
  metricsText,
  type Running,
} from '#core';
import { hasDemo } from '#demo';
import { isOperator } from '#gateway/operator';
import { type JournalWriter, openJournalWriter } from '#journal';
import type { LoaderStatus } from '#loader';
import { createSteadyClock, openTenantRegistry, type TenantRegistry } from '#tenants';
import { createWebFiles, redirectToWeb, WEB_PREFIX } from '#web';
import { splitDoor } from './administration-door.ts';
import { listenForAdministration } from './administration-port.ts';
import { createDeepHealth, DEEP_HEALTH } from './deep-health.ts';
import { writeDemoMap } from './demo-map.ts';
import { reportClockJumps } from './clock-jumps.ts';
import { createFrontDoor, type FrontDoor } from './front-door.ts';
import { listen } from './listener.ts';
import { isDirectLoopback } from './loopback.ts';
import { type OperatorToken, openOperatorToken } from './operator-token.ts';
import { createPartStarter, type PartStarter } from './start-part.ts';
import { version } from './version.ts';

/** One role of a process; undefined: all of them. */
export type Role = 'collector' | 'loader' | undefined;

/** What the parts of one process share. */
export interface AppContext {
  readonly config: Config;
  readonly role: Role;
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: TenantRegistry;
  readonly operatorToken: string;
  readonly lifecycle: Lifecycle;
  readonly door: FrontDoor;
  readonly port: number;
  /** Of the administration; null: it has none of its own. */
  readonly adminPort: number | null;
  readonly dataDir: string;
  readonly metrics: ReturnType<typeof createMetrics>;
  /** Says something to the person at the terminal that is not for the log. */
  readonly tell: (sentence: string) => void;
  /** Values of another thread, for /metrics; the answer takes them out again. */
  addMetricSource(source: () => Promise<MetricValues>): () => void;
  /** Values of all threads. */
  readonly metricValues: () => Promise<readonly MetricValues[]>;
  /** Starts what may fail and is then tried again. */
  readonly parts: PartStarter;
  /** Says how the loader is, once there is one. */
  watchLoader(status: () => LoaderStatus): void;
}

/** A running process. `ready` resolves when everything behind the door for beacons is up as well. */
export interface App extends Running {
  readonly port: number;
  readonly operatorToken: OperatorToken;
  /** The demo site answers: it is on, and its organizations are in the users map. */
  readonly hasDemo: boolean;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly ready: Promise<void>;
  /** Takes no beacon any more; resolves when those that were taken are in the journal and answered. For an end that cannot wait for the rest. */
  finishBeacons(): Promise<void>;
}

/**
 * Starts everything, in order. Beacons are answered as soon as the users map is read and a journal segment is open; the engine, the
 * loader and the gateway follow, since nothing of a beacon's answer depends on them. What was started is stopped when this rejects.
 */
export const createApp = async (
  config: Config,
  role: Role,
  wallClock: Clock,
  log: Log,
  tell: (sentence: string) => void,
): Promise<App> => {
  const lifecycle = createLifecycle(log);
  try {
    return await startApp(config, role, wallClock, log, tell, lifecycle);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
};

const startApp = async (
  config: Config,
  role: Role,
  wallClock: Clock,
  log: Log,
  tell: (sentence: string) => void,
  lifecycle: Lifecycle,
): Promise<App> => {
  // A clock that leaps far ahead must not expire every tenant before the leap is confirmed.
  const metrics = createMetrics();
  const clock = createSteadyClock(wallClock, { onJump: reportClockJumps(log, metrics) });
  const dataDir = resolve(config.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const operatorToken = await openOperatorToken(config.operatorToken, dataDir);
  if (config.demo) await writeDemoMap({ path: resolve(config.usersMap), dataDir, clock, log });
  const registry = lifecycle.add(
    'tenants',
    await openTenantRegistry({
      path: resolve(config.usersMap),
      lastGoodPath: join(dataDir, 'users-map.last-good.yaml'),
      clock,
      log,
      metrics,
    }),
  );

  const sources = [() => metrics.values()];
  const addMetricSource = (source: () => Promise<MetricValues>): (() => void) => {
    sources.push(source);
    return () => void sources.splice(sources.indexOf(source), 1);
  };
  const stopping = new AbortController();
  const parts = createPartStarter({ clock, log, signal: stopping.signal, addMetricSource });
  let isReady = false;
  let loaderStatus: () => LoaderStatus | null = () => null;
  const beacons =
    role === 'loader'
      ? undefined
      : openCollector(config, { registry, clock, log, metrics, lifecycle, dataDir });
  const missing = (): string | null => {
    if (stopping.signal.aborted) return 'stopping';
    const [failing] = parts.failing();
    if (failing !== undefined) return `the ${failing} cannot be started yet; it is tried again`;
    return isReady ? null : 'starting, try again in a moment';
  };
  const door = createFrontDoor(
    (request, response) =>
      request.url !== DEEP_HEALTH && beacons !== undefined && beacons.collector.handle(request, response),
    missing,
    config.collector.maxHeaders,
  );
  door.mount('/metrics', (request, response) => {
    if (
      !config.metricsPublic &&
      !isDirectLoopback(request) &&
      !isOperator(request.headers.authorization, operatorToken.token)
    ) {
      response.writeHead(401, { 'content-type': 'text/plain' }).end("the operator's token is needed");
      return;
    }
    Promise.all(sources.map((source) => source()))
      .then(metricsText)
      .then((text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text))
      .catch((error: unknown) => response.writeHead(500).end(errorText(error)));
  });
  const health = createDeepHealth({
    journal: () => beacons?.journal.stats() ?? null,
    mapProblems: () => registry.problems().length,
    loader: () => loaderStatus(),
    loads: role !== 'collector',
    isReady: () => isReady,
  });
  // The collector answers every other request for its health itself.
  door.mountAt('/health', (request, response) =>
    request.url === DEEP_HEALTH ? health.answerDeep(request, response) : health.answerLoader(response),
  );
  if (role === undefined) mountWeb(door, config);

  const hasAdminPort = role === undefined && config.gateway.adminPort !== 'none';
  const { open, administration } = splitDoor(door.handle);
  const adminPort = hasAdminPort
    ? await listenForAdministration(config, administration, { log, lifecycle })
    : null;
  const listener = await listen(config, hasAdminPort ? open : door.handle, {
    dataDir,
    clock,
    log,
    metrics,
    lifecycle,
  });
  const { port } = listener;
  log.info('server_started', { port, role: role ?? 'all', pid: process.pid });

  const context: AppContext = {
    config,
    role,
    clock,
    log,
    registry,
    operatorToken: operatorToken.token,
    lifecycle,
    door,
    port,
    adminPort,
    dataDir,
    metrics,
    tell,
    addMetricSource,
    metricValues: () => Promise.all(sources.map((source) => source())),
    parts,
    watchLoader: (status) => {
      loaderStatus = status;
    },
  };
  const ready = (role === 'collector' ? Promise.resolve() : behindTheDoor(context)).then(() => {
    if (stopping.signal.aborted) return;
    isReady = true;
    log.info('server_ready', { port, role: role ?? 'all' });
  });
  return {
    port,
    operatorToken,
    hasDemo: config.demo && hasDemo(registry.current().tenants),
    metrics,
    ready,
    finishBeacons: async () => {
      await beacons?.collector.stop();
      await beacons?.journal.stop();
    },
    stop: async () => {
      stopping.abort();
      listener.answerLast();
      // Nothing is begun any more when this has resolved.
      await ready.catch(() => undefined);
      await lifecycle.stop();
    },
  };
};

/** Loaded late: the first beacons are answered while the code of everything else is still being read. */
const behindTheDoor = async (context: AppContext): Promise<void> => {
  const { startBehind } = await import('./behind.ts');
  await startBehind(context);
};

interface CollectorDeps {
  readonly registry: TenantRegistry;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly lifecycle: Lifecycle;
  readonly dataDir: string;
}

/** The collector and its journal, in the order in which they are stopped: the server first, then the collector, then the journal. */
const openCollector = (
  config: Config,
  deps: CollectorDeps,
): { readonly collector: Collector; readonly journal: JournalWriter } => {
  const { registry, clock, log, metrics, lifecycle, dataDir } = deps;
  const journal = openJournalWriter({
    ...config.journal,
    folder: join(dataDir, 'journal'),
    clock,
    log: log.child('journal'),
    metrics,
  });
  lifecycle.add('journal', journal);
  const options = config.collector;
  const collector = createCollector({ registry, journal, clock, log, metrics, options });
  lifecycle.add('collector', collector);
  return { collector, journal };
};

/** Files alone: there before the gateway, so that a page that is opened early can say that Rumbrella is starting. */
const mountWeb = (door: FrontDoor, { demo }: Config): void => {
  door.mount(WEB_PREFIX, createWebFiles({ version: version(), demo, beaconPath: '/beacon/catcher' }));
  for (const path of ['/', '/app']) door.mountAt(path, redirectToWeb);
};
