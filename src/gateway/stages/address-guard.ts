import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';
import { AppError } from '#core';
import { isThisMachine } from './this-machine.ts';

/** Says where modules may run. */
export interface AddressGuard {
  /** Is this IP address allowed? An IPv4 address in IPv6 clothes counts as the IPv4 address. */
  allows(address: string): boolean;
  /** May a connection lead there? Not where the gateway itself listens: with its own tokens it would call itself. */
  allowsConnection(address: string, port: number): boolean;
  /** What is wrong with the base URL of an instance; null when nothing is. Names are judged when they are connected to. */
  urlProblem(url: string): string | null;
}

/**
 * Creates a guard from CIDR ranges and the ports of this machine that the gateway listens on. Errors: `GATEWAY_DISCOVERY_ALLOW` for a text that is no range.
 */
export const createAddressGuard = (
  ranges: readonly string[],
  ownPorts: () => readonly number[] = () => [],
): AddressGuard => {
  const allowed = ranges.map((range) => {
    try {
      return ipaddr.parseCIDR(range);
    } catch (cause) {
      throw new AppError(
        'GATEWAY_DISCOVERY_ALLOW',
        `discovery_allow has ${JSON.stringify(range)}, expected an address range such as 10.0.0.0/8`,
        { cause },
      );
    }
  });
  const allows = (address: string): boolean => {
    if (!ipaddr.isValid(address)) return false;
    const found = ipaddr.process(address);
    return allowed.some((range) => found.kind() === range[0].kind() && found.match(range));
  };
  return {
    allows,
    allowsConnection: (address, port) =>
      allows(address) && !(ownPorts().includes(port) && isThisMachine(address)),
    urlProblem: (text) => {
      if (!URL.canParse(text)) return 'the URL cannot be read';
      const url = new URL(text);
      if (url.protocol !== 'http:' && url.protocol !== 'https:')
        return 'the URL must begin with http:// or https://';
      if (url.username !== '' || url.password !== '') return 'the URL must not carry a user or password';
      if (url.search !== '' || url.hash !== '') return 'the URL must not have a query or fragment';
      const host = url.hostname.replace(/^\[|\]$/g, '');
      return isIP(host) !== 0 && !allows(host) ? `modules may not run at ${host}` : null;
    },
  };
};

/**
 * Connects to allowed addresses only: the address is judged after the name is resolved and before a packet is sent, and once
 * more, with the port, on the socket before a byte is sent. A name that points elsewhere tomorrow, be it to the gateway itself, is refused tomorrow.
 */
export const createGuardedConnector = (
  guard: AddressGuard,
  connectTimeoutMs: number,
): buildConnector.connector => {
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false, lookup: guardedLookup(guard) });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !guard.allows(host)) return callback(forbidden(host), null);
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      if (guard.allowsConnection(socket.remoteAddress ?? '', socket.remotePort ?? 0))
        return callback(null, socket);
      socket.destroy();
      callback(forbidden(socket.remoteAddress ?? host), null);
    });
  };
};

const guardedLookup =
  (guard: AddressGuard): LookupFunction =>
  (hostname: string, options: LookupOptions, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return callback(error, '');
      const allowed = found.filter(({ address }) => guard.allows(address));
      const [first] = allowed;
      if (first === undefined) return callback(forbidden(hostname), '');
      if (options.all === true) return callback(null, allowed);
      callback(null, first.address, first.family);
    });
  };

const forbidden = (where: string): AppError =>
  new AppError('GATEWAY_MODULE_ADDRESS', `modules may not run at ${where}`, {
    status: 502,
    hint: 'allow its address in gateway.discovery_allow',
  });
