import ipaddr from 'ipaddr.js';

/** The visitor behind a request, as far as it is known and may be kept. */
export interface ClientFacts {
  /** Address after `clientAddress`; empty: dropped or not known. */
  readonly address: string;
  /** What a trusted proxy says; empty: nothing. */
  readonly country: string;
  readonly city: string;
}

/** What is looked at of a request. */
export interface PeerFacts {
  /** Address of the other end of the connection. */
  readonly peer: string;
  readonly forwardedFor: string | undefined;
  readonly country: string | undefined;
  readonly city: string | undefined;
}

/** Finds out who the visitor is. */
export interface ClientAddresses {
  /** Is the other end of the connection one of the trusted proxies? Without any: never, at no cost. */
  isTrusted(peer: string): boolean;
  find(facts: PeerFacts): ClientFacts;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
const MAX_REMEMBERED = 4_096;

/**
 * Creates the finder. X-Forwarded-For is read from the right: each hop that is a trusted proxy is passed over, the first one
 * that is not is the visitor. Headers of anybody else are not believed. Throws for a range that is no address or CIDR.
 */
export const createClientAddresses = (
  trustedProxies: readonly string[],
  policy: 'drop' | 'anonymise' | 'keep',
): ClientAddresses => {
  const ranges = trustedProxies.map(parseRange);
  // Parsing costs more than the rest of a request's headers; visitors and proxies come again.
  const remembered = new Map<string, { readonly trusted: boolean; readonly kept: string }>();

  const lookUp = (text: string): { readonly trusted: boolean; readonly kept: string } => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const address = parseAddress(text);
    const facts = {
      trusted: address !== null && ranges.some((range) => isWithin(address, range)),
      kept: address === null ? '' : keep(address, policy),
    };
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    if (text.length <= 64) remembered.set(text, facts);
    return facts;
  };

  const isTrusted = (peer: string): boolean => ranges.length > 0 && lookUp(peer).trusted;

  const find = (facts: PeerFacts): ClientFacts => {
    if (!isTrusted(facts.peer))
      return { address: policy === 'drop' ? '' : lookUp(facts.peer).kept, country: '', city: '' };
    const visitor = visitorOf(facts, (hop) => lookUp(hop).trusted);
    return {
      address: policy === 'drop' ? '' : lookUp(visitor).kept,
      country: countryCode(facts.country),
      city: cityName(facts.city),
    };
  };

  return { isTrusted, find };
};

const visitorOf = ({ peer, forwardedFor }: PeerFacts, isTrusted: (hop: string) => boolean): string => {
  const hops = (forwardedFor ?? '').slice(-1_024).split(',');
  let visitor = peer;
  while (hops.length > 0 && isTrusted(visitor)) {
    const hop = (hops.pop() ?? '').trim();
    if (hop !== '') visitor = hop;
  }
  return visitor;
};

const parseRange = (text: string): [Address, number] => {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
};

/** Reads an address as proxies write it: plain, `[v6]:port`, `v4:port`, `::ffff:v4`, with a zone. Null: it is none. */
const parseAddress = (text: string): Address | null => {
  const bare = text.startsWith('[')
    ? text.slice(1, Math.max(1, text.indexOf(']')))
    : /^[0-9.]+:[0-9]+$/.test(text)
      ? text.slice(0, text.indexOf(':'))
      : text;
  const isAddress = bare.includes(':') ? ipaddr.IPv6.isValid(bare) : ipaddr.IPv4.isValidFourPartDecimal(bare);
  return isAddress ? ipaddr.process(bare) : null;
};

const isWithin = (address: Address, range: [Address, number]): boolean =>
  address.kind() === range[0].kind() && address.match(range);

const keep = (address: Address, policy: 'drop' | 'anonymise' | 'keep'): string => {
  if (policy === 'drop') return '';
  if (policy === 'keep') return address.toString();
  const bytes = address.toByteArray();
  const kept = address.kind() === 'ipv4' ? 3 : 6;
  return ipaddr.fromByteArray(bytes.map((byte, index) => (index < kept ? byte : 0))).toString();
};

/** Two letters; `XX` (not known) and `T1` (Tor) say nothing about a country. */
const countryCode = (text: string | undefined): string => {
  const code = (text ?? '').trim().toUpperCase();
  return /^[A-Z]{2}$/.test(code) && code !== 'XX' ? code : '';
};

/** Header values arrive as Latin-1; a proxy sends UTF-8. */
const cityName = (text: string | undefined): string =>
  text === undefined ? '' : Buffer.from(text.slice(0, 512), 'latin1').toString('utf8').trim().slice(0, 128);
