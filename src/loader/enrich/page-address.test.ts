import { describe, expect, test } from 'vitest';
import { createAddressReader, hostAndPath, readAddress } from './page-address.ts';

describe('address of a page', () => {
  test('is split into host, path and query, without port, credentials and fragment', () => {
    expect(readAddress('https://user:secret@SHOP.Example:8443/p/ä?a=1#top', true)).toEqual({
      url: 'https://shop.example:8443/p/%C3%A4?a=1',
      hostname: 'shop.example',
      path: '/p/%C3%A4',
      query: 'a=1',
      sentQuery: 'a=1',
    });
  });

  test('loses its query where queries are not kept', () => {
    expect(readAddress('https://shop.example/p?token=secret', false)).toMatchObject({
      url: 'https://shop.example/p',
      query: '',
    });
  });

  test.each([
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['https://shop.example./', 'shop.example'],
    ['https://[::1]:3000/', '[::1]'],
    [`https://${'a'.repeat(60)}.${'b'.repeat(200)}.example/`, ''],
    ['http://%zz', ''],
    ['u=:', ''],
    ['javascript:alert(1)', ''],
    ['file:///etc/passwd', ''],
    ['/relative', ''],
  ])('%s has the host name %j', (text, hostname) => {
    expect(readAddress(text, true).hostname).toBe(hostname);
  });

  test('keeps no secrets of what it does not understand', () => {
    expect(readAddress('ftp://user:secret@host/file?key=1#x', false).url).toBe('ftp://host/file');
  });

  test('is at most 2048 characters long', () => {
    expect(readAddress(`https://shop.example/${'a'.repeat(5_000)}`, true).url).toHaveLength(2_048);
  });
});

describe('host and path', () => {
  test('are what is left of an address', () => {
    expect(hostAndPath('https://cdn.example:444/a.png?v=1', 100)).toBe('cdn.example:444/a.png');
  });

  test('of an inline image are its kind', () => {
    expect(hostAndPath('data:image/png', 100)).toBe('data:image/png');
  });
});

describe('a reader of addresses', () => {
  test('gives each address its own parts, the first time and later, however many it has met', () => {
    const addressOf = createAddressReader(false);
    const texts = Array.from({ length: 3_000 }, (_, index) => `https://shop.example/p/${index}?a=${index}`);
    for (const text of [...texts, ...texts]) expect(addressOf(text)).toEqual(readAddress(text, false));
  });
});
