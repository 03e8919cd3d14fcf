import fc from 'fast-check';
import { expect } from 'vitest';
import type { PageViewLine, PageViewsAnswer } from '../../../../src/modules/reports/contract.ts';
import { VITAL_IDS } from '#vitals';
import { queryOf } from '../asking.ts';
import { tolerance, valuesOf } from '../slow.ts';
import type { StitchedView } from '../slow-views.ts';
import { type Check, type Checked, chosen, forAny } from './check.ts';
import { expectNear, vital } from './figures.ts';

/** It lists the slowest and the newest page views, each as it was. */
export const pageViews: Check = (checked) =>
  forAny([checked.selections, vital, fc.constantFrom(1, 20, 200)], async (by, id, limit) => {
    const all = chosen(checked.views, by);
    const slowest = await checked.ask<PageViewsAnswer>(
      'page-views',
      queryOf(by, { vital: id, limit: String(limit) }),
    );
    const values = valuesOf(all, id).toReversed().slice(0, limit);
    expect(slowest.views).toHaveLength(values.length);
    const shown = slowest.views.map(({ vitals }) => vitals[id] ?? -1);
    expect(shown).toEqual(shown.toSorted((a, b) => b - a));
    // Which page views of the last bucket are left out is not said: those shown of it may be faster by its width, 1 %.
    const isCut = values.length === limit;
    const inLastBucket = (values.at(-1) ?? 0) + 2.1 * tolerance(id, values.at(-1) ?? 0);
    for (const [place, value] of shown.entries()) {
      const exact = values[place] ?? -1;
      expectNear(id, value, exact, isCut && exact <= inLastBucket ? 2 : 1);
    }
    const newest = await checked.ask<PageViewsAnswer>(
      'page-views',
      queryOf(by, { order: 'newest', limit: String(limit) }),
    );
    const moments = all.map(({ startedAt }) => Math.floor(startedAt / 1_000)).toSorted((a, b) => b - a);
    expect(newest.views.map(({ startedAt }) => Math.floor(Date.parse(startedAt) / 1_000))).toEqual(
      moments.slice(0, limit),
    );
    for (const { views, source } of [slowest, newest]) {
      expect(new Set(views.map((view) => view.id)).size).toBe(views.length);
      const known = views.map((line) => ({ line, view: viewOf(checked, line) }));
      for (const { line, view } of known) {
        expect(all).toContain(view);
        expectLine(line, view);
      }
      expect(source.hasGenerated).toBe(known.some(({ view }) => view.isGenerated));
    }
  });

const viewOf = ({ ids }: Checked, { id }: PageViewLine): StitchedView => {
  const [view] = [...ids].find(([, known]) => known === id) ?? [];
  if (view === undefined) throw new Error(`no page view has the id ${id}`);
  return view;
};

/** Is this line of that page view? */
export const expectLine = (line: PageViewLine, view: StitchedView): void => {
  expect(line).toMatchObject({
    startedAt: new Date(view.startedAt).toISOString(),
    url: view.described.url,
    device: view.dimensions.device,
    browser: view.dimensions.browser,
    country: view.dimensions.country,
  });
  for (const id of VITAL_IDS) expectNear(id, line.vitals[id], view.vitals[id]);
};
