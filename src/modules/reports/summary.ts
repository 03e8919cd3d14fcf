import { merge, type VitalId, VITAL_IDS } from '#vitals';
import { countBuckets } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { Selection, Summary } from './contract.ts';
import type { BucketCounts } from './counted-table.ts';
import { FIGURE_COLUMNS, figureCells } from './export-rows.ts';
import { figuresOf, passesOf } from './figures.ts';
import { oneOf } from './parameters.ts';
import { report } from './report.ts';
import { during, periodBefore, periodOf, select, SELECTION_PARAMETERS } from './selection.ts';
import { SUMMARY_TABLES } from './tables/figures.ts';
import type { TenantViews } from './tenant-views.ts';
import { byValue, DEVICES } from './top-values.ts';
import { changeOf, type VitalGroups } from './vital-changes.ts';

/** `GET /reports/summary` */
export const summaryReport = report({
  path: '/reports/summary',
  permission: 'reports.get',
  description: 'The vitals of the selected page views; with compare=previous also how they changed, and why',
  parameters: { ...SELECTION_PARAMETERS, compare: oneOf(['previous']).optional() },
  answer: async (asked): Promise<Summary> => {
    const { views } = asked;
    const selection = await select(asked);
    const isCompared = asked.parameters.compare === 'previous';
    const [counts, sessions] = await Promise.all([
      countSides(views, selection, isCompared),
      countSessions(views, selection),
    ]);
    const now = sideOf(counts, AFTER, selection.percentile);
    return {
      selection,
      ...now,
      sessions,
      passes: passesOf(now.vitals),
      before: isCompared ? sideOf(counts, BEFORE, selection.percentile) : null,
      changes: isCompared
        ? VITAL_IDS.map((vital) =>
            changeOf(vital, groupsOf(counts, AFTER, vital), groupsOf(counts, BEFORE, vital), 'device'),
          )
        : null,
      source: views.source(counts.hasGenerated),
    };
  },
  columns: { vital: 'text', ...FIGURE_COLUMNS, views: 'whole', sessions: 'whole', passes: 'flag' },
  rows: ({ vitals, views, sessions, passes }) =>
    vitals.map((each) => ({ vital: each.vital, ...figureCells(each), views, sessions, passes })),
  tables: SUMMARY_TABLES,
});

const [AFTER, BEFORE] = [0, 1];
const KINDS = DEVICES.length + 1;

/** One number for side and device, so that figures and the reasons of their change come from the same counts. */
const countSides = (views: TenantViews, selection: Selection, isCompared: boolean): Promise<BucketCounts> => {
  const period = periodOf(selection);
  const counting = { columns: VITAL_IDS };
  if (!isCompared) return countBuckets(views, { ...counting, period, where: conditionOf(selection) });
  const both = { from: periodBefore(period).from, to: period.to };
  const kinds = byValue('device', DEVICES);
  return countBuckets(views, {
    ...counting,
    period: both,
    where: conditionOf(during(selection, both)),
    grouping: {
      sql: `if(started_at < toDateTime({begin:UInt32}, 'UTC'), ${BEFORE * KINDS}, ${AFTER * KINDS}) + ${kinds.sql}`,
      groups: 2 * KINDS,
      parameters: { begin: period.from / 1_000, ...kinds.parameters },
    },
  });
};

/** Sessions with page views of the selection: exact as far as 65,536, beyond within about 0.5 %. By a statement of its own: beside the counts they would be counted for each of their columns. */
const countSessions = async (views: TenantViews, selection: Selection): Promise<number> => {
  const { sql, parameters } = conditionOf(selection);
  const rows = await views.read<readonly [sessions: number]>(
    [periodOf(selection)],
    (from) => `SELECT uniqIf(session, session != 0) FROM ${from} WHERE ${sql}`,
    parameters,
  );
  return rows[0]?.[0] ?? 0;
};

const kindsOf = (counts: BucketCounts, side: number): readonly number[] =>
  counts.groups.filter((group) => Math.floor(group / KINDS) === side);

const sideOf = (counts: BucketCounts, side: number, percentile: number) => {
  const groups = kindsOf(counts, side);
  const views = counts.views(...groups);
  return {
    views,
    vitals: VITAL_IDS.map((vital) =>
      figuresOf(vital, merge(...groups.map((group) => counts.distribution(vital, group))), views, percentile),
    ),
  };
};

const groupsOf = (counts: BucketCounts, side: number, vital: VitalId): VitalGroups =>
  new Map(kindsOf(counts, side).map((group) => [group % KINDS, counts.distribution(vital, group)]));
