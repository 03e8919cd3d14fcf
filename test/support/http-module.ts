import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that a module over HTTP got. */
export interface ModuleCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** `name: value` in the order in which they came, duplicates included. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** A module in the test's own process, reached over a real socket. */
export interface HttpModule {
  readonly url: string;
  /** Calls so far, the system calls (`/_/…`) left out. */
  readonly calls: ModuleCall[];
  stop(): Promise<void>;
}

/** What a module answers. */
export interface ModuleAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Starts a module that records every call. Default answer: 200 without a body. */
export const startHttpModule = async (
  answer: (call: ModuleCall) => ModuleAnswer | Promise<ModuleAnswer> = () => ({ status: 200 }),
): Promise<HttpModule> => {
  const calls: ModuleCall[] = [];
  const server = createServer((request, response) => {
    readCall(request)
      .then(async (call) => {
        if (call.url.startsWith('/_/')) return { status: 204 };
        calls.push(call);
        return answer(call);
      })
      .then(({ status, headers, body }: ModuleAnswer) => response.writeHead(status, headers).end(body))
      .catch(() => response.destroy());
  });
  return { url: await listen(server), calls, stop: () => stopServer(server) };
};

/** Listens on a free port of loopback. Resolves to the base URL. */
export const listen = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Ends a server and its connections. */
export const stopServer = async (server: Server): Promise<void> => {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
};

const readCall = async (request: IncomingMessage): Promise<ModuleCall> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
    rawHeaders: request.rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [`${name.toLowerCase()}: ${request.rawHeaders[index + 1] ?? ''}`] : [],
    ),
    body: Buffer.concat(chunks).toString(),
  };
};
