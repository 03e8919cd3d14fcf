import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endOfLane, runsOf, startOfLane, type TimeLane, wordsAt } from './time-lanes-layout.ts';

const area = (buckets: readonly (readonly [at: number, value: number])[]): TimeLane => ({
  kind: 'area',
  name: 'Frames',
  group: 'thread',
  top: 10,
  words: (value) => `${value} frames`,
  buckets: buckets.map(([at, value]) => ({ at, value })),
});

describe('lanes over time', () => {
  test('are drawn as touching bars, with a gap where nothing was measured', () => {
    const { buckets } = area([
      [62, 3],
      [162, 3],
      [262, 1],
      [500, 2],
      [600, 2],
    ]) as Extract<TimeLane, { kind: 'area' }>;
    expect(runsOf(buckets, 1_000)).toEqual([
      [
        [62, 262, 3],
        [262, 362, 1],
      ],
      [[500, 700, 2]],
    ]);
    expect(runsOf(buckets, 300)).toEqual([
      [
        [62, 262, 3],
        [262, 300, 1],
      ],
    ]);
  });

  test('keep their bars in order and within the axis, wherever buckets begin', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3_000), fc.nat(5)), { maxLength: 60 }),
        fc.integer({ min: 1, max: 3_000 }),
        (buckets, end) => {
          const bars = runsOf(
            buckets.toSorted((a, b) => a[0] - b[0]).map(([at, value]) => ({ at, value })),
            end,
          ).flat();
          let before = 0;
          for (const [from, to] of bars) {
            expect(from).toBeGreaterThanOrEqual(before);
            expect(to).toBeGreaterThan(from);
            expect(to).toBeLessThanOrEqual(end);
            before = to;
          }
        },
      ),
    );
  });

  test('say what holds at a moment', () => {
    const blocks: TimeLane = {
      kind: 'blocks',
      name: 'Long tasks',
      group: 'thread',
      blocks: [{ from: 100, to: 350, words: '250 ms' }],
    };
    const marks: TimeLane = {
      kind: 'marks',
      name: 'Visitor',
      group: 'visitor',
      marks: [{ at: 400, sign: '●', words: 'click' }],
    };
    const frames = area([
      [0, 3],
      [100, 6],
    ]);
    expect([frames, blocks, marks].map((lane) => wordsAt(lane, 199, 20))).toEqual([
      ['6 frames'],
      ['250 ms'],
      [],
    ]);
    expect([frames, blocks, marks].map((lane) => wordsAt(lane, 390, 20))).toEqual([[], [], ['click']]);
  });

  test('begin and end with what they have to say', () => {
    const blocks: TimeLane = {
      kind: 'blocks',
      name: 'Long tasks',
      group: 'thread',
      blocks: [{ from: 5, to: 9, words: '' }],
    };
    const marks: TimeLane = {
      kind: 'marks',
      name: 'Visitor',
      group: 'visitor',
      marks: [{ at: 7, sign: '●', words: '' }],
    };
    const lanes = [
      area([
        [0, 0],
        [100, 6],
        [200, 0],
      ]),
      blocks,
      marks,
      area([]),
    ];
    expect(lanes.map(startOfLane)).toEqual([100, 5, 7, Number.POSITIVE_INFINITY]);
    expect(lanes.map(endOfLane)).toEqual([300, 9, 7, 0]);
  });
});
