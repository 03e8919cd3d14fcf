import { describe, expect, test } from 'vitest';
import { type MomentFacts, momentsOf } from './moments.ts';

const NOTHING: MomentFacts = {
  activation_duration: null,
  first_byte_duration: null,
  first_paint: null,
  first_contentful_paint: null,
  largest_contentful_paint: null,
  dom_interactive: null,
  dcl: null,
  dom_complete: null,
  load_event_end: null,
  load_time: null,
  inp: null,
  inp_at: null,
};
const named = (facts: Partial<MomentFacts>, shifts: readonly (readonly [number, number])[] = []) =>
  momentsOf({ ...NOTHING, ...facts }, shifts).map(({ name, at }) => `${name} ${at}`);

describe('moments of a page view', () => {
  test('come in the order of time', () => {
    expect(
      named({ first_byte_duration: 200, largest_contentful_paint: 900, dcl: 700, inp: 80, inp_at: 5_000 }, [
        [800, 0.02],
      ]),
    ).toEqual(['ttfb 200', 'dcl 700', 'shift 800', 'lcp 900', 'inp 5000']);
  });

  test('carry how long the interaction took and how large the shift was', () => {
    expect(
      momentsOf({ ...NOTHING, inp: 80, inp_at: 5_000 }, [[800, 0.02]]).map(({ value }) => value),
    ).toEqual([0.02, 80]);
  });

  test('of a prerendered page are counted from navigation, and those before it was shown are left out', () => {
    expect(
      named({ activation_duration: 3_000, first_byte_duration: 0, largest_contentful_paint: 40 }),
    ).toEqual(['activated 3000', 'lcp 3040']);
  });

  test('take the end of the load event for the load, else the measured time', () => {
    expect([named({ load_event_end: 900, load_time: 950 }), named({ load_time: 950 })]).toEqual([
      ['load 900'],
      ['load 950'],
    ]);
  });

  test('list a shift that two beacons tell of once', () => {
    expect(
      named({}, [
        [10, 0.5],
        [10, 0.5],
      ]),
    ).toEqual(['shift 10']);
  });

  test('of a page with nothing measured are none', () => {
    expect(named({})).toEqual([]);
  });
});
