import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { openCertificates, prepareServer, serverOptions } from '#collector';
import type { Config } from '#config';
import {
  AppError,
  type Clock,
  connectionsFor,
  errorText,
  type Lifecycle,
  type Log,
  type Metrics,
  openFilesLimit,
} from '#core';
import type { Answerer } from './front-door.ts';

/** What listening needs. */
export interface ListenerDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}

/** The open port. */
export interface Listener {
  readonly port: number;
  /** From now on each answer is the last one on its connection, so that few are left when the port is closed. */
  answerLast(): void;
}

/** How long open requests may take after the port was closed. */
const GRACE_MS = 3_000;

/**
 * Listens on the configured port, by HTTPS when there are certificates. Errors: `SERVER_CANNOT_LISTEN`, those of the certificates.
 */
export const listen = async (config: Config, answer: Answerer, deps: ListenerDeps): Promise<Listener> => {
  const { clock, log, lifecycle, metrics, dataDir } = deps;
  const options = serverOptions(config.collector);
  const certificates = await openCertificates(config.tls, {
    folder: join(dataDir, 'tls'),
    httpsPort: config.port,
    clock,
    log: log.child('tls'),
  });
  const server =
    certificates === null
      ? createServer(options, answer)
      : (createTlsServer({ ...options, ...certificates.current() }, answer) as unknown as Server);
  if (certificates !== null) {
    lifecycle.add('certificates', certificates);
    certificates.attach(server as unknown as Parameters<typeof certificates.attach>[0]);
  }
  const limit = openFilesLimit();
  const maxConnections = connectionsFor(config.collector.maxConnections, limit);
  if (maxConnections < config.collector.maxConnections)
    log.warn('connections_limited', {
      max: maxConnections,
      configured: config.collector.maxConnections,
      open_files: limit,
    });
  prepareServer(server, { ...config.collector, maxConnections }, metrics);
  server.listen({ port: config.port, ...(config.host !== '' && { host: config.host }) });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new AppError('SERVER_CANNOT_LISTEN', `listening on port ${config.port}: ${errorText(error)}`, {
      hint: 'choose another one with RUMBRELLA_PORT, or stop what is using it',
      cause: error,
    });
  }
  lifecycle.add('server', { stop: () => closeServer(server) });
  return {
    port: portOf(server),
    answerLast: () => {
      server.prependListener('request', (_request, response) => {
        response.shouldKeepAlive = false;
      });
    },
  };
};

/** The port that a server listens on. */
export const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Closes a server: what is open may take some seconds more. May be called twice. */
export const closeServer = async (server: Server): Promise<void> => {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await Promise.race([closed, new Promise((done) => setTimeout(done, GRACE_MS).unref())]);
  server.closeAllConnections();
};
