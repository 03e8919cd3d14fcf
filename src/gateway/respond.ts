import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Answer } from './known-request.ts';
import { destroyBody, discardBody, isBroken } from './body.ts';
import { type HeaderMap, hopByHop, isInternal } from './header-rules.ts';
import type { StageResponse } from './stages/stage.ts';

/** What is added to an answer on its way to the client. */
export interface ResponseExtras {
  readonly requestId: string;
  /** Lines of `X-Okapi-Trace`; empty: none asked for. */
  readonly trace: readonly string[];
  readonly cors: HeaderMap | null;
}

/**
 * Headers of an answer for the client: nothing internal, nothing of the connection to the module, framing left to the server.
 * A handler may hand out `X-Okapi-Token` (a login does). Nothing is kept by a cache that a module does not say may be kept, and what is kept is for this tenant
 * and caller alone (`Vary`).
 */
export const finalHeaders = (answer: Answer, extras: ResponseExtras): HeaderMap => {
  const { response, by, context } = answer;
  const headers: HeaderMap = {};
  const fromHandler = by !== null && by.kind !== 'filter';
  for (const name of Object.keys(response.headers)) {
    const value = response.headers[name];
    if (value === undefined || hopByHop.has(name) || dropped.has(name)) continue;
    if (isInternal(name) && !(name === 'x-okapi-stop' || (fromHandler && name === 'x-okapi-token'))) continue;
    if (extras.cors !== null && name.startsWith('access-control-')) continue;
    headers[name] = value;
  }
  headers['x-okapi-request-id'] = extras.requestId;
  if (extras.trace.length > 0) headers['x-okapi-trace'] = extras.trace;
  if (context !== null && context.tenant !== context.originTenant) headers['cache-control'] = 'no-store';
  else headers['cache-control'] ??= 'no-store';
  if (by === null) headers['x-content-type-options'] = 'nosniff';
  if (extras.cors !== null)
    for (const name of Object.keys(extras.cors)) if (name !== 'vary') headers[name] = extras.cors[name] ?? '';
  headers['vary'] = varies(headers['vary'], extras.cors?.['vary']);
  return headers;
};

/** What answers depend on that are executed for somebody. */
const ofCaller = 'X-Okapi-Tenant, X-Okapi-Token, Authorization, Cookie';

const varies = (
  ofModule: string | readonly string[] | undefined,
  ofCors: string | readonly string[] | undefined,
): string => {
  if (ofModule === undefined && ofCors === undefined) return ofCaller;
  const names = [ofModule, ofCors].flat().filter((name) => name !== undefined);
  return [ofCaller, ...new Set(names)].join(', ');
};

/** Bytes that are cheaper to copy than to write apart from the head. */
const smallBytes = 4_096;

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Framing is made anew; what names the module's software does not leave the house. */
const dropped: ReadonlySet<string> = new Set(['content-length', 'server', 'x-powered-by']);

/** Sends an answer. When it breaks half-way the connection is ended, so that nobody takes half for all. */
export const respond = (
  res: ServerResponse,
  response: StageResponse,
  headers: HeaderMap,
  method: string,
  clientTimeoutMs: number,
): void => {
  const { status, body } = response;
  const bodiless = method === 'HEAD' || status === 204 || status === 304 || status < 200;
  if (res.destroyed || res.headersSent) return destroyBody(body);
  if (bodiless || body === null) {
    discardBody(body);
    if (method === 'HEAD' && response.contentLength !== null)
      headers['content-length'] = String(response.contentLength);
    else if (!bodiless) headers['content-length'] = '0';
    res.writeHead(status, headers as Record<string, string | string[]>);
    res.end();
  } else if (body instanceof Readable) {
    if (response.contentLength !== null) headers['content-length'] = String(response.contentLength);
    res.writeHead(status, headers as Record<string, string | string[]>);
    send(body, res, clientTimeoutMs);
  } else {
    headers['content-length'] = String(typeof body === 'string' ? Buffer.byteLength(body) : body.length);
    res.writeHead(status, headers as Record<string, string | string[]>);
    // Head and body in one string are one write; head and bytes are two.
    if (typeof body !== 'string' && body.length <= smallBytes) res.end(latin1(body), 'latin1');
    else res.end(body);
  }
};

const send = (body: Readable, res: ServerResponse, clientTimeoutMs: number): void => {
  if (isBroken(body)) return void res.destroy();
  body.on('error', () => res.destroy());
  body.on('close', () => {
    if (!body.readableEnded) res.destroy();
  });
  res.on('close', () => destroyBody(body));
  // A client that does not read holds a module's connection; waiting for the module is not the client's fault.
  res.setTimeout(clientTimeoutMs, () => {
    if (res.writableNeedDrain) res.destroy();
  });
  body.pipe(res);
};
