import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDetailedShifts, readLayoutShifts } from './layout-shifts.ts';

describe('layout shifts', () => {
  test('are read in order of time', () => {
    expect(readLayoutShifts("~(~(s~(~)~t~'a0.5~v~'a)~(s~(~)~t~'2s~v~'3c))", 200)).toEqual([
      { at: 100, value: 0.12 },
      { at: 360, value: 0.01 },
    ]);
  });

  test('tell each element that moved, where from and where to', () => {
    const text =
      "~(~(s~(~(d~(y~'2g)~p~(h~'bn.6r~w~'t4~x~'38~y~'48)~s~'main*20img.hero)~(d~(h~'-2g~y~'2g)~p~(h~'3x.t9~w~'t4~x~'38~y~'g2.6r)~s~'main*20div.grid))~t~'me~v~'1c))";
    expect(readDetailedShifts(text, 10)).toEqual([
      {
        at: 806,
        value: 0.048,
        elements: [
          {
            selector: 'main img.hero',
            from: { x: 116, y: 152, width: 1_048, height: 419.19 },
            to: { x: 116, y: 240, width: 1_048, height: 419.19 },
          },
          {
            selector: 'main div.grid',
            from: { x: 116, y: 578.19, width: 1_048, height: 141.81 },
            to: { x: 116, y: 666.19, width: 1_048, height: 53.81 },
          },
        ],
      },
    ]);
  });

  test('leave out what has no place, and are none of anything else', () => {
    expect(
      readDetailedShifts(
        '[{"t":"a","v":"1","s":[{"s":"p"},7,{"p":{"x":"?"},"s":"b"}]},{"t":"a"},{"v":"1"}]',
        10,
      ),
    ).toEqual([{ at: 10, value: 0.001, elements: [{ selector: 'b', from: NOWHERE, to: NOWHERE }] }]);
    expect(['', '~(a~1)', '{}', '~(~', 'null'].map((text) => readDetailedShifts(text, 10))).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  });

  test('are read as they were written', () => {
    // Places in a window have no more than sixteenths of a pixel or so: quarters are exact in two decimals.
    const side = fc.integer({ min: -40_000, max: 40_000 }).map((quarters) => quarters / 4);
    const rectangle = fc.record({ x: side, y: side, width: side, height: side });
    const element = fc.record({
      selector: fc.constantFrom('main', 'p.note'),
      from: rectangle,
      to: rectangle,
    });
    const shift = fc.record({
      at: fc.nat({ max: 3_600_000 }),
      value: fc.nat({ max: 9_999 }).map((thousandths) => thousandths / 1_000),
      elements: fc.array(element, { maxLength: 5 }),
    });
    const base36 = (value: number): string => value.toString(36);
    const names = { x: 'x', y: 'y', w: 'width', h: 'height' } as const;
    fc.assert(
      fc.property(fc.uniqueArray(shift, { maxLength: 50, selector: ({ at }) => at }), (shifts) => {
        const text = JSON.stringify(
          shifts.map(({ at, value, elements }) => ({
            v: base36(Math.round(value * 1_000)),
            t: base36(at),
            s: elements.map(({ selector, from, to }) => ({
              s: selector,
              p: Object.fromEntries(Object.entries(names).map(([key, name]) => [key, base36(from[name])])),
              d: Object.fromEntries(
                Object.entries(names)
                  .filter(([, name]) => to[name] !== from[name])
                  .map(([key, name]) => [key, base36(to[name] - from[name])]),
              ),
            })),
          })),
        );
        expect(readDetailedShifts(text, 1_000)).toEqual(shifts.toSorted((a, b) => a.at - b.at));
        expect(readLayoutShifts(text, 1_000)).toEqual(
          shifts.map(({ at, value }) => ({ at, value })).toSorted((a, b) => a.at - b.at),
        );
      }),
    );
  });

  test('of any text are no more than the limit', () => {
    const mark = fc.constantFrom(
      '~',
      '(',
      ')',
      "'",
      't',
      'v',
      's',
      'p',
      'x',
      '1',
      '-',
      '.',
      '~(~(',
      "~(t~'1~v~'1)",
    );
    const text = fc.array(mark, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.json(), fc.string()), fc.nat({ max: 5 }), (any, limit) => {
        expect(readLayoutShifts(any, limit)?.length ?? 0).toBeLessThanOrEqual(limit);
        expect(readDetailedShifts(any, limit)?.length ?? 0).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 1_000 },
    );
    const many = `~(${`~(t~'1~v~'1~s~(${"~(p~(x~'zzzzzzzzzzzz))".repeat(100)}))`.repeat(50)})`;
    const shifts = readDetailedShifts(many, 20);
    expect(shifts?.map(({ elements }) => elements.length)).toEqual(Array.from({ length: 20 }, () => 16));
    expect(Number.isFinite(shifts?.[0]?.elements[0]?.from.x)).toBe(true);
  });
});

const NOWHERE = { x: 0, y: 0, width: 0, height: 0 };
