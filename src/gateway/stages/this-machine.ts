import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** Is it an IP address of this machine? An IPv4 address in IPv6 clothes counts as the IPv4 address. */
export const isThisMachine = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false;
  if (['loopback', 'unspecified'].includes(ipaddr.process(address).range())) return true;
  return Object.values(networkInterfaces()).some((found = []) =>
    found.some((mine) => plain(mine.address) === plain(address)),
  );
};

const plain = (address: string): string =>
  ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
