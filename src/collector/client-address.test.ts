import { describe, expect, test } from 'vitest';
import { createClientAddresses } from './client-address.ts';

const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48'];

const visitor = (
  peer: string,
  forwardedFor?: string,
  policy: 'drop' | 'anonymise' | 'keep' = 'keep',
  proxies: readonly string[] = PROXIES,
): string =>
  createClientAddresses(proxies, policy).find({ peer, forwardedFor, country: undefined, city: undefined })
    .address;

describe('client address', () => {
  test.each([
    ['203.0.113.77', undefined, '203.0.113.77'],
    ['203.0.113.77', '6.6.6.6', '203.0.113.77'],
    ['::ffff:203.0.113.77', undefined, '203.0.113.77'],
    ['127.0.0.1', '203.0.113.77', '203.0.113.77'],
    ['::ffff:127.0.0.1', '203.0.113.77', '203.0.113.77'],
    ['127.0.0.1', '6.6.6.6, 203.0.113.77', '203.0.113.77'],
    ['127.0.0.1', '6.6.6.6,203.0.113.77 , 10.9.9.9', '203.0.113.77'],
    ['127.0.0.1', '10.1.1.1, 10.2.2.2', '10.1.1.1'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', ',,', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.77:4711', '203.0.113.77'],
    ['127.0.0.1', '[2001:db8:2::5]:443', '2001:db8:2::5'],
    ['127.0.0.1', '2001:db8:2::5', '2001:db8:2::5'],
    ['2001:db8:1::9', '203.0.113.77', '203.0.113.77'],
    ['127.0.0.1', 'unknown', ''],
    ['127.0.0.1', '203.0.113.77, nonsense', ''],
    ['127.0.0.1', '0x7f.1', ''],
    ['127.0.0.1', '__proto__', ''],
    ['', undefined, ''],
  ])('of a connection from %s with X-Forwarded-For %j is %j', (peer, forwardedFor, expected) => {
    expect(visitor(peer, forwardedFor)).toBe(expected);
  });

  test('is cut to its network when it is anonymised', () => {
    expect(visitor('203.0.113.77', undefined, 'anonymise')).toBe('203.0.113.0');
    expect(visitor('2001:db8:2:3:4:5:6:7', undefined, 'anonymise')).toBe('2001:db8:2::');
    expect(visitor('::ffff:203.0.113.77', undefined, 'anonymise')).toBe('203.0.113.0');
  });

  test.each(['drop', 'anonymise', 'keep'] as const)(
    'has its network (/24, /64) for quotas, although the policy is to %s it',
    (policy) => {
      const networkOf = (peer: string, forwardedFor?: string): string =>
        createClientAddresses(PROXIES, policy).find({
          peer,
          forwardedFor,
          country: undefined,
          city: undefined,
        }).network;
      expect(networkOf('203.0.113.77')).toBe('203.0.113.0');
      expect(networkOf('::ffff:203.0.113.78')).toBe('203.0.113.0');
      expect(networkOf('127.0.0.1', '6.6.6.6, 203.0.113.79')).toBe('203.0.113.0');
      expect(networkOf('2001:db8:2:3:4:5:6:7')).toBe('2001:db8:2:3::');
      expect(networkOf('127.0.0.1', '[2001:DB8:2:3::9]:443')).toBe('2001:db8:2:3::');
      expect(networkOf('127.0.0.1', 'unknown')).toBe('');
      for (const internal of [
        '127.0.0.2',
        '10.1.2.3',
        '192.168.7.8',
        '172.16.0.9',
        '100.64.0.1',
        '::1',
        'fd00::1',
        'fe80::1',
      ])
        expect(networkOf(internal), internal).toBe('');
    },
  );

  test('is nothing when it is dropped', () => {
    expect(visitor('203.0.113.77', undefined, 'drop')).toBe('');
    expect(visitor('127.0.0.1', '203.0.113.77', 'drop')).toBe('');
  });

  test.each([
    ['BG', 'BG'],
    ['bg', 'BG'],
    ['XX', ''],
    ['T1', ''],
    ['BGR', ''],
    [`"><script>`, ''],
    [undefined, ''],
  ])('comes with the country %j as %j', (country, expected) => {
    const find = createClientAddresses(PROXIES, 'drop').find;
    const facts = { forwardedFor: undefined, country, city: 'Sofia' };
    expect(find({ peer: '127.0.0.1', ...facts })).toEqual({
      address: '',
      network: '',
      country: expected,
      city: 'Sofia',
    });
    expect(find({ peer: '203.0.113.77', ...facts })).toEqual({
      address: '',
      network: '203.0.113.0',
      country: '',
      city: '',
    });
  });

  test('takes a range that is none as an error', () => {
    expect(() => createClientAddresses(['10.0.0.0/99'], 'keep')).toThrow();
    expect(() => createClientAddresses(['proxy.local'], 'keep')).toThrow();
  });

  test('stays right for more visitors than it remembers', () => {
    const { find } = createClientAddresses([], 'keep');
    for (let n = 0; n < 10_000; n++) {
      const peer = `10.1.${n >> 8}.${n & 255}`;
      expect(find({ peer, forwardedFor: undefined, country: undefined, city: undefined }).address).toBe(peer);
    }
  });
});
