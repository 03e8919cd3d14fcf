import ipaddr from 'ipaddr.js';
import { createTrustedProxies, type IpAddress, readIpAddress } from '#core';

/** The visitor behind a request, as far as it is known and may be kept. */
export interface ClientFacts {
  /** Address after `clientAddress`; empty: dropped or not known. */
  readonly address: string;
  /** Its /24 or /64, whatever is kept of it: for quotas, never to be stored. Empty: not known, or nobody's network in particular. */
  readonly network: string;
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

const MAX_REMEMBERED = 4_096;

/** Creates the finder. Headers of anybody but the trusted proxies are not believed. Throws for a range that is no address or CIDR. */
export const createClientAddresses = (
  trustedProxies: readonly string[],
  policy: 'drop' | 'anonymise' | 'keep',
): ClientAddresses => {
  const { isTrusted, clientOf } = createTrustedProxies(trustedProxies);
  // Parsing costs more than the rest of a request's headers; visitors come again.
  const remembered = new Map<string, Pick<ClientFacts, 'address' | 'network'>>();

  const look = (text: string): Pick<ClientFacts, 'address' | 'network'> => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const address = readIpAddress(text);
    const found = {
      address: address === null ? '' : keep(address, policy),
      network: address === null || isInternal(address) ? '' : networkOf(address, QUOTA_BYTES),
    };
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    if (text.length <= 64) remembered.set(text, found);
    return found;
  };

  return {
    isTrusted,
    find: (facts) => {
      if (!isTrusted(facts.peer)) {
        const { address, network } = look(facts.peer);
        return { address, network, country: '', city: '' };
      }
      const { address, network } = look(clientOf(facts.peer, facts.forwardedFor));
      return {
        address,
        network,
        country: countryCode(facts.country),
        city: cityName(facts.city),
      };
    },
  };
};

const keep = (address: IpAddress, policy: 'drop' | 'anonymise' | 'keep'): string => {
  if (policy === 'drop') return '';
  return policy === 'keep' ? address.toString() : networkOf(address, KEPT_BYTES);
};

/** Ranges that no visitor from the Internet has: whoever comes from there is, as a rule, a proxy with everybody behind it. */
const INTERNAL: ReadonlySet<string> = new Set([
  'loopback',
  'private',
  'uniqueLocal',
  'linkLocal',
  'carrierGradeNat',
]);
const isInternal = (address: IpAddress): boolean => INTERNAL.has(address.range());

/** Bytes of an address that name its network: what is kept of a visitor, and what one household or company has at least. */
const KEPT_BYTES = { ipv4: 3, ipv6: 6 } as const;
const QUOTA_BYTES = { ipv4: 3, ipv6: 8 } as const;

const networkOf = (address: IpAddress, bytes: Readonly<Record<'ipv4' | 'ipv6', number>>): string => {
  const kept = bytes[address.kind()];
  return ipaddr
    .fromByteArray(address.toByteArray().map((byte, index) => (index < kept ? byte : 0)))
    .toString();
};

/** Two letters; `XX` (not known) and `T1` (Tor) say nothing about a country. */
const countryCode = (text: string | undefined): string => {
  const code = (text ?? '').trim().toUpperCase();
  return /^[A-Z]{2}$/.test(code) && code !== 'XX' ? code : '';
};

/** Header values arrive as Latin-1; a proxy sends UTF-8. */
const cityName = (text: string | undefined): string =>
  text === undefined ? '' : Buffer.from(text.slice(0, 512), 'latin1').toString('utf8').trim().slice(0, 128);
