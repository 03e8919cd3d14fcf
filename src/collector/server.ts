import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Metrics } from '#core';
import type { CollectorOptions } from './options.ts';

/** Options for `http.createServer` (and `https.createServer`): the limits that only the server can keep. */
export const serverOptions = (options: CollectorOptions): ServerOptions => ({
  maxHeaderSize: options.maxHeaderBytes,
  headersTimeout: options.headerTimeoutMs,
  // Bodies have no limit here: the collector has its own, and an upload through the gateway may take its time.
  requestTimeout: 0,
  // Node looks at the timeouts only so often; its default of 30 s would make short ones meaningless.
  connectionsCheckingInterval: Math.max(100, Math.min(1_000, options.headerTimeoutMs / 4)),
  // Longer than the usual idle time of load balancers (60 s), so that they close first and no request meets a closing socket.
  keepAliveTimeout: 65_000,
  noDelay: true,
});

/**
 * Sets what cannot be given to `createServer`, and counts what never becomes a request: connections above the limit, broken
 * framing (400), too long headers (431), too slow ones (408). Call it once, before `listen`.
 */
export const prepareServer = (server: Server, options: CollectorOptions, metrics: Metrics): void => {
  // Node would refuse more headers than its own limit before anybody here can say why or count it, so it gets none: the size is limited, and the collector counts them.
  server.maxHeadersCount = 0;
  server.maxConnections = options.maxConnections;
  const broken = new Map<string, number>();
  const add = (reason: string): void => void broken.set(reason, (broken.get(reason) ?? 0) + 1);
  server.on('drop', () => add('too_many_connections'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answer = ANSWERS.get(error.code ?? '') ?? BAD_REQUEST;
    // Nothing was asked on a connection that was reset or closed: no broken request either.
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') add(answer.reason);
    if (!socket.writable || socket.writableEnded) {
      socket.destroy();
      return;
    }
    socket.end(
      `HTTP/1.1 ${answer.status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${answer.text.length + 1}\r\n\r\n${answer.text}\n`,
    );
    // A client that never closes its side must not keep the socket.
    setTimeout(() => socket.destroy(), 1_000).unref();
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    continueWhenRead(request, response);
    server.emit('request', request, response);
  });
  const total = metrics.counter(
    'rumbrella_collector_broken_requests_total',
    'Connections and bytes that never became a request',
    ['reason'],
  );
  metrics.beforeValues(() => {
    for (const [reason, count] of broken) total.inc({ reason }, count);
    broken.clear();
  });
};

/** Says 100 when somebody begins to read the body: a sender that is refused by the head alone is not asked for it. */
const continueWhenRead = (request: IncomingMessage, response: ServerResponse): void => {
  const onListener = (event: string | symbol): void => {
    if (event !== 'data' && event !== 'readable') return;
    request.off('newListener', onListener);
    if (!response.headersSent) response.writeContinue();
  };
  request.on('newListener', onListener);
};

/**
 * Answers 431 when a request has more headers than allowed; false: it has not. For whoever serves other paths on a prepared
 * server: there Node passes on any number of headers, none is dropped.
 */
export const refuseTooManyHeaders = (
  request: IncomingMessage,
  response: ServerResponse,
  maxHeaders: number,
): boolean => {
  if (request.rawHeaders.length <= maxHeaders * 2) return false;
  response.writeHead(431, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`there are more than ${maxHeaders} headers (collector.max_headers)\n`);
  return true;
};

interface BrokenAnswer {
  readonly reason: string;
  readonly status: string;
  readonly text: string;
}

const BAD_REQUEST: BrokenAnswer = {
  reason: 'malformed',
  status: '400 Bad Request',
  text: 'this is not a valid HTTP request',
};

const ANSWERS: ReadonlyMap<string, BrokenAnswer> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    {
      reason: 'headers_too_large',
      status: '431 Request Header Fields Too Large',
      text: 'request line and headers are too long (collector.max_header_bytes)',
    },
  ],
  [
    'HPE_CHUNK_EXTENSIONS_OVERFLOW',
    { reason: 'malformed', status: '413 Content Too Large', text: 'the chunk extensions are too long' },
  ],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    {
      reason: 'too_slow',
      status: '408 Request Timeout',
      text: 'the headers took too long (collector.header_timeout_ms)',
    },
  ],
]);
