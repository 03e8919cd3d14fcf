import { once } from 'node:events';
import { createServer } from 'node:http';
import { serverOptions } from '#collector';
import type { Config } from '#config';
import { AppError, errorText, type Lifecycle, type Log } from '#core';
import type { Answerer } from './front-door.ts';
import { closeServer, portOf } from './listener.ts';

/** Connections to it at the same time: operators and their programs. */
const MAX_CONNECTIONS = 200;

/**
 * Listens for the administration alone, by HTTP. Resolves to the port. Errors: `SERVER_CANNOT_LISTEN`.
 */
export const listenForAdministration = async (
  { collector, gateway: { adminHost, adminPort } }: Config,
  answer: Answerer,
  { log, lifecycle }: { readonly log: Log; readonly lifecycle: Lifecycle },
): Promise<number> => {
  const server = createServer(serverOptions(collector), answer);
  // Node would refuse more headers than its own limit before anybody here can say why; their size is limited.
  server.maxHeadersCount = 0;
  server.maxConnections = MAX_CONNECTIONS;
  server.listen({ port: adminPort === 'none' ? 0 : adminPort, host: adminHost });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new AppError(
      'SERVER_CANNOT_LISTEN',
      `listening for the administration on ${adminHost} port ${adminPort}: ${errorText(error)}`,
      { hint: 'choose another gateway.admin_port or gateway.admin_host', cause: error },
    );
  }
  lifecycle.add('administration-port', { stop: () => closeServer(server) });
  const port = portOf(server);
  log.info('administration_started', { host: adminHost, port });
  return port;
};
