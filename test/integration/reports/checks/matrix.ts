import { expect } from 'vitest';
import { ENOUGH_TO_RATE } from '#vitals';
import type { MatrixAnswer, Selection } from '../../../../src/modules/reports/contract.ts';
import { isSelected, type SlowView } from '../slow.ts';
import { expectFigures } from './figures.ts';

/** Does a row of each member have the figures of its page views? `views`: of the members that may be seen, in order. */
const expectMembers = (
  rows: MatrixAnswer['rows'],
  views: Readonly<Record<string, readonly SlowView[]>>,
  by: Selection,
): void => {
  expect(rows.map(({ tenant, refusal }) => [tenant, refusal])).toEqual(
    Object.keys(views).map((tenant) => [tenant, null]),
  );
  for (const { tenant, views: shown, vitals, passes } of rows) {
    const chosen = (views[tenant] ?? []).filter((view) => isSelected(view, by));
    expect(shown).toBe(chosen.length);
    expect(vitals.map(({ vital }) => vital)).toEqual(['lcp', 'inp', 'cls', 'fcp', 'ttfb']);
    for (const figures of vitals) expectFigures(figures, chosen, figures.vital, by.percentile);
    const core = vitals.slice(0, 3);
    expect(passes).toBe(
      core.some(({ samples }) => samples < ENOUGH_TO_RATE)
        ? null
        : core.every(({ rating }) => rating === 'good'),
    );
  }
};

/** Reports that are made of several organizations' page views, by path; `matrix.test.ts` asks them through the gateway. */
export const MATRIX_CHECKS = { '/consortium/matrix': expectMembers } as const;
