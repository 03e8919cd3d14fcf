import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readForm } from '#core';
import { createTraceFinder, hasMoreParameters } from './trace.ts';

const NAMES = ['brum_trace', 'brum_site_id', 'subscription_id'];

const finder = createTraceFinder(NAMES);
const traceOf = (query: string, body = ''): string => finder.find(Buffer.from(query), Buffer.from(body));

describe('trace finder', () => {
  const object = JSON.stringify({
    u: 'https://a.example/?x=1&brum_trace=other',
    brum_trace: 'a',
    brum_site_id: 's',
  });

  test.each([
    ['an object', '', object, 'a'],
    ['an object, when the query has one', 'brum_trace=q', object, 'q'],
    ['an object that has another name', '', '{"brum_site_id":"s"}', 's'],
    ['an object under data', '', `data=${encodeURIComponent(object)}`, 'a'],
    ['an object under data with plus for space', '', 'data={"x":+1,+"brum_trace":+"a"}', 'a'],
    ['data that is no object, and a form', '', 'data=1&brum_trace=f', 'f'],
    ['a broken object', '', '{"brum_trace":"a"', ''],
    ['a list', '', '[{"brum_trace":"a"}]', ''],
    ['a number', '', '{"brum_trace":12}', '12'],
    ['null', '', '{"brum_trace":null}', ''],
    ['a name of the prototype', '', '{"__proto__":{"brum_trace":"a"}}', ''],
    ['more than 64 KiB', '', `{"x":"${'x'.repeat(65_536)}","brum_trace":"a"}`, ''],
    ['half a surrogate', '', '{"brum_trace":"\\ud800"}', '\ufffd'],
  ])('finds the trace in a JSON body: %s', (_, query, body, trace) => {
    expect(traceOf(query, body)).toBe(trace);
  });

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

  test('cuts a value that is longer than any trace', () => {
    const trace = traceOf(`brum_trace=${'x'.repeat(100_000)}`);
    expect(trace.length).toBeGreaterThan(128);
    expect(trace.length).toBeLessThan(2_000);
  });

  test('takes a name that is written plainly before one that is percent-encoded', () => {
    expect(traceOf('%62rum_trace=e', 'brum_trace=p')).toBe('p');
    expect(traceOf('%62rum_trace=e&brum_site_id=s')).toBe('s');
    expect(traceOf('%62rum_trace=e&brum_site_id=')).toBe('e');
  });

  test('counts the parameters of query and body that are not empty', () => {
    const isMore = (query: string, body: string, limit: number): boolean =>
      hasMoreParameters(Buffer.from(query), Buffer.from(body), limit);
    expect(isMore('a&b', 'c&d', 4)).toBe(false);
    expect(isMore('a&b', 'c&d&e', 4)).toBe(true);
    expect(isMore('a&b', 'c&d&&&&&&&', 4)).toBe(false);
    expect(isMore('', '', 0)).toBe(false);
    expect(isMore('a', '', 0)).toBe(true);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b=1', '', '%26')),
        fc.array(fc.constantFrom('a', '', 'c=')),
        fc.nat(20),
        (query, body, limit) => {
          const count = [...query, ...body].filter((piece) => piece !== '').length;
          expect(isMore(query.join('&'), body.join('&'), limit)).toBe(count > limit);
        },
      ),
    );
  });

  test.each(['brum_trace', 'brum%5Ftrace', '%62rum_trace'])(
    'agrees with reading the whole form when the name is %s',
    (spelling) => {
      const name = fc.constantFrom(spelling, 'brum_trac', 'u', '%', '');
      const value = fc.constantFrom('', 'a', 'b%20c', '%', '%f', '%ff', '+', 'ü', '=', '%00', '\ud800');
      const pair = fc.tuple(name, value, fc.boolean()).map(([n, v, equals]) => (equals ? `${n}=${v}` : n));
      fc.assert(
        fc.property(fc.array(pair), (pairs) => {
          const text = pairs.join('&');
          const form = new Map<string, string>();
          readForm(Buffer.from(text).toString(), form);
          const found = createTraceFinder(['brum_trace']).find(Buffer.from(text), Buffer.alloc(0));
          expect(found).toBe(form.get('brum_trace') ?? '');
        }),
      );
    },
  );
});
