import { expect } from 'vitest';
import { ENOUGH_TO_RATE, VITAL_IDS } from '#vitals';
import type { Summary } from '../../../../src/modules/reports/contract.ts';
import { queryOf } from '../asking.ts';
import { split, valuesOf } from '../slow.ts';
import { type Check, chosen, forAny } from './check.ts';
import { expectFigures, expectSplit } from './figures.ts';

/** It sums up what a slow calculation finds, and why it changed. */
export const summary: Check = ({ ask, views, selections }) =>
  forAny([selections], async (by) => {
    const answer = await ask<Summary>('summary', queryOf(by, { compare: 'previous' }));
    const now = chosen(views, by);
    const length = Date.parse(by.to) - Date.parse(by.from);
    const before = chosen(views, {
      ...by,
      from: new Date(Date.parse(by.from) - length).toISOString(),
      to: by.from,
    });
    expect(answer).toMatchObject({ selection: by, views: now.length, before: { views: before.length } });
    expect(answer.sessions).toBe(new Set(now.map(({ session }) => session).filter((id) => id !== '')).size);
    expect(answer.source.hasGenerated).toBe([...now, ...before].some(({ isGenerated }) => isGenerated));
    for (const [index, id] of VITAL_IDS.entries()) {
      expectFigures(answer.vitals[index], now, id, by.percentile);
      expectFigures(answer.before?.vitals[index], before, id, by.percentile);
      const change = answer.changes?.[index] ?? null;
      const enough = [now, before].every((side) => valuesOf(side, id).length >= ENOUGH_TO_RATE);
      if (!enough) expect(change).toBeNull();
      else
        expectSplit(
          change,
          split(now, before, id, ({ dimensions }) => dimensions['device'] ?? ''),
        );
    }
    const core = answer.vitals.filter(({ vital }) => ['lcp', 'inp', 'cls'].includes(vital));
    expect(answer.passes).toBe(
      core.some(({ rating }) => rating === null) ? null : core.every(({ rating }) => rating === 'good'),
    );
    // Without a comparison the same figures are counted in another way.
    const plain = await ask<Summary>('summary', queryOf(by));
    expect(plain).toMatchObject({
      views: answer.views,
      sessions: answer.sessions,
      passes: answer.passes,
      vitals: answer.vitals,
      before: null,
      changes: null,
    });
    expect(plain.source.hasGenerated).toBe(now.some(({ isGenerated }) => isGenerated));
  });
