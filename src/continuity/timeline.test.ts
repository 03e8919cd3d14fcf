import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTimeline } from './timeline.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_';

/** The three ways in which values are written: how each is, what stands between them, the greatest value, and what becomes of it. */
const FORMS = {
  0: [(value: number) => DIGITS[value] ?? `.${value.toString(36)}.`, '', 2 ** 40, (value: number) => value],
  1: [(value: number) => value.toString(36), ',', 2 ** 40, (value: number) => value],
  2: [
    (value: number) => (value < 99 ? String(value).padStart(2, '0') : '__'),
    '',
    100,
    (value: number) => (value < 99 ? value : 100),
  ],
} as const;

/** Writes a timeline: four equal values and more as one, one zero or one run of zeros at the end left out. */
const write = (form: keyof typeof FORMS, values: readonly number[]): string => {
  const [written, separator] = FORMS[form];
  const runs: { readonly value: number; readonly times: number }[] = [];
  for (let at = 0; at < values.length; ) {
    const value = values[at] ?? 0;
    let end = at + 1;
    while (end < values.length && values[end] === value) end++;
    const times = end - at;
    if (times >= 4) runs.push({ value, times });
    else for (let each = 0; each < times; each++) runs.push({ value, times: 1 });
    at = end;
  }
  if (runs.at(-1)?.value === 0) runs.pop();
  return `${form}${runs
    .map(({ value, times }) => `${times === 1 ? '' : `*${times.toString(36)}*`}${written(value)}`)
    .join(separator)}`;
};

describe('a timeline', () => {
  test.each<[string, readonly number[]]>([
    ['0*j*0td', [...Array.from({ length: 19 }, () => 0), 29, 13]],
    ['00.43..54..28..3z..29.', [0, 147, 184, 80, 143, 81]],
    ['11o3,1o4', [2_163, 2_164]],
    ['1*4*1o3,5', [2_163, 2_163, 2_163, 2_163, 5]],
    ['2*5*0053*4*000507__', [0, 0, 0, 0, 0, 53, 0, 0, 0, 0, 5, 7, 100]],
    ['0-_', [62, 63]],
    ['000', [0, 0]],
    ['0', []],
  ])('is read from %s', (text, values) => {
    expect(readTimeline(text, 1_000)).toEqual(values);
  });

  test.each([
    '',
    'x',
    '31',
    '0é',
    '0*',
    '0**1',
    '0*4*',
    '0*0*1',
    '0*-4*1',
    '0.1',
    '0..',
    '0.-1.',
    '1,',
    '1-5',
    '11o3,,1',
    '200.57',
    '2-1',
    '20',
    '2_0',
  ])('is refused as %j', (text) => {
    expect(readTimeline(text, 1_000)).toBeNull();
  });

  test('is read as it was written, but for zeros at its end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 2).chain((form) => {
          const value = fc.oneof(fc.constantFrom(0, 1, 63, 64, 99), fc.nat({ max: FORMS[form][2] }));
          const run = fc
            .tuple(fc.oneof(fc.constant(1), fc.nat({ max: 200 })), value)
            .map(([times, each]) => Array.from({ length: times }, () => Math.min(each, FORMS[form][2])));
          return fc.tuple(fc.constant(form), fc.array(run, { maxLength: 20 }));
        }),
        ([form, runs]) => {
          const values = runs.flat();
          const read = readTimeline(write(form, values), 10_000) ?? [];
          const expected = values.map(FORMS[form][3]);
          expect(read).toEqual(expected.slice(0, read.length));
          expect(expected.slice(read.length).every((left) => left === 0)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('of any text has no more buckets than the limit, whatever it says of their number', () => {
    const mark = fc.constantFrom('*', '.', ',', '_', '-', '0', '1', '2', 'z', 'zzzzzzzzzzz', 'Z', '%', '٣');
    const text = fc.array(mark, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), fc.nat({ max: 50 }), (any, limit) => {
        const read = readTimeline(any, limit) ?? [];
        expect(read.length).toBeLessThanOrEqual(limit);
        expect(read.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(readTimeline('0*zzzzzzzzzzzz*1', 600)).toHaveLength(600);
  });
});
