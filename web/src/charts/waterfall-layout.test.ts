import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resource } from '#reports';
import { endOfLoading, endOfVisit, layoutWaterfall } from './waterfall-layout.ts';

const resource = (facts: Partial<Resource>): Resource => ({
  url: 'https://a.example/x/app.js?v=1',
  kind: 'script',
  start: 100,
  requestStart: 120,
  responseStart: 200,
  end: 260,
  transferBytes: 1_000,
  encodedBytes: null,
  decodedBytes: null,
  redirect: null,
  dns: null,
  connect: null,
  tls: null,
  worker: null,
  protocol: '',
  attributes: [],
  element: null,
  serverTiming: [],
  ownData: [],
  ...facts,
});

describe('layout of a waterfall', () => {
  test('splits a fetch into queueing, waiting and loading', () => {
    const [bar] = layoutWaterfall([resource({})], [], 1_000, 0.1).bars;
    expect(bar).toMatchObject({
      name: 'app.js',
      tag: 'JS',
      queued: { from: 100, to: 120 },
      waiting: { from: 120, to: 200 },
      loading: { from: 200, to: 260 },
    });
  });

  test('draws a fetch as one bar when the browser does not tell its parts', () => {
    const [bar] = layoutWaterfall(
      [resource({ requestStart: null, responseStart: null })],
      [],
      1_000,
      0.1,
    ).bars;
    expect(bar).toMatchObject({ queued: null, waiting: null, loading: { from: 100, to: 260 } });
  });

  test('leaves out what begins after the end', () => {
    const late = resource({ start: 9_000, requestStart: null, responseStart: null, end: 9_100 });
    const layout = layoutWaterfall([resource({}), late], [], 1_000, 0.1);
    expect(layout.bars.map(({ resource: { start } }) => start)).toEqual([100]);
  });

  test('names a fetch by its host when it has no file', () => {
    const names = ['https://a.example/', 'https://a.example', '/', 'x.css'].map(
      (url) => layoutWaterfall([resource({ url })], [], 1_000, 0.1).bars[0]?.name,
    );
    expect(names).toEqual(['a.example', 'a.example', '/', 'x.css']);
  });

  test('keeps everything within the axis, and labels from lying over each other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5_000), fc.nat(5_000), fc.option(fc.nat(9_000)), fc.option(fc.nat(9_000)))),
        fc.array(fc.nat(9_000)),
        fc.integer({ min: 1, max: 20_000 }),
        (fetches, moments, end) => {
          const layout = layoutWaterfall(
            fetches.map(([start, length, requestStart, responseStart]) =>
              resource({ start, requestStart, responseStart, end: start + length }),
            ),
            moments.map((at) => ({ label: 'LCP', at })),
            end,
            0.1,
          );
          for (const { queued, waiting, loading } of layout.bars)
            for (const span of [queued, waiting, loading])
              if (span !== null) {
                expect(span.from).toBeGreaterThanOrEqual(0);
                expect(span.to).toBeLessThanOrEqual(end);
              }
          const width = 0.1 * end;
          const labels = layout.moments.map(({ at, isBefore, lane }) => ({
            from: isBefore ? at - width : at,
            lane,
          }));
          for (const [index, label] of labels.entries())
            for (const other of labels.slice(index + 1))
              if (label.lane === other.lane)
                expect(Math.abs(label.from - other.from)).toBeGreaterThanOrEqual(width - 1e-6);
        },
      ),
    );
  });

  test('ends with the loading of the page, not with the visit', () => {
    const moments = [
      { name: 'lcp', at: 900 },
      { name: 'load', at: 1_000 },
      { name: 'inp', at: 60_000 },
    ];
    expect(endOfLoading(moments)).toBeCloseTo(1_120);
    expect(endOfLoading([{ name: 'inp', at: 5 }])).toBeNull();
    expect(endOfVisit([900, 60_000, 5])).toBeCloseTo(61_200);
    expect(endOfVisit([])).toBe(1);
  });
});
