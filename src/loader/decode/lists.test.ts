import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readErrorList } from './error-list.ts';
import { readEventList } from './event-list.ts';
import { largestWindow, readLayoutShifts } from './layout-shifts.ts';
import { readUserTimings } from './user-timing.ts';

describe('layout shifts', () => {
  test('are read in order of time', () => {
    expect(readLayoutShifts("~(~(s~(~)~t~'a0.5~v~'a)~(s~(~)~t~'2s~v~'3c))")).toEqual([
      { at: 100, value: 0.12 },
      { at: 360, value: 0.01 },
    ]);
  });

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

describe('event list', () => {
  test('names events by code, and as old versions do by name', () => {
    const events = readEventList("~(~(d~'2s~i~'1~n~0~s~'2s)~(d~'k~n~'pointerover~s~'1))");
    expect(events).toEqual([
      { name: 'click', startTime: 100, duration: 100, isInteraction: true },
      { name: 'pointerover', startTime: 1, duration: 20, isInteraction: false },
    ]);
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
          readEventList(list(({ s, d }) => `~(d${base36(d)}~n~0~s${base36(s)})`))?.map(
            ({ startTime, duration }) => [startTime, duration],
          ),
        ).toEqual(items.map(({ s, d }) => [s, d]));
        expect(
          readLayoutShifts(list(({ s, v }) => `~(t${base36(s)}~v${base36(v)})`))?.map(({ at, value }) => [
            at,
            value,
          ]),
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
        expect(readEventList(any)?.length ?? 0).toBeLessThanOrEqual(200);
        expect(readErrorList(any)?.length ?? 0).toBeLessThanOrEqual(50);
        expect(readUserTimings(any)?.size ?? 0).toBeLessThanOrEqual(256);
        const shifts = readLayoutShifts(any) ?? [];
        expect(shifts.length).toBeLessThanOrEqual(200);
        expect(Number.isFinite(largestWindow(shifts))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    const many = `~(${"~(t~'1~v~'1~s~'1~d~'1~n~1)".repeat(1_000)})`;
    expect(
      [readEventList(many), readLayoutShifts(many), readErrorList(many)].map((list) => list?.length),
    ).toEqual([200, 200, 50]);
  });
});

describe('error list', () => {
  test('gives message, type and place, with the defaults that the sender leaves out', () => {
    expect(readErrorList("~(~(m~'boom*20bang~f~(~(l~3~c~9~wo~'*2fx.js)))~(n~4~t~'TypeError~m~'b))")).toEqual([
      { count: 1, message: 'boom bang', type: 'Error', file: '/x.js', line: 3, column: 9 },
      { count: 4, message: 'b', type: 'TypeError', file: '', line: null, column: null },
    ]);
  });

  test('is not a list of anything else', () => {
    expect(readErrorList('~(a~1)')).toBeNull();
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
