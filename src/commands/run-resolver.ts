import { once } from 'node:events';
import { createServer } from 'node:http';
import { AppError, type Clock, errorText, type Log, type Running } from '#core';
import { createTenantFilter, unusableRules } from '#modules';
import { openTenantRegistry, type Snapshot } from '#tenants';

/** Where the resolver answers, and by which map. */
export interface ResolverPlace {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  readonly usersMap: string;
  /** Where the last good map is kept for a restart. */
  readonly lastGoodPath: string;
}

/** A resolver that answers. */
export interface RunningResolver extends Running {
  readonly port: number;
  /** Resolves when it has stopped. */
  readonly ended: Promise<void>;
}

/** Tokens with many claims, queries with many ids: more than Node's 16 KiB. */
const MAX_HEADER_BYTES = 65_536;

/**
 * Starts the tenant resolver on a port of its own. The map is read again while it runs. Errors: `RESOLVER_MAP` for a map that is not good at
 * the start, `RESOLVER_CANNOT_LISTEN`.
 */
export const startResolver = async (
  place: ResolverPlace,
  deps: { readonly clock: Clock; readonly log: Log },
): Promise<RunningResolver> => {
  const { clock } = deps;
  const log = deps.log.child('resolver');
  const registry = await openTenantRegistry({
    path: place.usersMap,
    lastGoodPath: place.lastGoodPath,
    clock,
    log,
  });
  const tell = (snapshot: Snapshot): void => {
    for (const unusable of unusableRules(snapshot)) log.warn('rule_passed_over', { ...unusable });
  };
  if (registry.current().tenants.length === 0) {
    await registry.stop();
    throw new AppError('RESOLVER_MAP', `${place.usersMap} is no users map that can be used`, {
      hint: '`rumbrella tenants check <file>` says why',
    });
  }
  tell(registry.current());
  const unsubscribe = registry.onChange(tell);

  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES },
    createTenantFilter({ registry, clock, log }),
  );
  server.listen(place.port, place.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    await registry.stop();
    throw new AppError('RESOLVER_CANNOT_LISTEN', `listening on port ${place.port}: ${errorText(error)}`, {
      hint: 'choose another one with --port, or stop what is using it',
      cause: error,
    });
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : place.port;
  log.info('resolver_started', { port, host: place.host, relations: registry.current().relations.length });
  const ended = once(server, 'close').then(() => undefined);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    unsubscribe();
    server.close();
    server.closeAllConnections();
    await Promise.all([ended, registry.stop()]);
    log.info('resolver_stopped');
  };
  return { port, ended, stop: () => (stopped ??= stop()) };
};
