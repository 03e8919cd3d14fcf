import type { IncomingMessage, ServerResponse } from 'node:http';

// The headers of the Go peer (basicrum/front_basicrum_go): never cached, readable by any page, without credentials.
const NO_CACHE = [
  'Cache-Control',
  'no-cache, no-store, must-revalidate',
  'Pragma',
  'no-cache',
  'Expires',
  'Fri, 01 Jan 1990 00:00:00 GMT',
  'Vary',
  'Origin',
  'Cross-Origin-Resource-Policy',
  'cross-origin',
];
const ALLOW_ORIGIN = ['Access-Control-Allow-Origin', '*'];
const NO_CACHE_ALLOWED = [...NO_CACHE, ...ALLOW_ORIGIN];
const PREFLIGHT = [
  ...NO_CACHE.map((text) =>
    text === 'Origin' ? 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' : text,
  ),
  ...ALLOW_ORIGIN,
  'Access-Control-Allow-Methods',
  'GET, POST, HEAD',
  'Access-Control-Allow-Headers',
  'Accept, Content-Type, X-Requested-With',
  'Access-Control-Max-Age',
  '86400',
];

/** 204 and nothing else: stored, or meant not to be. */
export const answerStored = (request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(204, request.headers.origin === undefined ? NO_CACHE : NO_CACHE_ALLOWED).end();
};

/** What a browser asks before it sends something out of the ordinary to another origin. */
export const answerPreflight = (response: ServerResponse): void => {
  response.writeHead(204, PREFLIGHT).end();
};

/** A short text; the answer to HEAD has none. `more`: further headers (name, value, …). */
export const answerText = (
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  more: readonly string[] = [],
): void => {
  if (response.headersSent) return;
  const cors = request.headers.origin === undefined ? NO_CACHE : NO_CACHE_ALLOWED;
  const own = [
    'Content-Type',
    'text/plain; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(text)),
  ];
  response.writeHead(status, [...cors, ...own, ...more]).end(text);
};
