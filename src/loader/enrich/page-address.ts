import { cleanText } from '../decode/text.ts';

/** The parts of an address, as they are stored. */
export interface Address {
  /** At most 2048 characters, without credentials and fragment. As it was sent (cleaned, cut) when it is no http(s) address. */
  readonly url: string;
  /** Lower case, punycode, no port; empty: not an http(s) address or longer than 253 characters. */
  readonly hostname: string;
  readonly path: string;
  /** Without `?`; empty when queries are not kept. */
  readonly query: string;
  /** The query as it was sent, for what is read from it and not stored. */
  readonly sentQuery: string;
}

/** Longest address that is stored, in characters. */
export const MAX_URL_LENGTH = 2_048;
const MAX_HOSTNAME_LENGTH = 253;

const NOWHERE: Address = Object.freeze({ url: '', hostname: '', path: '', query: '', sentQuery: '' });

/**
 * Splits an address by the URL standard (https://url.spec.whatwg.org/). `keepQuery` false: the query is cut everywhere. Never
 * throws: what cannot be read has no host name, and its text is kept up to the query.
 */
export const readAddress = (text: string, keepQuery: boolean): Address => {
  if (text === '') return NOWHERE;
  const parsed = URL.parse(text);
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:'))
    return { ...NOWHERE, url: withoutSecrets(text, keepQuery) };
  const sentQuery = parsed.search.slice(1);
  const query = keepQuery ? sentQuery : '';
  const path = parsed.pathname;
  const url = `${parsed.protocol}//${parsed.host}${path}${query === '' ? '' : `?${query}`}`;
  return {
    url: cleanText(url, MAX_URL_LENGTH),
    hostname: hostnameOf(parsed.hostname),
    path: cleanText(path, MAX_URL_LENGTH),
    query: cleanText(query, MAX_URL_LENGTH),
    sentQuery,
  };
};

/** Addresses that are remembered by a reader, and how long they may be. */
const MAX_KNOWN = 2_048;
const MAX_KNOWN_LENGTH = 512;

/** `readAddress` for one way of keeping queries, remembering what it has read: pages and referrers repeat, and parsing takes 1 µs each. */
export const createAddressReader = (keepQuery: boolean): ((text: string) => Address) => {
  const known = new Map<string, Address>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const address = readAddress(text, keepQuery);
    if (text.length > MAX_KNOWN_LENGTH) return address;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, address);
    return address;
  };
};

const hostnameOf = (host: string): string => {
  const plain = host.endsWith('.') ? host.slice(0, -1) : host;
  return plain.length <= MAX_HOSTNAME_LENGTH ? plain : '';
};

/** Host and path of an address, for what is shown and grouped by: at most `maxLength` characters. */
export const hostAndPath = (text: string, maxLength: number): string => {
  const parsed = URL.parse(text);
  if (parsed === null || parsed.host === '') return cleanText(withoutSecrets(text, false), maxLength);
  return cleanText(`${parsed.host}${parsed.pathname}`, maxLength);
};

/** Text that is no address we understand: still without fragment, credentials and (where asked) query. */
const withoutSecrets = (text: string, keepQuery: boolean): string => {
  const [beforeFragment = ''] = text.split('#', 1);
  const [beforeQuery = ''] = beforeFragment.split('?', 1);
  const kept = keepQuery ? beforeFragment : beforeQuery;
  const authority = kept.indexOf('//');
  const at = authority === -1 ? -1 : kept.indexOf('@', authority);
  return cleanText(at === -1 ? kept : kept.slice(0, authority + 2) + kept.slice(at + 1), MAX_URL_LENGTH);
};
