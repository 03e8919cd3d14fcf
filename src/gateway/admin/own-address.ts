import { lookup } from 'node:dns/promises';
import { isThisMachine } from '../stages/this-machine.ts';

/** Where the gateway itself can be called. */
export interface OwnPlace {
  /** The ports that it listens on. */
  readonly ports: readonly number[];
  /** `X-Okapi-Url`, which may be a name of a proxy in front of it. */
  readonly url: string;
}

/**
 * Is the base URL of an instance that of the gateway itself? A module there would be called in circles, with tokens that were made for it and that the
 * gateway takes for its calls back. Names are resolved now, for a clear answer at once; what they lead to later is judged on every connection.
 */
export const isOwnAddress = async (instance: string, own: OwnPlace): Promise<boolean> => {
  const { origin, hostname, port, protocol } = new URL(instance);
  if (URL.canParse(own.url) && origin === new URL(own.url).origin) return true;
  const called = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  if (!own.ports.includes(called)) return false;
  const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
  return addresses.some(({ address }) => isThisMachine(address));
};
