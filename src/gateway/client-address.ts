import type { IncomingMessage } from 'node:http';
import { createTrustedProxies, readIpAddress } from '#core';

/** Finds out where requests come from. */
export interface ClientAddresses {
  /** Is the other end of a connection a proxy whose X-Forwarded-For is believed? */
  isTrusted(peer: string): boolean;
  /**
   * The address of the client: the other end of the connection, or what a trusted proxy says (the header's last hop that is not a trusted proxy
   * itself). Empty: the proxy said something that is no address.
   */
  of(request: IncomingMessage): string;
}

/** Creates the finder. Throws for a text that is neither an address nor a CIDR range. */
export const createClientAddresses = (trustedProxies: readonly string[]): ClientAddresses => {
  const { isTrusted, clientOf } = createTrustedProxies(trustedProxies);
  return {
    isTrusted,
    of: ({ socket, headers }) => {
      const peer = socket.remoteAddress ?? '';
      if (!isTrusted(peer)) return peer;
      const said = headers['x-forwarded-for'];
      const client = clientOf(peer, typeof said === 'string' ? said : said?.join(','));
      return readIpAddress(client)?.toString() ?? '';
    },
  };
};
