import { describe, expect, test } from 'vitest';
import { bySecond, pageLanes } from './page-lanes.ts';

const lane = (name: string, ...buckets: readonly (readonly [at: number, value: number])[]) => ({
  name,
  buckets: buckets.map(([at, value]) => ({ at, value })),
});
const TASK = { start: 10, duration: 90, origin: 'self', attribution: [] };
const NONE = {
  timeline: [],
  longTasks: [],
  interactions: [],
  slowEvents: [],
  layoutShifts: [],
  errors: [],
};
const CLICK = { at: 20, kind: 'click', x: 1, y: 2, state: null };

describe('lanes of a page view', () => {
  test('are the main thread, the visitor and the page, in this order', () => {
    const timeline = [lane('fps', [0, 6]), lane('mem', [0, 1]), lane('scroll', [0, 5])];
    expect(
      pageLanes({ ...NONE, timeline, longTasks: [TASK], interactions: [CLICK] }).map(({ name }) => name),
    ).toEqual(['Long tasks', 'Frames', 'Visitor', 'Scrolled', 'Memory']);
  });

  test('leave counts to the lists that say more, when there are such lists', () => {
    const timeline = [lane('longtask', [0, 1]), lane('click', [0, 1])];
    const names = (more: Partial<Parameters<typeof pageLanes>[0]>) =>
      pageLanes({ ...NONE, timeline, ...more }).map(({ name, kind }) => `${name} ${kind}`);
    expect(names({})).toEqual(['Long tasks area', 'Clicks area']);
    expect(names({ longTasks: [TASK] })).toEqual(['Long tasks blocks', 'Clicks area']);
    expect(names({ interactions: [CLICK] })).toEqual(['Long tasks area', 'Visitor marks']);
  });

  test('are as high as their greatest value, and little looks like little', () => {
    const tops = pageLanes({
      ...NONE,
      timeline: [lane('fps', [0, 2]), lane('mouse', [0, 700]), lane('mut', [0, 3])],
    }).map((each) => (each.kind === 'area' ? each.top : null));
    expect(tops).toEqual([6, 700, 10]);
  });

  test('say one by one what moved, what failed and what the visitor waited for', () => {
    const event = {
      name: 'click',
      start: 100,
      duration: 40,
      processing: 0,
      isCancelable: true,
      isFirst: false,
      interaction: 7,
      target: '',
    };
    const error = {
      at: 120,
      time: null,
      count: 1,
      type: 'Error',
      message: 'x',
      via: 'global',
      source: 'app',
      code: null,
      frames: [],
      events: [],
      extra: '',
    };
    const lanes = pageLanes({
      ...NONE,
      layoutShifts: [{ at: 30, value: 0.1, elements: [] }],
      slowEvents: [event],
      errors: [error, { ...error, at: null }],
    });
    expect(
      lanes.map((each) =>
        each.kind === 'area'
          ? []
          : [
              each.name,
              each.kind === 'blocks'
                ? each.blocks.map(({ from, to, words }) => `${from} ${to} ${words}`)
                : each.marks.map(({ at, words }) => `${at} ${words}`),
            ],
      ),
    ).toEqual([
      ['Errors', ['120 Error: x']],
      ['Waited', ['100 140 click 40 ms']],
      ['Shifts', ['30 by 0.100']],
    ]);
    // Nothing to draw is no lane.
    expect(pageLanes({ ...NONE, errors: [{ ...error, at: null }] })).toEqual([]);
  });

  test('by seconds are sums of what is counted and the greatest of what is a state; what was not measured is not 0', () => {
    const timeline = [
      lane('fps', [950, 6], [1_050, 5], [1_150, 4]),
      lane('mem', [1_050, 7], [1_950, 9]),
      lane('key', [3_000, 0]),
    ];
    expect(bySecond(timeline)).toEqual([
      { second: 0, values: [6, null, null] },
      { second: 1, values: [9, 9, null] },
      { second: 3, values: [null, null, 0] },
    ]);
  });
});
