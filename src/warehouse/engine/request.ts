import type { IncomingHttpHeaders } from 'node:http';
import { clickhouseError } from './exception.ts';

/** Who asks. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** One call of ClickHouse's HTTP protocol, read from its URL and headers. */
export interface Call {
  readonly isGet: boolean;
  /** Text of `?query=`; the body continues it. */
  readonly query: string;
  readonly queryId: string;
  readonly database: string | undefined;
  readonly defaultFormat: string;
  /** `?param_x=…`, by name without the prefix, in ClickHouse's escaped form. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Everything else in the URL: settings of this call alone. */
  readonly settings: ReadonlyMap<string, string>;
  readonly session:
    | { readonly id: string; readonly timeoutMs: number; readonly mustExist: boolean }
    | undefined;
  /** Content coding of the answer when the caller wants one. */
  readonly encoding: Encoding | undefined;
  /** Revision of the Native format that the caller reads; 0: the plain one. */
  readonly protocolVersion: number;
  /** The answer is held back until the statement has ended, so that its status is right. */
  readonly waitsForEnd: boolean;
}

/** Content codings, of answers and of bodies. */
export type Encoding = 'gzip' | 'deflate' | 'br' | 'zstd';

const RESERVED = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'session_id',
  'session_timeout',
  'session_check',
  'quota_key',
  'compress',
  'decompress',
  'enable_http_compression',
  'wait_end_of_query',
  'buffer_size',
  'role',
  'stacktrace',
  'client_protocol_version',
  'close_session',
  'async_insert',
  'wait_for_async_insert',
  'http_zlib_compression_level',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'add_http_cors_header',
  'cancel_http_readonly_queries_on_client_close',
]);

const DEFAULT_SESSION_SECONDS = 60;
const MAX_SESSION_SECONDS = 3_600;

/** Reads a call. Errors: 36, 48, 89, 115, 374 as a ClickHouse server has them. `newId` makes a query id. */
export const readCall = (
  method: string,
  search: URLSearchParams,
  headers: IncomingHttpHeaders,
  newId: () => string,
): Call => {
  if (search.get('decompress') === '1' || search.get('compress') === '1') {
    throw clickhouseError(
      48,
      'compress and decompress (native blocks) are not implemented; use HTTP compression',
    );
  }
  const parameters = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of search) {
    if (name.startsWith('param_')) parameters.set(checkName(name.slice(6)), value);
    else if (!RESERVED.has(name)) settings.set(checkName(name), value);
  }
  return {
    isGet: method === 'GET' || method === 'HEAD',
    query: search.get('query') ?? '',
    queryId: queryIdOf(search.get('query_id') ?? headers['x-clickhouse-query-id'], newId),
    database: search.get('database') ?? single(headers['x-clickhouse-database']),
    defaultFormat: search.get('default_format') ?? single(headers['x-clickhouse-format']) ?? 'TabSeparated',
    parameters,
    settings,
    session: sessionOf(search),
    encoding:
      search.get('enable_http_compression') === '1' ? encodingOf(headers['accept-encoding']) : undefined,
    protocolVersion: Math.max(0, Number.parseInt(search.get('client_protocol_version') ?? '0', 10) || 0),
    waitsForEnd: search.get('wait_end_of_query') === '1',
  };
};

/** The caller's name and password from Basic, the X-ClickHouse headers or the URL, in this order. */
export const credentialsOf = (search: URLSearchParams, headers: IncomingHttpHeaders): Credentials => {
  const user = single(headers['x-clickhouse-user']);
  if (user !== undefined) return { user, password: single(headers['x-clickhouse-key']) ?? '' };
  const authorization = headers.authorization ?? '';
  if (authorization.slice(0, 6).toLowerCase() === 'basic ') {
    const text = Buffer.from(authorization.slice(6), 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon < 0
      ? { user: text, password: '' }
      : { user: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  return { user: search.get('user') ?? 'default', password: search.get('password') ?? '' };
};

/** The content coding of a body. Errors: 89 for one that is not known. */
export const bodyEncodingOf = (headers: IncomingHttpHeaders): Encoding | undefined => {
  const name = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return undefined;
  if (name === 'gzip' || name === 'deflate' || name === 'br' || name === 'zstd') return name;
  throw clickhouseError(89, `Unknown compression method: ${name}`);
};

const PREFERENCE: readonly Encoding[] = ['br', 'gzip', 'deflate', 'zstd'];

const encodingOf = (header: string | string[] | undefined): Encoding | undefined => {
  const accepted = new Set(
    String(header ?? '')
      .toLowerCase()
      .split(',')
      .filter((item) => !item.replaceAll(' ', '').includes(';q=0') || item.includes('q=0.'))
      .map((item) => (item.split(';')[0] as string).trim()),
  );
  return PREFERENCE.find((name) => accepted.has(name));
};

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** A setting's or parameter's name, which is put into a statement as it is. Errors: 115 for any other text. */
export const checkName = (name: string): string => {
  if (name === '' || name.length > 200 || !/^[\w.]+$/.test(name)) {
    throw clickhouseError(115, `Unknown setting '${name.slice(0, 100)}'`);
  }
  return name;
};

const queryIdOf = (given: string | string[] | undefined, newId: () => string): string => {
  const id = single(given) ?? '';
  if (id === '') return newId();
  if (id.length > 200 || !/^[\w:.-]+$/.test(id)) {
    throw clickhouseError(36, 'query_id: expected at most 200 letters, digits, _ - . or :');
  }
  return id;
};

const sessionOf = (search: URLSearchParams): Call['session'] => {
  const id = search.get('session_id') ?? '';
  if (id === '') return undefined;
  const text = search.get('session_timeout');
  const seconds = text === null ? DEFAULT_SESSION_SECONDS : Number(text);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_SESSION_SECONDS) {
    throw clickhouseError(374, `Invalid session timeout: '${text}'; at most ${MAX_SESSION_SECONDS} seconds`);
  }
  return { id, timeoutMs: seconds * 1000, mustExist: search.get('session_check') === '1' };
};
