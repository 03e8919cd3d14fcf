import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** Where the gateway itself can be called. */
export interface OwnPlace {
  /** The port that it listens on. */
  readonly port: number;
  /** `X-Okapi-Url`, which may be a name of a proxy in front of it. */
  readonly url: string;
}

/**
 * Is the base URL of an instance that of the gateway itself? A module there would be called in circles, with tokens that were made for it and that the
 * gateway takes for its calls back. Names are resolved now; one that cannot be is somebody else's.
 */
export const isOwnAddress = async (instance: string, own: OwnPlace): Promise<boolean> => {
  const { origin, hostname, port, protocol } = new URL(instance);
  if (URL.canParse(own.url) && origin === new URL(own.url).origin) return true;
  const called = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  if (called !== own.port) return false;
  const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
  const mine = new Set(
    Object.values(networkInterfaces()).flatMap((found = []) => found.map(({ address }) => plain(address))),
  );
  return addresses.some(({ address }) => isLoopback(address) || mine.has(plain(address)));
};

/** An IPv4 address in IPv6 clothes is the IPv4 address. */
const plain = (address: string): string =>
  ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;

const isLoopback = (address: string): boolean =>
  ['loopback', 'unspecified'].includes(ipaddr.process(address).range());
