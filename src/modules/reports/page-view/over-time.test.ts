import { describe, expect, test } from 'vitest';
import { interactionsOf, longTasksOf, slowEventsOf, timelineOf } from './over-time.ts';

const NAVIGATION = 1_780_000_000_000;
/** A moment so many ms after navigation, as beacons write it. */
const at = (ms: number): string => (NAVIGATION + ms).toString(36);
const first = { 'c.e': at(0), 'c.f.s': at(578) };
const shown = (beacons: Parameters<typeof timelineOf>[0]): readonly string[] =>
  timelineOf(beacons).map(
    ({ name, buckets }) => `${name} ${buckets.map((bucket) => `${bucket.at}:${bucket.value}`).join(' ')}`,
  );

describe('timelines of a page view', () => {
  test('are counted from when Boomerang began to look, not from navigation', () => {
    expect(shown([{ ...first, 'c.t.fps': '0462' }])).toEqual(['fps 578:4 678:6 778:2']);
  });

  test('of a later beacon go on with the bucket in which the one before was sent', () => {
    const later = { 'c.e': at(0), 'c.lb': at(799), 'c.f.s': at(799), 'c.t.fps': '035' };
    expect(shown([{ ...first, 'c.t.fps': '0462' }, later])).toEqual(['fps 578:4 678:6 778:3 878:5']);
    expect(shown([later, { ...first, 'c.t.fps': '0464' }])).toEqual(['fps 578:4 678:6 778:4 878:5']);
  });

  test('of a later beacon alone begin when the one before was sent', () => {
    expect(shown([{ 'c.e': at(0), 'c.lb': at(799), 'c.t.click': '001' }])).toEqual(['click 799:0 899:1']);
  });

  test('begin with Boomerang where frames are not measured, and with navigation where nothing is told', () => {
    const bare = { 'c.e': at(0), 'c.t.key': '01' };
    expect(shown([{ ...bare, 'rt.bstart': String(NAVIGATION + 300) }])).toEqual(['key 300:1']);
    expect(shown([bare])).toEqual(['key 0:1']);
  });

  test('of a state begin when it was first measured', () => {
    expect(shown([{ ...first, 'c.t.domln': '10,*2*s' }])).toEqual(['domln 678:28 778:28']);
  });

  test('are left out when nothing happened, when they cannot be read, and when it is not known when they began', () => {
    expect(shown([{ ...first, 'c.t.key': '000', 'c.t.fps': '0*', 'c.t.click': '01' }])).toEqual([
      'click 578:1',
    ]);
    expect(shown([{ 'c.t.click': '01' }, { 'c.e': '?', 'c.t.click': '01' }])).toEqual([]);
    expect(shown([{ 'c.e': at(0), 'c.f.s': at(-5), 'c.t.click': '01' }])).toEqual([]);
  });

  test('are five minutes long at most, and are read as PHP spelled them', () => {
    const [lane] = timelineOf([{ c_e: at(0), c_f_s: at(10), c_t_busy: '2*zzzzzz*07' }]);
    expect([lane?.name, lane?.buckets.length, lane?.buckets.at(-1)]).toEqual([
      'busy',
      3_000,
      { at: 299_910, value: 7 },
    ]);
  });
});

describe('long tasks, interactions and slow events of a page view', () => {
  test('are those of all beacons by time; what a beacon tells again counts once', () => {
    const task = (start: string): string => `~(~(d~'1e~n~1~s~'${start}))`;
    const beacons = [
      { 'c.lt': task('b'), 'c.l': '3b|3b' },
      { 'c.lt': task('a'), 'c.l': '3a' },
      { 'c.lt': task('b'), 'c.l': '3b|3b' },
      {},
    ];
    expect(longTasksOf(beacons).map(({ start }) => start)).toEqual([10, 11]);
    expect(interactionsOf(beacons).map((each) => each.at)).toEqual([10, 11, 11]);
    const event = (start: string): string => `~(~(d~'1e~n~0~s~'${start}))`;
    const told = [{ 'et.e': event('b') }, { et_e: event('a') }, { 'et.e': event('b') }];
    expect(slowEventsOf(told).map(({ start }) => start)).toEqual([10, 11]);
  });

  test('are what can be read of them', () => {
    expect(longTasksOf([{ 'c.lt': '~(' }, { 'c.lt': '7' }])).toEqual([]);
    expect(interactionsOf([{ 'c.l': 'x|y' }])).toEqual([]);
    expect(slowEventsOf([{ 'et.e': '~(' }, { 'et.e': '7' }])).toEqual([]);
  });
});
