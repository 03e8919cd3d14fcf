import { expect, test } from 'vitest';
import { makeLinkToken, readLinkToken } from './link-token.ts';

test('a token is known by its hash, in its organization alone', () => {
  const { token, hash } = makeLinkToken('fashion_bg');
  expect(token).toMatch(/^fashion_bg\.[A-Za-z0-9_-]{43}$/);
  expect(readLinkToken(token, 'fashion_bg')).toBe(hash);
  expect(readLinkToken(token, 'sofia_news')).toBeNull();
  expect(token).not.toContain(hash);
});

test('no two are alike', () => {
  expect(new Set(Array.from({ length: 100 }, () => makeLinkToken('a').token)).size).toBe(100);
});

test.each([
  undefined,
  null,
  7,
  {},
  '',
  'fashion_bg',
  'fashion_bg.short',
  `fashion_bg.${'A'.repeat(42)}=`,
  `fashion_bg.${'A'.repeat(44)}`,
  `Fashion_BG.${'A'.repeat(43)}`,
  `fashion_bg.${'A'.repeat(43)}\n`,
  'a'.repeat(1_000_000),
])('what is no token is none: %s', (token) => {
  expect(readLinkToken(token, 'fashion_bg')).toBeNull();
});
