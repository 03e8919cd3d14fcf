import { describe, expect, it } from 'vitest';
import { columnsOf, type TimePoint, valueRange } from './time-line.ts';

const day = (number: number, value: number | null, samples = 500): TimePoint => ({
  at: new Date(Date.UTC(2026, 10, number)).toISOString(),
  views: samples + 10,
  samples,
  value,
  low: value === null ? null : value - 100,
  high: value === null ? null : value + 100,
});

const line = (...points: readonly TimePoint[]) => ({ name: null, points });

describe('columns', () => {
  it('keep a step without a value as a gap', () => {
    const columns = columnsOf([line(day(1, 2_000), day(2, null, 0), day(3, 2_200))], null);
    expect(columns.sure).toEqual([[2_000, null, 2_200]]);
    expect(columns.faint).toEqual([[null, null, null]]);
  });

  it('draw a step with too few page views faintly, joined to its neighbours, without an interval', () => {
    const columns = columnsOf([line(day(1, 2_000), day(2, 9_000, 43), day(3, 2_200), day(4, 2_300))], null);
    expect(columns.sure).toEqual([[2_000, null, 2_200, 2_300]]);
    expect(columns.faint).toEqual([[2_000, 9_000, 2_200, null]]);
    expect(columns.low).toEqual([1_900, null, 2_100, 2_200]);
  });

  it('lay several lines over the union of their times', () => {
    const columns = columnsOf(
      [
        { name: 'hard', points: [day(1, 1), day(3, 3)] },
        { name: 'soft', points: [day(2, 2)] },
      ],
      null,
    );
    expect(columns.times).toHaveLength(3);
    expect(columns.sure).toEqual([
      [1, null, 3],
      [null, 2, null],
    ]);
    expect(columns.views).toEqual([510, 510, 510]);
  });

  it('move the compared period onto this one', () => {
    const columns = columnsOf([line(day(11, 1), day(12, 2))], [day(1, 7), day(2, 8)]);
    expect(columns.compared).toEqual([7, 8]);
  });
});

describe('the range of values', () => {
  it('shows the good threshold even when everything is far below it', () => {
    expect(valueRange(columnsOf([line(day(1, 300))], null), 2_500).top).toBeGreaterThan(2_500);
  });

  it('is not flattened by the wide interval of one step', () => {
    const wide = { ...day(2, 3_000), high: 90_000 };
    expect(valueRange(columnsOf([line(day(1, 3_000), wide)], null), 2_500).top).toBeLessThan(5_200);
  });

  it('leaves room for the volume below zero', () => {
    expect(valueRange(columnsOf([line(day(1, 3_000))], null), 2_500).bottom).toBeLessThan(0);
  });
});
