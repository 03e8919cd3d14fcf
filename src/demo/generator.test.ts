import { describe, expect, test } from 'vitest';
import { createRandom, generateBeacon, type GeneratedBeacon, generatePageView } from './generator.ts';

const SITE = { host: 'shop.example', trace: 'BY83kR5MS5PM', at: 1_763_780_000_000 };
const pageViews = (seed: number, count: number): GeneratedBeacon[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => generatePageView(random, SITE)).flat();
};
const valuesOf = (beacon: GeneratedBeacon, name: string): string[] =>
  new URLSearchParams(beacon.body).getAll(name);

describe('generator of beacons', () => {
  test('repeats itself with the same seed, and only then', () => {
    expect(pageViews(1, 20)).toEqual(pageViews(1, 20));
    expect(pageViews(1, 20)).not.toEqual(pageViews(2, 20));
  });

  test('makes beacons of the size of real ones', () => {
    const random = createRandom(7);
    const loads = Array.from({ length: 100 }, () => generateBeacon(random, { ...SITE, kind: 'load' }));
    const quits = Array.from({ length: 100 }, () => generateBeacon(random, { ...SITE, kind: 'quit' }));
    const mean = (beacons: readonly GeneratedBeacon[]): number =>
      beacons.reduce((sum, { body }) => sum + body.length, 0) / beacons.length;
    expect(mean(loads)).toBeGreaterThan(4_300);
    expect(mean(loads)).toBeLessThan(6_500);
    expect(mean(quits)).toBeGreaterThan(860);
    expect(mean(quits)).toBeLessThan(1_800);
  });

  test('gives all beacons of a page the same page and session, and the trace', () => {
    const random = createRandom(3);
    for (let index = 0; index < 50; index++) {
      const beacons = generatePageView(random, SITE);
      expect(new Set(beacons.flatMap((beacon) => valuesOf(beacon, 'pid'))).size).toBe(1);
      expect(new Set(beacons.flatMap((beacon) => valuesOf(beacon, 'rt.si'))).size).toBe(1);
      expect(beacons.flatMap((beacon) => valuesOf(beacon, 'brum_trace'))).toHaveLength(beacons.length);
    }
  });

  test('makes every kind of beacon, in order of time', () => {
    const beacons = pageViews(5, 1_000);
    expect([...new Set(beacons.map(({ kind }) => kind))].toSorted()).toEqual([
      'bfcache',
      'early',
      'error',
      'load',
      'quit',
      'quit_only',
      'spa',
      'xhr',
    ]);
  });
});
