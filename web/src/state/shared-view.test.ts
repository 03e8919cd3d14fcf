import { describe, expect, test } from 'vitest';
import { shareSelectionOf, viewOfShare } from './shared-view.ts';
import { DEFAULT_VIEW, ENGINES, NAVIGATIONS, PERCENTILES } from './url.ts';

const MOBILE = { dimension: 'device', op: 'is', values: ['mobile'] } as const;

describe('a shared view', () => {
  test('opens with the engine, navigations and percentile of the sharer, whichever they were', () => {
    for (const engine of ENGINES)
      for (const navigations of NAVIGATIONS)
        for (const percentile of PERCENTILES) {
          const view = { ...DEFAULT_VIEW, from: '-7d', engine, navigations, percentile, filters: [MOBILE] };
          expect(viewOfShare(shareSelectionOf('a.example', view))).toEqual({ ...view, filters: [] });
        }
  });

  test('is held to its engine and navigations by filters', () => {
    expect(shareSelectionOf(null, { ...DEFAULT_VIEW, filters: [MOBILE] })).toMatchObject({
      site: null,
      filters: [
        MOBILE,
        { dimension: 'engine', op: 'is', values: ['Blink'] },
        { dimension: 'navigation', op: 'is', values: ['hard'] },
      ],
    });
    const open = { ...DEFAULT_VIEW, engine: 'all', navigations: 'all' } as const;
    expect(shareSelectionOf(null, open).filters).toEqual([]);
  });

  test('of a link from before is as by default', () => {
    expect(viewOfShare({ site: null, from: '-28d', to: 'now', filters: [MOBILE] })).toEqual(DEFAULT_VIEW);
  });
});
