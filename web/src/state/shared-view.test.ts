import { describe, expect, test } from 'vitest';
import { VITAL_IDS } from '#vitals';
import { heldView, shareSelectionOf, viewOfShare } from './shared-view.ts';
import { type Compare, DEFAULT_VIEW, ENGINES, NAVIGATIONS, PERCENTILES } from './url.ts';

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

  test('opens with bots when the sharer saw them, and is held to that', () => {
    for (const bots of [false, true]) {
      const view = { ...DEFAULT_VIEW, bots };
      const selection = shareSelectionOf(null, view);
      expect(viewOfShare(selection)).toEqual(view);
      const { from, to, filters } = selection;
      const lock = { kind: 'share', name: 'x', page: 'overview', site: null, from, to, filters } as const;
      expect(heldView({ ...lock, period: { from, to }, bots }).bots).toBe(bots);
    }
  });

  test('opens with the vital and the comparison of the sharer, and is held to the comparison', () => {
    const compares: readonly Compare[] = ['none', 'prev', 'year', { from: '2026-01-01', to: '2026-01-07' }];
    for (const vital of VITAL_IDS)
      for (const compare of compares) {
        const view = { ...DEFAULT_VIEW, vital, compare };
        const selection = shareSelectionOf('a.example', view);
        expect(viewOfShare(selection)).toEqual(view);
        const { from, to, filters } = selection;
        const lock = { kind: 'share', name: 'x', page: 'overview', site: null, from, to, filters } as const;
        expect(heldView({ ...lock, period: { from, to }, compare: selection.compare })).toEqual({
          from: '-28d',
          to: 'now',
          compare,
          engine: 'Blink',
          navigations: 'hard',
        });
        expect(heldView({ ...lock, period: null, filters: [] })).toEqual({});
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
