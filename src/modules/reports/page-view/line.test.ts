import { describe, expect, test } from 'vitest';
import { bucketOf, scaleOfVital } from '#vitals';
import { lineOf, type SourceLine } from './line.ts';

const bucket = (vital: 'lcp' | 'cls', value: number): number => bucketOf(scaleOfVital(vital), value);
const line: SourceLine = [
  '35',
  36,
  'a.example',
  '/x',
  'mobile',
  'Chrome',
  'BG',
  bucket('lcp', 2_512),
  0,
  bucket('cls', 0.1),
  0,
  0,
  0,
];
const exact = (vitals: object) => ({
  startedAt: '2026-11-22T12:00:00.123Z',
  url: 'https://a.example/x?y',
  vitals: { lcp: null, inp: null, cls: null, fcp: null, ttfb: null, ...vitals },
});

describe('line of a page view', () => {
  test('has what the beacons say exactly', () => {
    expect(lineOf(line, exact({ lcp: 2_512, cls: 0.100_000_001_49 }))).toEqual({
      id: '10-z',
      startedAt: '2026-11-22T12:00:00.123Z',
      url: 'https://a.example/x?y',
      device: 'mobile',
      browser: 'Chrome',
      country: 'BG',
      vitals: { lcp: 2_512, inp: null, cls: 0.1, fcp: null, ttfb: null },
    });
  });

  test('has the value of the bucket where the beacons that were read say otherwise, and null where there is none', () => {
    const { lcp, inp } = lineOf(line, exact({ lcp: 900, inp: 40 })).vitals;
    expect(Math.abs((lcp ?? 0) - 2_512) / 2_512).toBeLessThan(0.006);
    expect(inp).toBeNull();
  });

  test('is made of the roll-up alone when there are no beacons any more', () => {
    expect(lineOf(line, undefined)).toMatchObject({
      startedAt: '1970-01-01T00:00:36.000Z',
      url: 'https://a.example/x',
    });
  });
});
