import { describe, expect, test } from 'vitest';
import { decodeHead, decodePercent } from './percent.ts';

describe('decodePercent', () => {
  test.each([
    ['a+b%20c', 'a b c'],
    ['%C3%A4%F0%9F%98%80', 'ä😀'],
    ['100%', '100%'],
    ['%zz%4', '%zz%4'],
    ['%ff%41', '\ufffdA'],
    ['%ed%a0%80', '\ufffd\ufffd\ufffd'],
    ['%2B%2b', '++'],
  ])('reads %s', (raw, text) => {
    expect(decodePercent(raw)).toBe(text);
  });

  test('reads values of any length, one after the other', () => {
    for (const times of [10_000, 1, 3_000])
      expect(decodePercent('%C3%A4+'.repeat(times))).toBe('ä '.repeat(times));
  });
});

describe('decodeHead', () => {
  test('gives back UTF-8 that came as Latin-1', () => {
    expect(decodeHead('caf\u00c3\u00a9')).toBe('café');
  });

  test('leaves text that is decoded already, and Latin-1 that is no UTF-8', () => {
    expect(['café', 'София', 'plain'].map(decodeHead)).toEqual(['café', 'София', 'plain']);
  });
});
