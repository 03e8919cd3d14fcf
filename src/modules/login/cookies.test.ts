import { expect, test } from 'vitest';
import { keepsSecure, refreshTokenOf } from './cookies.ts';

test.each([
  ['from this machine', { 'x-okapi-request-ip': '127.0.0.1' }, true],
  ['from this machine, by IPv6', { 'x-okapi-request-ip': '::1' }, true],
  ['from this machine, as IPv6 shows IPv4', { 'x-okapi-request-ip': '::ffff:127.0.0.1' }, true],
  ['by TLS from elsewhere', { 'x-okapi-request-ip': '192.0.2.7', 'x-forwarded-proto': 'https' }, true],
  [
    'through two proxies, the first by TLS',
    { 'x-okapi-request-ip': '192.0.2.7', 'x-forwarded-proto': 'HTTPS, http' },
    true,
  ],
  ['in plain text from elsewhere', { 'x-okapi-request-ip': '192.0.2.7' }, false],
  [
    'in plain text through a proxy elsewhere',
    { 'x-okapi-request-ip': '192.0.2.7', 'x-forwarded-proto': 'http' },
    false,
  ],
])('a cookie for a request %s has Secure or not', (_, headers, expected) => {
  expect(keepsSecure(headers)).toBe(expected);
});

test('the refresh token is found among other cookies, by its whole name', () => {
  expect(refreshTokenOf('a=1; folioRefreshToken=xyz; b=2')).toBe('xyz');
  expect(refreshTokenOf('notfolioRefreshToken=xyz')).toBeUndefined();
  expect(refreshTokenOf(undefined)).toBeUndefined();
});
