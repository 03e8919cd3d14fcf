import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEventDetails, readEventList } from './event-list.ts';

describe('the list of slow events', () => {
  test('names events by code, and as old versions do by name', () => {
    const events = readEventList("~(~(d~'2s~i~'1~n~0~s~'2s)~(d~'k~n~'pointerover~s~'1))", 200);
    expect(events).toEqual([
      { name: 'click', startTime: 100, duration: 100, isInteraction: true },
      { name: 'pointerover', startTime: 1, duration: 20, isInteraction: false },
    ]);
  });

  test('tells what the browser told of each', () => {
    expect(
      readEventDetails(
        "~(~(c~1~d~'7k~i~'5ao~n~12~p~'1~s~'170~t~'button*23add)~(c~0~d~'7k~fi~1~n~23~p~'0~s~'170))",
        10,
      ),
    ).toEqual([
      {
        name: 'pointerdown',
        start: 1_548,
        duration: 272,
        processing: 1,
        isCancelable: true,
        isFirst: false,
        interaction: 6_864,
        target: 'button#add',
      },
      {
        name: 'pointerenter',
        start: 1_548,
        duration: 272,
        processing: 0,
        isCancelable: false,
        isFirst: true,
        interaction: null,
        target: '',
      },
    ]);
  });

  test('leaves out events without a start, and is none of anything else', () => {
    expect(
      readEventDetails('[{"s":"a"},{"d":"a"},{"s":"-1"},7,null]', 10)?.map(({ start }) => start),
    ).toEqual([10]);
    expect(['', '~(a~1)', '{}', '~(~', 'null'].map((text) => readEventDetails(text, 10))).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  });

  test('is read as it was written', () => {
    const event = fc.record({
      code: fc.nat({ max: 14 }),
      start: fc.nat({ max: 3_600_000 }),
      duration: fc.nat({ max: 60_000 }),
      processing: fc.nat({ max: 60_000 }),
      isCancelable: fc.boolean(),
      isFirst: fc.boolean(),
      interaction: fc.option(fc.integer({ min: 1, max: 1e9 })),
      target: fc.constantFrom('', 'button', 'main a.next'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 100 }), (events) => {
        const text = JSON.stringify(
          events.map((each) => ({
            n: each.code,
            s: each.start.toString(36),
            d: each.duration.toString(36),
            p: each.processing.toString(36),
            c: each.isCancelable ? 1 : 0,
            fi: each.isFirst ? 1 : undefined,
            i: each.interaction?.toString(36),
            t: each.target || undefined,
          })),
        );
        expect(readEventDetails(text, 1_000)).toEqual(
          events.map(({ code, ...each }) => ({ ...each, name: NAMES[code] })),
        );
      }),
    );
  });

  test('of any text has no more events than the limit', () => {
    const mark = fc.constantFrom(
      '~',
      '(',
      ')',
      "'",
      's',
      'd',
      'i',
      'n',
      '1',
      '-',
      '~(~(',
      "~(d~'1~s~'1)",
      '*',
    );
    const text = fc.array(mark, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.json(), fc.string()), fc.nat({ max: 5 }), (any, limit) => {
        expect(readEventList(any, limit)?.length ?? 0).toBeLessThanOrEqual(limit);
        const events = readEventDetails(any, limit) ?? [];
        expect(events.length).toBeLessThanOrEqual(limit);
        for (const { start, duration, processing } of events)
          for (const time of [start, duration, processing]) expect(time).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
    const long = `~(${`~(s~'1~n~'${'x'.repeat(600)}~t~'${'y'.repeat(600)})`.repeat(10)})`;
    expect(readEventDetails(long, 1)).toMatchObject([{ name: 'x'.repeat(512), target: 'y'.repeat(512) }]);
  });
});

const NAMES =
  'click dblclick mousedown mouseup mousemove touchstart touchend touchmove keydown keyup keypress wheel pointerdown pointerup pointermove'.split(
    ' ',
  );
