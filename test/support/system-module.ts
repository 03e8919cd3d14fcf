import { createServer, type IncomingHttpHeaders } from 'node:http';
import { listen, type ModuleAnswer, stopServer } from './http-module.ts';

/** One call that a module got, the gateway's own calls (`/_/tenant`, timers) included. */
export interface SystemCallSeen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the module answers; undefined: 204. */
export type SystemReply = (call: SystemCallSeen) => ModuleAnswer | undefined;

/** A module over HTTP in the test's own process that tells every call it gets. */
export interface SystemModule {
  readonly url: string;
  readonly calls: readonly SystemCallSeen[];
  /** `POST /_/tenant {"module_to":…}` of each call, and forgets them. */
  told(): readonly string[];
  stop(): Promise<void>;
}

/** Starts it. */
export const startSystemModule = async (reply: SystemReply = () => undefined): Promise<SystemModule> => {
  const calls: SystemCallSeen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks).toString() };
      calls.push(call);
      const { status, headers: answered, body } = reply(call) ?? { status: 204 };
      response.writeHead(status, answered).end(body);
    });
  });
  return {
    url: await listen(server),
    calls,
    told: () => calls.splice(0).map(({ method, url, body }) => `${method} ${url} ${body}`.trim()),
    stop: () => stopServer(server),
  };
};
