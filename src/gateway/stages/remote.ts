import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { type Dispatcher, Pool } from 'undici';
import { AppError, createDeadlines, type Deadlines, systemClock } from '#core';
import type { Body } from '../body.ts';
import type { ModuleInstance } from '../module-store.ts';
import { sign, signatureHeader } from '../signature.ts';
import { createAddressGuard, createGuardedConnector } from './address-guard.ts';
import { Exchange, type Queue } from './exchange.ts';
import { isConnectFailure, isStale, moduleBusy, moduleFailure } from './module-failure.ts';
import type { Stage, StageCall, StageResponse } from './stage.ts';
import { createYoungGarbage, type YoungGarbage } from './young-garbage.ts';

/** How remote modules are called. Times in ms. */
export interface RemoteOptions {
  readonly connectTimeoutMs: number;
  /** Until a connection is free, and from then until the head of the answer is there. */
  readonly headersTimeoutMs: number;
  /** Between two pieces of the answer's body. */
  readonly bodyTimeoutMs: number;
  /** CIDR ranges where modules may run. */
  readonly allow: readonly string[];
  /** Ports of this machine where no module is, because the gateway listens there. Default: none. */
  readonly ownPorts?: () => readonly number[];
  /** Connections to one instance at most. Default 256. */
  readonly maxConnections?: number;
  /** Requests that wait for a connection to one instance at most. Default 1,024. */
  readonly maxWaiting?: number;
  /** Epoch ms, for signatures. Default: the system's clock. */
  readonly now?: () => number;
}

/** Instances whose connections are kept at most. */
const maxPools = 512;
/** Head of a module's answer at most; auth filters send long ones. */
const maxHeadBytes = 65_536;

/**
 * Calls modules over HTTP. Redirects are not followed. A request without a body that is idempotent is sent once more when a
 * kept-alive connection turned out to be dead, and to the next instance when one cannot be connected to; nothing else is.
 * Errors: `GATEWAY_MODULE_UNREACHABLE`, `GATEWAY_MODULE_BROKEN` (502), `GATEWAY_MODULE_TIMEOUT` (504), `GATEWAY_MODULE_BUSY` (503: too many wait for a
 * connection), `GATEWAY_NO_INSTANCE` (404).
 */
export const createRemoteStage = (
  instancesOf: (moduleId: string) => readonly ModuleInstance[],
  options: RemoteOptions,
  failed: (code: string) => void,
): Stage => {
  const guard = createAddressGuard(options.allow, options.ownPorts);
  const connect = createGuardedConnector(guard, options.connectTimeoutMs);
  const targets = new LRUCache<string, Target>({
    max: maxPools,
    dispose: ({ pool }) => void pool.close().catch(() => undefined),
  });
  const means: Means = {
    garbage: createYoungGarbage(),
    deadlines: createDeadlines(options.headersTimeoutMs, systemClock),
    maxWaiting: options.maxWaiting ?? 1_024,
    now: options.now ?? systemClock.now,
  };
  let turn = 0;

  const targetOf = (instance: ModuleInstance): Target => {
    let target = targets.get(instance.url);
    if (target === undefined) {
      const problem = guard.urlProblem(instance.url);
      if (problem !== null) throw new AppError('GATEWAY_MODULE_ADDRESS', problem, { status: 502 });
      const url = new URL(instance.url);
      target = {
        basePath: url.pathname.replace(/\/+$/, ''),
        pool: new Pool(url.origin, {
          connect,
          connections: options.maxConnections ?? 256,
          pipelining: 1,
          headersTimeout: options.headersTimeoutMs,
          bodyTimeout: options.bodyTimeoutMs,
          maxHeaderSize: maxHeadBytes,
        }),
        waiting: 0,
      };
      targets.set(instance.url, target);
    }
    return target;
  };

  const attempt = (
    call: StageCall,
    instances: readonly ModuleInstance[],
    first: number,
    tried: number,
  ): Promise<StageResponse> => {
    const instance = instances[(first + tried) % instances.length];
    if (instance === undefined) {
      const message = `No running module instance found for ${call.entry.module.id}`;
      return Promise.reject(new AppError('GATEWAY_NO_INSTANCE', message, { status: 404 }));
    }
    return exchange(targetOf, call, instance, means).catch((error: unknown) => {
      const isReplayable = !(call.body instanceof Readable);
      const again = isConnectFailure(error)
        ? isReplayable && tried + 1 < instances.length
        : tried === 0 && isReplayable && isStale(error, call);
      if (again) return attempt(call, instances, first, tried + 1);
      const failure = moduleFailure(error, call);
      failed(failure.code);
      throw failure;
    });
  };

  return {
    call: (call) => {
      turn = (turn + 1) % 1_000_000;
      return attempt(call, instancesOf(call.entry.module.id), turn, 0);
    },
    stop: async () => {
      const pools = [...targets.values()].map(({ pool }) => pool);
      targets.clear();
      await Promise.allSettled(pools.map((pool) => pool.destroy()));
    },
  };
};

interface Target extends Queue {
  readonly pool: Pool;
  readonly basePath: string;
}

/** What all exchanges of a stage share. */
interface Means {
  readonly garbage: YoungGarbage;
  /** For those who wait for a connection. */
  readonly deadlines: Deadlines;
  readonly maxWaiting: number;
  readonly now: () => number;
}

const exchange = (
  targetOf: (instance: ModuleInstance) => Target,
  call: StageCall,
  instance: ModuleInstance,
  means: Means,
): Promise<StageResponse> =>
  new Promise((resolve, reject) => {
    const target = targetOf(instance);
    if (target.waiting >= means.maxWaiting) throw moduleBusy(call, target.waiting);
    const exchange = new Exchange(call, resolve, reject, target, means.garbage);
    target.pool.dispatch(
      {
        method: call.method as Dispatcher.HttpMethod,
        path: target.basePath + call.uri,
        headers: outgoingHeaders(call, instance, target.basePath, means),
        body: bodyFor(call.body),
      },
      exchange,
    );
    exchange.dispatched(means.deadlines);
  });

const bodyFor = (body: Body): string | Uint8Array | Readable | null => body;

const outgoingHeaders = (
  call: StageCall,
  { url, secret }: ModuleInstance,
  basePath: string,
  { now }: Means,
): Record<string, string> => {
  const { headers } = call;
  if (call.entry.kind === 'system') headers['x-okapi-url-to'] = url;
  if (secret === undefined) return headers;
  const message = {
    from: 'gateway',
    method: call.method,
    uri: basePath + call.uri,
    headers: Object.entries(headers),
  } as const;
  return { ...headers, [signatureHeader]: sign(secret, message, now()) };
};
