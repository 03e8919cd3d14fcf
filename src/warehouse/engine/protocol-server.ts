import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createAnswer } from './answer.ts';
import { readQuestion } from './body.ts';
import { clickhouseError } from './exception.ts';
import type { Executor } from './execution.ts';
import { contentTypeOf } from './formats.ts';
import { type Call, credentialsOf, readCall } from './request.ts';

/** What the server says of itself, and whom it lets in. */
export interface ServerFacts {
  readonly username: string;
  readonly password: string;
  readonly version: string;
  readonly timezone: string;
}

/** ClickHouse's `http_max_uri_size` is 1 MiB; the request line and the headers together may be as long. */
const MAX_HEADER_BYTES = 1_048_576;

/** A body that stalls for this long is given up. */
const IDLE_BODY_MS = 300_000;
const MAX_CONNECTIONS = 1_000;

/** Creates the HTTP server of the engine; the caller listens. */
export const createProtocolServer = (executor: Executor, facts: ServerFacts): Server => {
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 30_000, headersTimeout: 60_000, requestTimeout: 0 },
    (request, response) => {
      void serve(request, response);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('checkContinue', (request, response) => {
    response.writeContinue();
    void serve(request, response);
  });

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const url = new URL(request.url ?? '/', 'http://engine');
    const isHead = request.method === 'HEAD';
    response.setHeader('X-ClickHouse-Server-Display-Name', 'rumbrella-engine');
    request.on('error', () => undefined);
    request.setTimeout(IDLE_BODY_MS, () => request.destroy());
    request.once('end', () => request.setTimeout(0));
    if (url.pathname === '/ping' || url.pathname === '/replicas_status') return plain(response, 200, 'Ok.\n');
    if (url.pathname === '/' && url.search === '' && request.method !== 'POST')
      return plain(response, 200, 'Ok.\n');
    if (url.pathname !== '/' && url.pathname !== '/query') {
      return plain(
        response,
        404,
        `There is no handle ${url.pathname}\n\nUse / or /ping for health checks.\n`,
      );
    }
    if (request.method !== 'GET' && request.method !== 'POST' && !isHead) {
      return plain(response, 405, 'expected GET, HEAD or POST\n');
    }
    const answerWith = (call?: Call) =>
      createAnswer(
        response,
        {
          queryId: call?.queryId ?? '',
          version: facts.version,
          timezone: facts.timezone,
          encoding: call?.encoding,
          startedAt,
        },
        isHead,
      );
    let answer = answerWith();
    const gone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    try {
      if (!isAllowed(url.searchParams, request, facts)) {
        throw clickhouseError(
          516,
          'Authentication failed: password is incorrect, or there is no user with such name',
        );
      }
      const call = readCall(request.method ?? 'GET', url.searchParams, request.headers, randomUUID);
      answer = answerWith(call);
      if (call.query === '' && call.isGet) return plain(response, 200, 'Ok.\n');
      response.setHeader('X-ClickHouse-Query-Id', call.queryId);
      response.setHeader('X-ClickHouse-Timezone', facts.timezone);
      const question = await readQuestion(call, request);
      const format =
        (question.statement.kind === 'rows' ? question.statement.format : undefined) ?? call.defaultFormat;
      response.setHeader('X-ClickHouse-Format', format);
      response.setHeader('Content-Type', contentTypeOf(format));
      const asked = { ...call, parameters: question.parameters };
      await answer.end(await executor.run(asked, question, answer, gone.signal));
    } catch (error) {
      answer.fail(error);
    } finally {
      // What is left of a refused body is read away (or the connection closed), so that the answer arrives.
      if (!request.readableEnded) {
        request.resume();
        if (!request.complete) response.shouldKeepAlive = false;
      }
    }
  };
  return server;
};

const plain = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8' });
  response.end(text);
};

const isAllowed = (search: URLSearchParams, request: IncomingMessage, facts: ServerFacts): boolean => {
  const { user, password } = credentialsOf(search, request.headers);
  return isSame(user, facts.username) && isSame(password, facts.password);
};

/** Compares secrets in a time that does not depend on where they differ. */
const isSame = (given: string, expected: string): boolean =>
  timingSafeEqual(
    createHash('sha256').update(given).digest(),
    createHash('sha256').update(expected).digest(),
  );
