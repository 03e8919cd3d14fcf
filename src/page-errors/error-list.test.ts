import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ErrorDetails, readErrorDetails } from './error-details.ts';
import { readErrorList } from './error-list.ts';

describe('the list of errors', () => {
  test('gives message, type and place, with the defaults that the sender leaves out', () => {
    expect(
      readErrorList("~(~(m~'boom*20bang~f~(~(l~3~c~9~wo~'*2fx.js)))~(n~4~t~'TypeError~m~'b))", 50),
    ).toEqual([
      { count: 1, message: 'boom bang', type: 'Error', file: '/x.js', line: 3, column: 9 },
      { count: 4, message: 'b', type: 'TypeError', file: '', line: null, column: null },
    ]);
  });

  test('is not a list of anything else', () => {
    expect(readErrorList('~(a~1)', 50)).toBeNull();
    expect(['', '~(a~1)', '{}', '~(~', 'null'].map((text) => readErrorDetails(text, 50))).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  });

  test('has all frames, and when and how each was caught', () => {
    const text =
      "~(~(d~'mx4ic32i~f~(~(c~48~f~'HTMLDocument.*3canonymous*3e~l~35~wo~'*2fdemo*2fpage.js)~(l~1~w~'https*3a*2f*2fcdn.example*2fa.js))~m~'out*20of*20chairs~n~3~t~'RangeError~v~2))";
    expect(readErrorDetails(text, 10)).toEqual([
      {
        ...PLAIN,
        count: 3,
        message: 'out of chairs',
        type: 'RangeError',
        time: Number.parseInt('mx4ic32i', 36),
        via: 'global',
        frames: [
          { function: 'HTMLDocument.<anonymous>', file: '/demo/page.js', line: 35, column: 48 },
          { function: '', file: 'https://cdn.example/a.js', line: 1, column: null },
        ],
      },
    ]);
  });

  test('has what happened before, whatever it was', () => {
    const events = [
      { t: 1, d: 1_200, i: 'buy', n: 'form', g: 'BUTTON' },
      { t: 2, d: 400, u: '/api', m: 'GET', r: 503 },
      { t: 3, d: -2, s: 'warn', m: 'slow' },
      { t: 9, d: '?', u: '/no' },
    ];
    const nothing = {
      tag: '',
      id: '',
      name: '',
      method: '',
      url: '',
      result: '',
      severity: '',
      message: '',
    };
    expect(readErrorDetails(JSON.stringify([{ d: 'a', e: events }]), 10)?.[0]?.events).toEqual([
      { ...nothing, kind: 'click', before: 1_200, tag: 'BUTTON', id: 'buy', name: 'form' },
      { ...nothing, kind: 'network', before: 400, method: 'GET', url: '/api', result: '503' },
      { ...nothing, kind: 'log', before: -2, severity: 'warn', message: 'slow' },
      { ...nothing, kind: 'unknown', before: null },
    ]);
    // Without a time of the error, events have their own times there.
    expect(readErrorDetails(JSON.stringify([{ e: events }]), 10)?.[0]?.events[0]?.before).toBeNull();
  });

  test('has what the page added, as text or JSON, and whose fault it was', () => {
    const text = '[{"x":{"__proto__":[1,null]},"s":2,"v":8,"c":404},{"x":"cart"},{"v":99,"s":0,"c":"x"}]';
    expect(
      readErrorDetails(text, 10)?.map(({ extra, source, via, code }) => [extra, source, via, code]),
    ).toEqual([
      ['{"__proto__":[1,null]}', 'boomerang', 'reporting', 404],
      ['cart', 'app', 'app', null],
      ['', 'unknown', 'unknown', null],
    ]);
  });

  test('is read as it was written', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const place = fc.record({
      function: text,
      file: fc.constantFrom('', '/a.js', 'https://b.example/c.js'),
      line: fc.option(fc.nat({ max: 1e6 })),
      column: fc.option(fc.nat({ max: 1e6 })),
    });
    const error: fc.Arbitrary<ErrorDetails> = fc.record({
      count: fc.integer({ min: 1, max: 1_000 }),
      message: text,
      type: fc.constantFrom('Error', 'TypeError'),
      time: fc.option(fc.nat({ max: 2 ** 42 })),
      via: fc.constantFrom(...VIA),
      source: fc.constantFrom('app', 'boomerang'),
      code: fc.option(fc.integer({ min: 1, max: 999 })),
      frames: fc.array(place, { maxLength: 20 }),
      events: fc.constant([]),
      extra: fc.constant(''),
    });
    fc.assert(
      fc.property(fc.array(error, { maxLength: 20 }), (errors) => {
        const written = errors.map((each) => ({
          n: each.count === 1 ? undefined : each.count,
          m: each.message || undefined,
          t: each.type === 'Error' ? undefined : each.type,
          d: each.time?.toString(36),
          v: each.via === 'app' ? undefined : VIA.indexOf(each.via) + 1,
          s: each.source === 'app' ? undefined : 2,
          c: each.code ?? undefined,
          f: each.frames.map(({ function: f, file, line, column }) => ({
            f: f || undefined,
            ...(file.startsWith('/') ? { wo: file } : { w: file || undefined }),
            l: line ?? undefined,
            c: column ?? undefined,
          })),
        }));
        expect(readErrorDetails(JSON.stringify(written), 100)).toEqual(errors);
      }),
    );
  });

  test('of any text has no more errors than the limit, and of a text no more than 4,096 letters', () => {
    const mark = fc.constantFrom(
      '~',
      '(',
      ')',
      "'",
      'f',
      'e',
      'm',
      'd',
      'x',
      '1',
      '-',
      '~(~(',
      "~(m~'1)",
      '*',
    );
    const text = fc.array(mark, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.json(), fc.string()), fc.nat({ max: 5 }), (any, limit) => {
        expect(readErrorList(any, limit)?.length ?? 0).toBeLessThanOrEqual(limit);
        const errors = readErrorDetails(any, limit) ?? [];
        expect(errors.length).toBeLessThanOrEqual(limit);
        expect(errors.every(({ time }) => time === null || !Number.isNaN(new Date(time).getTime()))).toBe(
          true,
        );
      }),
      { numRuns: 1_000 },
    );
    const long = 'x'.repeat(5_000);
    const frames = Array.from({ length: 300 }, () => ({ f: long, w: long }));
    const events = Array.from({ length: 300 }, () => ({ t: 3, m: long }));
    const [read] =
      readErrorDetails(
        JSON.stringify([{ m: long, t: long, x: long, d: 'zzzzzzzzzzzz', f: frames, e: events }]),
        1,
      ) ?? [];
    expect(
      [
        read?.message,
        read?.type,
        read?.extra,
        read?.frames[0]?.function,
        read?.frames[0]?.file,
        read?.events[0]?.message,
      ].map((each) => each?.length),
    ).toEqual(Array.from({ length: 6 }, () => 4_096));
    expect([read?.frames.length, read?.events.length, read?.time]).toEqual([200, 100, null]);
  });
});

const VIA = ['app', 'global', 'network', 'console', 'event-handler', 'timeout', 'rejection', 'reporting'];

const PLAIN: ErrorDetails = {
  count: 1,
  message: '',
  type: 'Error',
  time: null,
  via: 'app',
  source: 'app',
  code: null,
  frames: [],
  events: [],
  extra: '',
};
