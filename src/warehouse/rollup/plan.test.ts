import { describe, expect, it } from 'vitest';
import { HOUR_MS, type HourRecord } from './hours.ts';
import { planSpans, type Situation } from './plan.ts';

const NOW_HOUR = 1_000;
/** Between two hours, with nothing rolled up and nothing there. */
const situation = (facts: Partial<Situation>): Situation => ({
  counts: [],
  records: [],
  rolled: null,
  edge: NOW_HOUR - 1,
  keptFrom: 0,
  now: NOW_HOUR * HOUR_MS,
  newestAt: NOW_HOUR * HOUR_MS,
  maxBeacons: 100,
  ...facts,
});
const counts = (...hours: readonly number[]) => hours.map((hour) => ({ hour, beacons: 10 }));
/** A record of ten beacons, made `after` hours after the end of its hour; 100 is later than any beacon comes. */
const record = (hour: number, after = 100): HourRecord => ({
  hour,
  fill: 1n,
  beacons: 10,
  madeAt: (hour + 1 + after) * HOUR_MS,
});
const hoursOf = (facts: Partial<Situation>): readonly (readonly number[])[] =>
  planSpans(situation(facts)).map(({ hours }) => hours.map(({ hour }) => hour));

describe('the plan of a roll-up', () => {
  it('begins with the newest hours and leaves those that are live', () => {
    expect(hoursOf({ counts: counts(500, 501, 998, 999, 1_000), maxBeacons: 20 })).toEqual([
      [501, 998],
      [500],
    ]);
  });

  it('goes on where the hours end that are rolled up, before it goes back', () => {
    const facts = { counts: counts(700, 800, 801, 900, 901), records: [record(800), record(801)] };
    expect(hoursOf({ ...facts, rolled: { from: 800, to: 802 } })).toEqual([[900, 901], [700]]);
  });

  it('keeps the hours that are rolled up contiguous', () => {
    const hours = [600, 650, 700, 750, 760, 770];
    const facts = {
      counts: counts(...hours),
      records: [record(700)],
      rolled: { from: 700, to: 701 },
      maxBeacons: 10,
    };
    expect(hoursOf(facts)).toEqual([[750], [760], [770], [650], [600]]);
  });

  it('takes together what one statement can', () => {
    expect(hoursOf({ counts: counts(1, 2, 3, 4, 5), maxBeacons: 25 })).toEqual([[4, 5], [2, 3], [1]]);
    expect(hoursOf({ counts: [{ hour: 1, beacons: 999 }] })).toEqual([[1]]);
  });

  it('makes an hour with other beacons than before again, with the hours that its page views may touch', () => {
    const records = [record(500), record(524), record(548), record(573)];
    const changed = [...counts(500, 548, 573), { hour: 524, beacons: 11 }];
    expect(hoursOf({ counts: changed, records, rolled: { from: 0, to: 574 } })).toEqual([[500, 524, 548]]);
  });

  it('makes an hour again whose beacons are gone', () => {
    expect(hoursOf({ records: [record(500)], rolled: { from: 0, to: 501 } })).toEqual([[500]]);
  });

  it('makes an hour again when it is twice as old, until no beacon of it can come', () => {
    const made = (after: number, age: number, newestAgo = 0) =>
      hoursOf({
        counts: counts(500),
        records: [record(500, after)],
        rolled: { from: 0, to: 501 },
        edge: 500 + age,
        now: (501 + age) * HOUR_MS,
        newestAt: (501 + age - newestAgo) * HOUR_MS,
      }).length;
    expect([made(1, 1.9), made(1, 2), made(4, 7.9), made(4, 8), made(16, 24.9), made(16, 25)]).toEqual([
      0, 1, 0, 1, 0, 1,
    ]);
    expect([made(25, 60), made(1, 2, 3)]).toEqual([0, 0]);
  });

  it('leaves hours alone that are no longer kept', () => {
    expect(hoursOf({ counts: counts(10, 20), keptFrom: 20 })).toEqual([[20]]);
  });
});
