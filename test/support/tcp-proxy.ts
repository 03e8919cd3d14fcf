import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * What happens to what passes. `pass`: all goes through. `refuse`: connections are reset at once. `hold`: requests do not arrive and
 * nothing is answered. `swallow`: requests arrive, answers do not. `reset`: requests arrive, and the connection is reset when
 * the answer begins. `truncate`: half of the answer's first piece, then the end. `delay`: answers come after `delayMs`.
 */
export type ProxyMode = 'pass' | 'refuse' | 'hold' | 'swallow' | 'reset' | 'truncate' | 'delay';

/** A TCP proxy on loopback whose faults a test switches on and off. */
export interface TcpProxy {
  readonly url: string;
  mode: ProxyMode;
  delayMs: number;
  /** Connections that were opened so far. */
  readonly connections: () => number;
  /** Ends all connections. */
  cut(): void;
  stop(): Promise<void>;
}

/** Starts a proxy to `target` (an http URL). */
export const startTcpProxy = async (target: string): Promise<TcpProxy> => {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = createServer((client) => {
    connections++;
    sockets.add(client);
    client.once('close', () => sockets.delete(client));
    client.on('error', () => undefined);
    if (proxy.mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    sockets.add(upstream);
    upstream.once('close', () => {
      sockets.delete(upstream);
      client.destroy();
    });
    upstream.on('error', () => client.destroy());
    client.once('close', () => upstream.end());
    client.on('data', (bytes: Buffer) => {
      if (proxy.mode === 'refuse') client.resetAndDestroy();
      else if (proxy.mode !== 'hold') upstream.write(bytes);
    });
    upstream.on('data', (bytes: Buffer) => answer(client, bytes));
  });

  const answer = (client: Socket, bytes: Buffer): void => {
    if (client.destroyed) return;
    switch (proxy.mode) {
      case 'pass':
        client.write(bytes);
        return;
      case 'delay':
        setTimeout(() => {
          if (!client.destroyed) client.write(bytes);
        }, proxy.delayMs);
        return;
      case 'reset':
      case 'refuse':
        client.resetAndDestroy();
        return;
      case 'truncate':
        client.end(bytes.subarray(0, bytes.length >> 1));
        return;
      case 'hold':
      case 'swallow':
        return;
    }
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const proxy: TcpProxy = {
    url: `http://127.0.0.1:${address.port}`,
    mode: 'pass',
    delayMs: 0,
    connections: () => connections,
    cut,
    stop: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
};
