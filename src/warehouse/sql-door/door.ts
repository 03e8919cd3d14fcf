import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Agent, type Dispatcher, request as send } from 'undici';
import { errorText, type Log, type Metrics, type Running } from '#core';
import type { Warehouse } from '../client.ts';
import { readStatementText } from '../engine/body.ts';
import { clickhouseError, statusOf, toClickhouseException } from '../engine/exception.ts';
import { type Call, credentialsOf, readCall } from '../engine/request.ts';
import { checkReadOnly } from './guard.ts';
import { DEFAULT_SQL_DOOR_LIMITS, type SqlDoorLimits, settingsFor } from './settings.ts';
import { createTurnstile } from './turnstile.ts';

/** What the door stands in front of, and who may come in. */
export interface SqlDoorOptions {
  readonly warehouse: Warehouse;
  /** The operator's token: as `Authorization: Bearer`, or as the password of user `operator` in all of ClickHouse's ways. */
  readonly operatorToken: string;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly limits?: Partial<SqlDoorLimits>;
}

/** The door: a request handler for the paths below its prefix; `stop` ends its connections to the warehouse. */
export type SqlDoor = ((request: IncomingMessage, response: ServerResponse) => void) & Running;

/** The path that the door is mounted at. */
export const SQL_DOOR_PREFIX = '/_/clickhouse';

const OPERATOR = 'operator';

/**
 * ClickHouse's HTTP protocol, read-only, for Grafana's data source and SQL tools. Reads the statement, lets it through when it
 * only reads (`checkReadOnly`), and sends it to the warehouse with `readonly = 1` and limits; the answer streams back as it is.
 */
export const createSqlDoor = (options: SqlDoorOptions): SqlDoor => {
  const limits = { ...DEFAULT_SQL_DOOR_LIMITS, ...options.limits };
  const { warehouse } = options;
  const log = options.log.child('sql-door');
  const answers = options.metrics?.counter(
    'rumbrella_sql_door_answers_total',
    'Answers of the SQL door, by what became of the request',
    ['outcome'],
  );
  const agent = new Agent({ connections: limits.parallel * 2, bodyTimeout: 0, headersTimeout: 0 });
  const turnstile = createTurnstile(limits.parallel, limits.waiting);

  const ask = (call: Call, text: string, parameters: ReadonlyMap<string, string>, signal: AbortSignal) => {
    const { url, username, password, database } = warehouse.connection;
    const target = new URL(url);
    const search = new URLSearchParams(target.search);
    search.set('database', call.database ?? database);
    search.set('default_format', call.defaultFormat);
    search.set('query_id', call.queryId);
    if (call.protocolVersion > 0) search.set('client_protocol_version', String(call.protocolVersion));
    if (call.encoding !== undefined) search.set('enable_http_compression', '1');
    if (call.waitsForEnd) search.set('wait_end_of_query', '1');
    for (const [name, value] of settingsFor(call.settings, limits)) search.set(name, value);
    for (const [name, value] of parameters) search.set(`param_${name}`, value);
    target.search = search.toString();
    return send(target, {
      method: 'POST',
      body: text,
      dispatcher: agent,
      signal,
      headers: {
        'X-ClickHouse-User': username,
        'X-ClickHouse-Key': password,
        ...(call.encoding === undefined ? {} : { 'Accept-Encoding': call.encoding }),
      },
    });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<string> => {
    const url = new URL(request.url ?? '/', 'http://door');
    const path = url.pathname.startsWith(SQL_DOOR_PREFIX)
      ? url.pathname.slice(SQL_DOOR_PREFIX.length)
      : url.pathname;
    if (path === '/ping' || path === '/replicas_status') return ping(response);
    if (!isAllowed(url.searchParams, request, options.operatorToken)) {
      const hasTried = url.searchParams.has('password') || hasCredentials(request);
      if (!hasTried) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse"');
      fail(
        response,
        clickhouseError(
          516,
          'Authentication failed: give the operator token as the password of user operator',
        ),
        hasTried ? 403 : 401,
      );
      return 'unauthorized';
    }
    const call = readCall(request.method ?? 'GET', url.searchParams, request.headers, randomUUID);
    if (call.query === '' && call.isGet) return ping(response);
    const { text, parameters } = await readStatementText(call, request, limits.maxTextBytes);
    checkReadOnly(text);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    await turnstile.pass(gone.signal, async () => {
      const upstream = await ask(call, text, parameters, gone.signal);
      await forward(upstream, response, request.method === 'HEAD');
    });
    return response.statusCode < 400 ? 'answered' : 'failed';
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    request.on('error', () => undefined);
    answer(request, response).then(
      (outcome) => answers?.inc({ outcome }),
      (error: unknown) => {
        const exception = toClickhouseException(error);
        const isOurs = exception.errorNumber !== 1002;
        answers?.inc({ outcome: isOurs ? 'refused' : 'failed' });
        if (!isOurs && !response.destroyed) log.warn('sql_request_failed', { err: errorText(error) });
        fail(
          response,
          isOurs ? exception : clickhouseError(1002, 'the warehouse does not answer'),
          isOurs ? undefined : 502,
        );
        // The rest of a refused body is thrown away; a long one ends with the connection.
        request.resume();
      },
    );
  };
  return Object.assign(handle, { stop: () => agent.destroy() });
};

const ping = (response: ServerResponse): string => {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=UTF-8' });
  response.end('Ok.\n');
  return 'ping';
};

/** Headers between two neighbours, which mean nothing to the next one. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'trailer',
  'te',
  'date',
]);

const forward = async (
  upstream: Dispatcher.ResponseData,
  response: ServerResponse,
  isHead: boolean,
): Promise<void> => {
  response.statusCode = upstream.statusCode;
  for (const [name, value] of Object.entries(upstream.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) response.setHeader(name, value);
  }
  response.setHeader('Cache-Control', 'no-store');
  if (isHead) {
    upstream.body.destroy();
    response.end();
    return;
  }
  try {
    await pipeline(upstream.body, response);
  } catch {
    // An answer that breaks off behind its first byte must look broken to the caller, too.
    response.destroy();
  }
};

const fail = (
  response: ServerResponse,
  exception: Error & { errorNumber: number },
  status?: number,
): void => {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(status ?? statusOf(exception.errorNumber), {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Exception-Code': String(exception.errorNumber),
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(`${exception.message} (version rumbrella SQL door)\n`);
};

const hasCredentials = (request: IncomingMessage): boolean =>
  (request.headers.authorization ?? '') !== '' || request.headers['x-clickhouse-key'] !== undefined;

const isAllowed = (search: URLSearchParams, request: IncomingMessage, token: string): boolean => {
  if (token === '') return false;
  const authorization = request.headers.authorization ?? '';
  if (authorization.slice(0, 7).toLowerCase() === 'bearer ')
    return isSame(authorization.slice(7).trim(), token);
  const { user, password } = credentialsOf(search, request.headers);
  return isSame(password, token) && user === OPERATOR;
};

/** Compares secrets in a time that does not depend on where they differ. */
const isSame = (given: string, expected: string): boolean =>
  timingSafeEqual(
    createHash('sha256').update(given).digest(),
    createHash('sha256').update(expected).digest(),
  );
