import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from '../identifier.ts';
import { pageViewsSelect } from '../page-views.ts';
import { BUCKET_EDGES } from './bucket-sql.ts';
import { ROLLUP_COLUMNS, sessionHash, viewHash } from './columns.ts';

/** Which page views. Conditions are SQL of our own making. */
export interface PageViewRows {
  /** On the beacons. */
  readonly where: string;
  /** On the page views. */
  readonly having: string;
  /** On the beacons whose sessions tell a bounce from a session that goes on. Default: `where`. */
  readonly sessions?: string;
  /** A sub-select of hashes of views that are left out. Default: none. */
  readonly except?: string;
}

/** A SELECT (not in parentheses) of page views as rows of the roll-up, made from their beacons. */
export const pageViewRows = (
  tenantId: TenantId,
  { where, having, sessions = where, except }: PageViewRows,
): string =>
  `WITH ${BUCKET_EDGES}, _continued AS (
    SELECT ${sessionHash('beacon')} AS session FROM ${quoteIdentifier(tableNames(tenantId).events)} AS beacon
    WHERE (${sessions}) AND session_length > 1
  )
  SELECT ${ROLLUP_COLUMNS.map(({ name, from }) => `${from} AS ${name}`).join(', ')}
  FROM (${pageViewsSelect(tenantId, { where, having })}) AS page${
    except === undefined ? '' : ` WHERE ${viewHash('page', 'started_at')} NOT IN ${except}`
  }`;
