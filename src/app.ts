import { access, mkdir } from 'node:fs/promises';
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
  replaceFile,
  type Running,
} from '#core';
import { demoUsersMap } from '#demo';
import { isOperator } from '#gateway/operator';
import { openJournalWriter } from '#journal';
import { createSteadyClock, openTenantRegistry, type TenantRegistry } from '#tenants';
import { createWebFiles, redirectToWeb, WEB_PREFIX } from '#web';
import { createFrontDoor, type FrontDoor } from './front-door.ts';
import { listen } from './listener.ts';
import { isDirectLoopback } from './loopback.ts';
import { type OperatorToken, openOperatorToken } from './operator-token.ts';
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
  readonly dataDir: string;
  readonly metrics: ReturnType<typeof createMetrics>;
  /** Says something to the person at the terminal that is not for the log. */
  readonly tell: (sentence: string) => void;
  /** Values of another thread, for /metrics. */
  addMetricSource(source: () => Promise<MetricValues>): void;
  /** Values of all threads. */
  readonly metricValues: () => Promise<readonly MetricValues[]>;
}

/** A running process. `ready` resolves when everything behind the door for beacons is up as well. */
export interface App extends Running {
  readonly port: number;
  readonly operatorToken: OperatorToken;
  readonly ready: Promise<void>;
}

/**
 * Starts everything, in order. Beacons are answered as soon as the users map is read and a journal segment is open; the engine, the
 * loader and the gateway follow, since nothing of a beacon's answer depends on them.
 */
export const createApp = async (
  config: Config,
  role: Role,
  wallClock: Clock,
  log: Log,
  tell: (sentence: string) => void,
): Promise<App> => {
  // A clock that leaps far ahead must not expire every tenant before the leap is confirmed.
  const clock = createSteadyClock(wallClock);
  const lifecycle = createLifecycle(log);
  const metrics = createMetrics();
  const dataDir = resolve(config.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const operatorToken = await openOperatorToken(config.operatorToken, dataDir);
  if (config.demo) await writeDemoMap(resolve(config.usersMap), clock);
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
  let isReady = false;
  const collector =
    role === 'loader'
      ? undefined
      : openCollector(config, { registry, clock, log, metrics, lifecycle, dataDir });
  const door = createFrontDoor(
    (request, response) => collector?.handle(request, response) ?? false,
    () => isReady,
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
  if (collector === undefined) mountHealth(door);
  if (role === undefined) mountWeb(door, config);

  const port = await listen(config, door.handle, { dataDir, clock, log, metrics, lifecycle });
  if (collector !== undefined) lifecycle.add('collector', collector);
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
    dataDir,
    metrics,
    tell,
    addMetricSource: (source) => void sources.push(source),
    metricValues: () => Promise.all(sources.map((source) => source())),
  };
  const ready = (role === 'collector' ? Promise.resolve() : behindTheDoor(context)).then(() => {
    isReady = true;
    log.info('server_ready', { port, role: role ?? 'all' });
  });
  return { port, operatorToken, ready, stop: () => lifecycle.stop() };
};

/** Loaded late: the first beacons are answered while the code of everything else is still being read. */
const behindTheDoor = async (context: AppContext): Promise<void> => {
  const { startBehind } = await import('./behind.ts');
  await startBehind(context);
};

/** The first start of the demo writes the users map; a map that is there is never touched. */
const writeDemoMap = async (path: string, clock: Clock): Promise<void> => {
  try {
    await access(path);
  } catch {
    await replaceFile(path, demoUsersMap(new Date(clock.now()).getUTCFullYear()), 0o644);
  }
};

interface CollectorDeps {
  readonly registry: TenantRegistry;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly lifecycle: Lifecycle;
  readonly dataDir: string;
}

const openCollector = (config: Config, deps: CollectorDeps): Collector => {
  const { registry, clock, log, metrics, lifecycle, dataDir } = deps;
  const journal = openJournalWriter({
    ...config.journal,
    folder: join(dataDir, 'journal'),
    clock,
    log: log.child('journal'),
    metrics,
  });
  lifecycle.add('journal', journal);
  return createCollector({ registry, journal, clock, log, metrics, options: config.collector });
};

/** Files alone: there before the gateway, so that a page that is opened early can say that Rumbrella is starting. */
const mountWeb = (door: FrontDoor, { demo }: Config): void => {
  door.mount(WEB_PREFIX, createWebFiles({ version: version(), demo, beaconPath: '/beacon/catcher' }));
  for (const path of ['/', '/app']) door.mountAt(path, redirectToWeb);
};

const mountHealth = (door: FrontDoor): void => {
  door.mount('/health', (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok'),
  );
};
