import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type BuiltFile, type BuiltFiles, buildTime, readBuild } from './built-files.ts';
import { SECURITY_HEADERS } from './headers.ts';

/** Where the back office lies. */
export const WEB_PREFIX = '/app/';

/** What the process says of itself to the back office before anybody has signed in. Nothing of it is secret. */
export interface InstanceFacts {
  readonly version: string;
  readonly demo: boolean;
  readonly beaconPath: string;
}

/** Answers requests. */
type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves the built back office from `folder` (default `web/dist`) under `/app/`: hashed files for ever, everything else asked for again; a
 * path without a file is a page of the application. A rebuild is seen without a restart. Not built: a text that says how.
 *
 * The files are held in memory: they are few, and no visitor of a page can then fail half-way or keep the disk of the journal busy.
 * (sirv, which was tried, streams from the disk and lets the process end when a file goes away under it.)
 */
export const createWebFiles = (facts: InstanceFacts, folder = defaultFolder()): Answerer => {
  let build: { readonly builtAt: number; readonly files: BuiltFiles } | null = null;
  const current = (): BuiltFiles | null => {
    const builtAt = buildTime(folder);
    if (builtAt !== null && build?.builtAt !== builtAt) build = { builtAt, files: readBuild(folder) };
    // While a new build is being written the old one serves on.
    return build?.files ?? null;
  };
  return (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return say(response, 405, 'pages are only read', { allow: 'GET, HEAD' });
    const path = pathWithin(request);
    if (path === '/instance.json') return sayFacts(response, facts);
    const files = current();
    if (files === null) return say(response, 503, NOT_BUILT);
    const isHashed = path.startsWith(HASHED);
    const file = files.get(path) ?? (isHashed ? undefined : files.get('/index.html'));
    if (file === undefined) return say(response, 404, 'there is no such file');
    send(request, response, file, isHashed ? FOR_EVER : 'no-cache');
  };
};

/** `/` and `/app` lead to the back office. */
export const redirectToWeb: Answerer = (_request, response) => {
  response.writeHead(302, { location: WEB_PREFIX, 'cache-control': 'no-cache' }).end();
};

/** Names of files in this folder carry a hash of their content. */
const HASHED = '/assets/';
const FOR_EVER = 'public, max-age=31536000, immutable';

const NOT_BUILT = `The back office is not built.

Build it with   npm run build:web
(npm ci does so by itself, unless development dependencies were left out.)
`;

const defaultFolder = (): string => fileURLToPath(new URL('../../web/dist', import.meta.url));

/** Path below the prefix, without the query; begins with `/`. */
const pathWithin = (request: IncomingMessage): string => {
  const [path = ''] = (request.url ?? '').split(/[?#]/, 1);
  return path.slice(WEB_PREFIX.length - 1);
};

const send = (request: IncomingMessage, response: ServerResponse, file: BuiltFile, caching: string): void => {
  const headers = { 'cache-control': caching, etag: file.etag, vary: 'Accept-Encoding' };
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const { encoding, body } = bodyFor(file, request.headers['accept-encoding'] ?? '');
  response.writeHead(200, {
    ...headers,
    'content-type': file.type,
    'content-length': body.length,
    ...(encoding !== null && { 'content-encoding': encoding }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
};

/** The smallest form that the browser takes. `;q=0` is sent by nobody and not looked at. */
const bodyFor = (
  file: BuiltFile,
  accepted: string | readonly string[],
): { readonly encoding: string | null; readonly body: Buffer } => {
  const names = String(accepted)
    .split(',')
    .map((name) => name.split(';', 1)[0]?.trim());
  if (file.br !== null && names.includes('br')) return { encoding: 'br', body: file.br };
  if (file.gzip !== null && names.includes('gzip')) return { encoding: 'gzip', body: file.gzip };
  return { encoding: null, body: file.plain };
};

const sayFacts = (response: ServerResponse, facts: InstanceFacts): void => {
  response
    .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' })
    .end(JSON.stringify(facts));
};

const say = (
  response: ServerResponse,
  status: number,
  sentence: string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(sentence);
};
