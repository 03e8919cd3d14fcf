import ipaddr from 'ipaddr.js';
import { createTrustedProxies, type IpAddress, readIpAddress } from '#core';

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

const MAX_REMEMBERED = 4_096;

/** Creates the finder. Headers of anybody but the trusted proxies are not believed. Throws for a range that is no address or CIDR. */
export const createClientAddresses = (
  trustedProxies: readonly string[],
  policy: 'drop' | 'anonymise' | 'keep',
): ClientAddresses => {
  const { isTrusted, clientOf } = createTrustedProxies(trustedProxies);
  // Parsing costs more than the rest of a request's headers; visitors come again.
  const remembered = new Map<string, string>();

  const kept = (text: string): string => {
    if (policy === 'drop') return '';
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const address = readIpAddress(text);
    const found = address === null ? '' : keep(address, policy);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    if (text.length <= 64) remembered.set(text, found);
    return found;
  };

  return {
    isTrusted,
    find: (facts) => {
      if (!isTrusted(facts.peer)) return { address: kept(facts.peer), country: '', city: '' };
      return {
        address: kept(clientOf(facts.peer, facts.forwardedFor)),
        country: countryCode(facts.country),
        city: cityName(facts.city),
      };
    },
  };
};

const keep = (address: IpAddress, policy: 'anonymise' | 'keep'): string => {
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
