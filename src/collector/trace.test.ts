import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readForm } from '#core';
import { createTraceScan } from './trace.ts';

const NAMES = ['brum_trace', 'brum_site_id', 'subscription_id'];

const traceOf = (query: string | Buffer, body: string | Buffer = ''): string => {
  const scan = createTraceScan(NAMES);
  const values = scan.begin();
  for (const part of [query, body]) {
    const bytes = Buffer.from(part);
    scan.scan(bytes, bytes.length, values);
  }
  return scan.choose(values);
};

describe('trace scan', () => {
  test.each([
    ['brum_trace=a', 'a'],
    ['x=1&brum_trace=a&y=2', 'a'],
    ['brum_trace=a&brum_trace=b', 'a'],
    ['brum_site_id=s&brum_trace=a', 'a'],
    ['subscription_id=q&brum_site_id=s', 's'],
    ['brum_trace=&brum_site_id=s', 's'],
    ['brum_trace=&brum_trace=b', ''],
    ['%62rum_trace=a', 'a'],
    ['%62%72%75%6D%5F%74%72%61%63%65=a', 'a'],
    ['brum%5ftrace=a', 'a'],
    ['BRUM_TRACE=a', ''],
    ['xbrum_trace=a', ''],
    ['brum_tracex=a', ''],
    ['x=brum_trace=a', ''],
    ['brum_trace', ''],
    ['brum_trace%3Da=b', ''],
    ['brum_trace=a%2Bb+c', 'a+b c'],
    ['brum_trace=%D0%A1%D0%BE%D1%84%D0%B8%D1%8F', 'София'],
    ['brum_trace=%ff', '\ufffd'],
    ['brum_trace=%', '%'],
    ['brum_trace=%4', '%4'],
    ['brum_trace=%zz', '%zz'],
    ['brum_trace=a%00b', 'a\0b'],
    ['brum_trace=a;b', 'a;b'],
    ['&&&brum_trace=a&&', 'a'],
    ['', ''],
    ['&', ''],
    ['%', ''],
    ['=', ''],
  ])('finds in %s the trace %j', (query, expected) => {
    expect(traceOf(query)).toBe(expected);
  });

  test('takes the first value of the query before that of the body, per name', () => {
    expect(traceOf('brum_trace=q', 'brum_trace=b')).toBe('q');
    expect(traceOf('x=1', 'brum_trace=b')).toBe('b');
    expect(traceOf('brum_site_id=s', 'brum_trace=b')).toBe('b');
  });

  test('stays within the bytes that it was given', () => {
    const scan = createTraceScan(NAMES);
    const values = scan.begin();
    scan.scan(Buffer.from('brum_trace=abc'), 'brum_trace=a'.length, values);
    expect(scan.choose(values)).toBe('a');
  });

  test('cuts a value that is longer than any trace', () => {
    const trace = traceOf(`brum_trace=${'x'.repeat(100_000)}`);
    expect(trace.length).toBeGreaterThan(128);
    expect(trace.length).toBeLessThan(2_000);
  });

  test('counts parameters', () => {
    const scan = createTraceScan(NAMES);
    const count = (text: string): number => scan.scan(Buffer.from(text), text.length, scan.begin());
    expect(['', 'a', 'a&b', 'a=1&b=2&c=%26'].map(count)).toEqual([0, 1, 2, 3]);
  });

  test('agrees with reading the whole form', () => {
    const name = fc.constantFrom('brum_trace', 'brum%5Ftrace', '%62rum_trace', 'brum_trac', 'u', '%', '');
    const value = fc.constantFrom('', 'a', 'b%20c', '%', '%f', '%ff', '+', 'ü', '=', '%00', '\ud800');
    const pair = fc.tuple(name, value, fc.boolean()).map(([n, v, equals]) => (equals ? `${n}=${v}` : n));
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const text = pairs.join('&');
        const form = new Map<string, string>();
        readForm(Buffer.from(text).toString(), form);
        const scan = createTraceScan(['brum_trace']);
        const values = scan.begin();
        const bytes = Buffer.from(text);
        scan.scan(bytes, bytes.length, values);
        expect(scan.choose(values)).toBe(form.get('brum_trace') ?? '');
      }),
    );
  });
});
