import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Interaction, readInteractionLog } from './interaction-log.ts';

const nothing = { x: null, y: null, state: null };

describe('the log of interactions', () => {
  test('tells what was done, when and where', () => {
    expect(readInteractionLog('214y,xk9,y8p|142c,xk5,y8v|34kh|0a,y2s', 100)).toEqual([
      { at: 1_474, kind: 'mouse', ...nothing, x: 729, y: 313 },
      { at: 5_268, kind: 'click', ...nothing, x: 725, y: 319 },
      { at: 5_921, kind: 'key', ...nothing },
      { at: 10, kind: 'scroll', ...nothing, y: 100 },
    ]);
  });

  test('tells what became of the page and of the screen', () => {
    expect(readInteractionLog('4a,s1|4b,s0|5c,a-2i|4d,s9|4e', 100).map(({ state }) => state)).toEqual([
      'hidden',
      'visible',
      '-90',
      null,
      null,
    ]);
  });

  test('cuts the fractions that places of a pointer may have', () => {
    expect(readInteractionLog('1a,xk5.4z141z4,y-1.i', 100)).toEqual([
      { at: 10, kind: 'click', ...nothing, x: 725, y: -1 },
    ]);
  });

  test('leaves out what it cannot read', () => {
    expect(readInteractionLog('', 100)).toEqual([]);
    expect(readInteractionLog('9a|1|1-a|1?|x|3a', 100).map(({ at }) => at)).toEqual([10]);
  });

  test('is read as it was written', () => {
    const place = fc.integer({ min: -10_000, max: 10_000 });
    const at = fc.nat({ max: 2 ** 31 });
    const entry = fc.oneof(
      fc.record({ at, kind: fc.constantFrom('click', 'mouse'), x: place, y: place }),
      fc.record({ at, kind: fc.constant('scroll'), y: place }),
      fc.record({ at, kind: fc.constant('key') }),
      fc.record({ at, kind: fc.constant('visibility'), s: fc.nat({ max: 3 }) }),
      fc.record({ at, kind: fc.constant('orientation'), a: place }),
    );
    const kinds = ['scroll', 'click', 'mouse', 'key', 'visibility', 'orientation'];
    const states = ['visible', 'hidden', 'prerender', 'unloaded'];
    const write = ({ at: moment, kind, ...rest }: { readonly at: number; readonly kind: string }): string =>
      [
        `${kinds.indexOf(kind)}${moment.toString(36)}`,
        ...Object.entries<number>(rest).map(([letter, value]) => `${letter}${value.toString(36)}`),
      ].join(',');
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 100 }), (entries) => {
        expect(readInteractionLog(entries.map(write).join('|'), 100)).toEqual(
          entries.map((each) => ({
            at: each.at,
            kind: each.kind,
            x: 'x' in each ? each.x : null,
            y: 'y' in each ? each.y : null,
            state: 's' in each ? states[each.s] : 'a' in each ? String(each.a) : null,
          })),
        );
      }),
    );
  });

  test('of any text has no more entries than the limit', () => {
    const mark = fc.constantFrom('|', ',', '0', '1', '4', '9', 'x', 'y', 's', '.', '-', 'zzzzzzzzzzzzzzz');
    const text = fc.array(mark, { maxLength: 80 }).map((parts) => parts.join(''));
    const isSound = ({ at, x, y }: Interaction): boolean =>
      at >= 0 && [x, y].every((place) => place === null || Number.isFinite(place));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), fc.nat({ max: 20 }), (any, limit) => {
        const read = readInteractionLog(any, limit);
        expect(read.length).toBeLessThanOrEqual(limit);
        expect(read.every(isSound)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
