import { describe, expect, test } from 'vitest';
import { referrerType } from './referrer.ts';
import { siteOf } from './site.ts';

describe('referrer type', () => {
  test.each([
    ['', 'direct'],
    ['shop.example', 'internal'],
    ['blog.shop.example', 'internal'],
    ['www.google.com', 'search'],
    ['www.google.co.uk', 'search'],
    ['mail.google.com', 'other'],
    ['duckduckgo.com', 'search'],
    ['m.facebook.com', 'social'],
    ['t.co', 'social'],
    ['t.example', 'other'],
    ['x.com', 'social'],
    ['news.example', 'other'],
  ])('%s is %s', (referrer, type) => {
    expect(referrerType(referrer, 'www.shop.example')).toBe(type);
  });
});

describe('site of a host', () => {
  test.each([
    ['a.b.example.com', 'example.com'],
    ['shop.example.co.uk', 'example.co.uk'],
    ['co.uk', 'co.uk'],
    ['example.bg', 'example.bg'],
    ['localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '[::1]'],
    ['', ''],
  ])('%s belongs to %s', (hostname, site) => {
    expect(siteOf(hostname)).toBe(site);
  });
});
