import { describe, expect, test } from 'vitest';
import { layoutShiftsOf } from './layout-shifts.ts';

const list = (...shifts: readonly (readonly [at: string, value: string, selector?: string])[]): string =>
  JSON.stringify(
    shifts.map(([t, v, s]) => ({ t, v, s: s === undefined ? [] : [{ s, p: { x: '0' }, d: {} }] })),
  );
const shown = (beacons: Parameters<typeof layoutShiftsOf>[0]): readonly string[] =>
  layoutShiftsOf(beacons).map(({ at, value, elements }) =>
    [at, value, ...elements.map(({ selector }) => selector)].join(' '),
  );
const nothing = { other: {}, at: [], values: [] };

describe('layout shifts of a page view', () => {
  test('are those of all beacons by time, each once', () => {
    const first = { ...nothing, other: { 'c.cls.d': list(['b', 'a', 'main']) } };
    expect(shown([first, { ...nothing, other: { c_cls_d: list(['a', '1e']) } }, first, nothing])).toEqual([
      '10 0.05',
      '11 0.01 main',
    ]);
  });

  test('are made of the columns where there is no list that can be read', () => {
    const columns = { at: [30, 20], values: [Math.fround(0.048), Math.fround(0.1)] };
    expect(shown([{ ...columns, other: {} }])).toEqual(['20 0.1', '30 0.048']);
    expect(shown([{ ...columns, other: { 'c.cls.d': '~(' } }])).toHaveLength(2);
  });

  test('have their elements wherever one of the beacons tells of them', () => {
    const bare = { other: {}, at: [11], values: [Math.fround(0.01)] };
    const told = { ...nothing, other: { 'c.cls.d': list(['b', 'a', 'main']) } };
    expect(shown([bare, told])).toEqual(['11 0.01 main']);
    expect(shown([told, bare])).toEqual(['11 0.01 main']);
  });
});
