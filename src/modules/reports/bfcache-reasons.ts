import { PAGE_VIEW_REACH_SECONDS, viewHash } from '#warehouse';
import { conditionOf } from './condition.ts';
import type { BfcacheReasonsAnswer } from './contract.ts';
import { nothingWithoutTable, ownTables } from './own-tables.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';

const MOST = 200;

type Row = readonly [reason: string, views: number, generated: number];

/**
 * `GET /reports/bfcache-reasons`. Boomerang's BFCache plug-in tells them on the load beacon of a page that was gone back to and had to be loaded
 * again: `bfc.nrr`, reasons with commas between, `id-…`, `name-…` or `frame-unknown` for a frame
 * (https://developer.mozilla.org/en-US/docs/Web/API/NotRestoredReasons). Browsers that give objects instead of names come as `[object …]`.
 */
export const bfcacheReasonsReport = report({
  path: '/reports/bfcache-reasons',
  permission: 'reports.get',
  description:
    'Why pages did not come back from the back/forward cache; a page view may have several reasons',
  parameters: SELECTION_PARAMETERS,
  answer: async (asked): Promise<BfcacheReasonsAnswer> => {
    const { tenant, views } = asked;
    const selection = await select(asked);
    const period = periodOf(selection);
    const where = conditionOf(selection);
    const rows = await views
      .read<Row>([period], (from) => statementOf(from, where.sql, ownTables(tenant).events), {
        ...where.parameters,
        beacons_from: period.from / 1_000 - before,
        beacons_to: period.to / 1_000 + after,
      })
      .catch(nothingWithoutTable);
    return {
      selection,
      rows: rows.map(([reason, count]) => ({ reason, views: count })),
      source: views.source(rows.some(([, , generated]) => generated > 0)),
    };
  },
  columns: { reason: 'text', views: 'whole' },
  rows: ({ rows }) => rows,
});

const REASON = "if(startsWith(trimBoth(x), '[object'), 'not named by the browser', trimBoth(x))";
const { before, after } = PAGE_VIEW_REACH_SECONDS;

const statementOf = (
  from: string,
  where: string,
  events: string,
): string => `SELECT reason, count() AS n, max(is_generated) FROM (
    SELECT is_generated,
      arrayJoin(arrayDistinct(arrayFilter(x -> x != '', arrayMap(x -> ${REASON}, splitByChar(',', told))))) AS reason
    FROM (SELECT view, is_generated FROM ${from} WHERE ${where} AND navigation_type = 'back_forward') AS page
    INNER JOIN (
      SELECT ${viewHash('beacon', 'received_at')} AS view, any(other['bfc.nrr']) AS told FROM ${events} AS beacon
      WHERE navigation_type = 'back_forward' AND mapContains(other, 'bfc.nrr')
        AND received_at >= toDateTime64({beacons_from:UInt32}, 3, 'UTC')
        AND received_at < toDateTime64({beacons_to:UInt32}, 3, 'UTC')
      GROUP BY view
    ) AS reasons USING view
  ) GROUP BY reason ORDER BY n DESC, reason LIMIT ${MOST}`;
