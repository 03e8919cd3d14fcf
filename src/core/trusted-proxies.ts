import ipaddr from 'ipaddr.js';

/** An IP address, read. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** Whose word about the client of a connection is believed. */
export interface TrustedProxies {
  /** Is the other end of the connection one of them? Without any: never, at no cost. */
  isTrusted(peer: string): boolean;
  /**
   * The client behind a connection. X-Forwarded-For is read from the right: each hop that is a trusted proxy is passed over, the first one that is
   * not is the client. Whatever others say is not read. As it was written: it may be no address.
   */
  clientOf(peer: string, forwardedFor: string | undefined): string;
}

const MAX_REMEMBERED = 4_096;

/** Creates the reader of addresses and CIDR ranges. Throws for a text that is neither. */
export const createTrustedProxies = (proxies: readonly string[]): TrustedProxies => {
  const ranges = proxies.map(parseRange);
  // Parsing costs more than the rest of a request's headers; proxies come again.
  const remembered = new Map<string, boolean>();
  const lookUp = (text: string): boolean => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const address = readIpAddress(text);
    const trusted = address !== null && ranges.some((range) => isWithin(address, range));
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    if (text.length <= 64) remembered.set(text, trusted);
    return trusted;
  };
  const isTrusted = (peer: string): boolean => ranges.length > 0 && lookUp(peer);
  return {
    isTrusted,
    clientOf: (peer, forwardedFor) => {
      if (!isTrusted(peer)) return peer;
      const hops = (forwardedFor ?? '').slice(-1_024).split(',');
      let client = peer;
      while (hops.length > 0 && isTrusted(client)) {
        const hop = (hops.pop() ?? '').trim();
        if (hop !== '') client = hop;
      }
      return client;
    },
  };
};

/** Reads an address as proxies write it: plain, `[v6]:port`, `v4:port`, `::ffff:v4`, with a zone. Null: it is none. */
export const readIpAddress = (text: string): IpAddress | null => {
  const bare = text.startsWith('[')
    ? text.slice(1, Math.max(1, text.indexOf(']')))
    : /^[0-9.]+:[0-9]+$/.test(text)
      ? text.slice(0, text.indexOf(':'))
      : text;
  const isAddress = bare.includes(':') ? ipaddr.IPv6.isValid(bare) : ipaddr.IPv4.isValidFourPartDecimal(bare);
  return isAddress ? ipaddr.process(bare) : null;
};

const parseRange = (text: string): [IpAddress, number] => {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
};

const isWithin = (address: IpAddress, range: [IpAddress, number]): boolean =>
  address.kind() === range[0].kind() && address.match(range);
