import type { Entry } from './entry.ts';
import { type HeaderMap, isInternal, mayRelay, type RequestHeaders } from './header-rules.ts';

/** Counts what a module answered and had no right to. */
export interface RelayCounter {
  ignoredHeader(entry: Entry, name: string): void;
}

/**
 * Hands the `X-` headers of an answer on to the entries that follow, as Okapi does; but never an internal one, and of a module
 * whose descriptor lists `metadata.relayHeaders` only those. When the answer's body becomes the request's, so do the headers
 * that describe it.
 */
export const relayHeaders = (
  running: RequestHeaders,
  answer: HeaderMap,
  entry: Entry,
  replacesBody: boolean,
  counter: RelayCounter,
): void => {
  for (const name of Object.keys(answer)) {
    if (name.charCodeAt(0) !== 120) continue;
    const value = answer[name];
    if (mayRelay(name, entry.module.relayHeaders))
      running[name] = (typeof value === 'string' ? value : value?.[0]) ?? '';
    else if (isInternal(name) && !isExpected(name, entry)) counter.ignoredHeader(entry, name);
  }
  if (!replacesBody) return;
  for (const name of bodyHeaders) {
    const value = answer[name];
    if (value === undefined) delete running[name];
    else running[name] = typeof value === 'string' ? value : (value[0] ?? '');
  }
};

const bodyHeaders = ['content-type', 'content-encoding', 'content-md5', 'digest', 'content-digest'];

/** Internal headers that belong to the dialogue with an entry and are read elsewhere. */
const isExpected = (name: string, entry: Entry): boolean => {
  if (name === 'x-okapi-stop') return true;
  if (entry.phase === 'auth') return authDialogue.has(name);
  if (entry.phase === 'pre') return name === 'x-okapi-tenant';
  return entry.kind !== 'filter' && name === 'x-okapi-token';
};

const authDialogue = new Set([
  'x-okapi-module-tokens',
  'x-okapi-permissions',
  'x-okapi-token',
  'x-okapi-user-id',
]);
