import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { isOwnAddress } from './own-address.ts';

const own = { ports: [8080, 8089], url: 'https://okapi.example.org' };

describe('the address of an instance', () => {
  test.each([
    'http://127.0.0.1:8080',
    'http://127.1:8080/base',
    'http://127.0.0.1:8089',
    'http://2130706433:8080',
    'http://localhost:8080',
    'http://[::1]:8080',
    'http://[::ffff:127.0.0.1]:8080',
    'http://0.0.0.0:8080',
    'https://OKAPI.example.org/base',
  ])('%s is the gateway itself', async (url) => {
    expect(await isOwnAddress(url, own)).toBe(true);
  });

  test('is the gateway itself at each address of this machine', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((found = []) => found);
    for (const { address, family } of addresses.filter(({ scopeid }) => !scopeid)) {
      const host = family === 'IPv6' ? `[${address}]` : address;
      expect(await isOwnAddress(`http://${host}:8080`, own)).toBe(true);
      expect(await isOwnAddress(`http://${host}:8081`, own)).toBe(false);
    }
  });

  test.each([
    'http://127.0.0.1:9131',
    'http://127.0.0.1',
    'http://192.0.2.1:8080',
    'http://okapi.example.org:1',
  ])('%s is somebody else', async (url) => {
    expect(await isOwnAddress(url, own)).toBe(false);
  });

  test('with the port of its protocol is the gateway when it listens there', async () => {
    expect(await isOwnAddress('http://localhost', { ...own, ports: [80] })).toBe(true);
    expect(await isOwnAddress('https://localhost', { ...own, ports: [443] })).toBe(true);
  });
});
