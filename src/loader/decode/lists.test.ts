import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLayoutShifts } from '#continuity';
import { readEventList } from '#event-timing';
import { readErrorList } from '#page-errors';
import { largestWindow } from './largest-window.ts';
import { readUserTimings } from './user-timing.ts';

describe('windows of layout shifts', () => {
  test('make one window while less than a second lies between them', () => {
    const shifts = [0, 900, 1_800].map((at) => ({ at, value: 0.1 }));
    expect(largestWindow(shifts)).toBeCloseTo(0.3);
  });

  test('make two windows when a second lies between them', () => {
    expect(
      largestWindow([
        { at: 0, value: 0.1 },
        { at: 1_000, value: 0.15 },
      ]),
    ).toBeCloseTo(0.15);
  });

  test('make a new window after five seconds', () => {
    const shifts = Array.from({ length: 8 }, (_, index) => ({ at: index * 900, value: 0.1 }));
    expect(largestWindow(shifts)).toBeCloseTo(0.6);
  });
});

describe('lists of a beacon', () => {
  test('are read as they were written', () => {
    const times = fc.record({
      s: fc.nat({ max: 3_600_000 }),
      d: fc.nat({ max: 60_000 }),
      v: fc.nat({ max: 9_999 }),
    });
    fc.assert(
      fc.property(fc.array(times, { maxLength: 100 }), (items) => {
        const list = (write: (item: (typeof items)[number]) => string): string =>
          items.length === 0 ? '~(~)' : `~(${items.map(write).join('')})`;
        const base36 = (value: number): string => `~'${value.toString(36)}`;
        expect(
          readEventList(
            list(({ s, d }) => `~(d${base36(d)}~n~0~s${base36(s)})`),
            200,
          )?.map(({ startTime, duration }) => [startTime, duration]),
        ).toEqual(items.map(({ s, d }) => [s, d]));
        expect(
          readLayoutShifts(
            list(({ s, v }) => `~(t${base36(s)}~v${base36(v)})`),
            200,
          )?.map(({ at, value }) => [at, value]),
        ).toEqual(items.map(({ s, v }) => [s, v / 1_000]).toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0)));
      }),
    );
  });

  test('are bounded, whatever was sent', () => {
    const mark = fc.constantFrom(
      '~',
      '(',
      ')',
      "'",
      '~(~(',
      't',
      'v',
      's',
      'd',
      'f',
      'm',
      '_',
      '.',
      '*',
      'zz',
      '1',
    );
    const text = fc.array(mark, { maxLength: 80 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.json(), fc.string()), (any) => {
        expect(readEventList(any, 200)?.length ?? 0).toBeLessThanOrEqual(200);
        expect(readErrorList(any, 50)?.length ?? 0).toBeLessThanOrEqual(50);
        expect(readUserTimings(any)?.size ?? 0).toBeLessThanOrEqual(256);
        const shifts = readLayoutShifts(any, 200) ?? [];
        expect(shifts.length).toBeLessThanOrEqual(200);
        expect(Number.isFinite(largestWindow(shifts))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    const many = `~(${"~(t~'1~v~'1~s~'1~d~'1~n~1)".repeat(1_000)})`;
    expect(
      [readEventList(many, 200), readLayoutShifts(many, 200), readErrorList(many, 50)].map(
        (list) => list?.length,
      ),
    ).toEqual([200, 200, 50]);
  });
});

describe('user timings', () => {
  test('are read from the compressed trie, with base 36 and measures', () => {
    const timings = readUserTimings("~(m~(ark~(1~'2s~2~'5k)~easure~(1~'2s_2s~2~'5k_5k)))");
    expect(timings).toEqual(
      new Map([
        ['mark1', 100],
        ['mark2', 200],
        ['measure1', 100],
        ['measure2', 200],
      ]),
    );
  });

  test('of digits alone are base 36 too, and starts count from the one before', () => {
    expect(readUserTimings("~(a~10~b~'10.5.5~c~'5*3)")).toEqual(
      new Map([
        ['a', 36],
        ['b', 46],
        ['c', 15],
      ]),
    );
  });

  test('are read from plain JSON', () => {
    expect(readUserTimings('{"mark":{"a":100.5},"measure":{"b":7}}')).toEqual(
      new Map([
        ['a', 100.5],
        ['b', 7],
      ]),
    );
  });
});
