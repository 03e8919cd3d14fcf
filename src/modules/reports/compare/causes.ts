import { conditionOf } from '../condition.ts';
import type { CausesAnswer, ComparedCount, Selection } from '../contract.ts';
import { report } from '../report.ts';
import { periodOf, SELECTION_PARAMETERS } from '../selection.ts';
import { CAUSE_COLUMNS, causeRows, CAUSES_TABLES } from '../tables/figures.ts';
import type { TenantViews } from '../tenant-views.ts';
import { likelyCauses } from './likely-causes.ts';
import { OTHER_SIDE_PARAMETERS, selectSides } from './sides.ts';

/** `GET /reports/causes` */
export const causesReport = report({
  path: '/reports/causes',
  permission: 'reports.get',
  description:
    'The likely causes of a comparison alone: by which dimensions the page views of two selections differ. Without b. the other one is the period before',
  parameters: { ...SELECTION_PARAMETERS, ...OTHER_SIDE_PARAMETERS },
  answer: async (asked): Promise<CausesAnswer> => {
    const { views } = asked;
    const [a, b] = await Promise.all(
      (await selectSides(asked)).map((side) => countSide(views, side)) as [
        Promise<CountedSide>,
        Promise<CountedSide>,
      ],
    );
    return {
      a: { selection: a.selection, views: a.views },
      b: { selection: b.selection, views: b.views },
      likelyCauses: await likelyCauses(views, a, b),
      source: views.source(a.hasGenerated || b.hasGenerated),
    };
  },
  columns: CAUSE_COLUMNS,
  rows: ({ likelyCauses: causes }) => causeRows(causes),
  tables: CAUSES_TABLES,
});

interface CountedSide extends ComparedCount {
  readonly hasGenerated: boolean;
}

const countSide = async (views: TenantViews, selection: Selection): Promise<CountedSide> => {
  const { sql, parameters } = conditionOf(selection);
  const rows = await views.read<readonly [count: number, generated: number]>(
    [periodOf(selection)],
    (from) => `SELECT count(), max(is_generated) FROM ${from} WHERE ${sql}`,
    parameters,
  );
  const [count, generated] = rows[0] ?? [0, 0];
  return { selection, views: count, hasGenerated: generated > 0 };
};
