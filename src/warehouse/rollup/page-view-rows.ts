import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from '../identifier.ts';
import { narrowPageViewsSelect } from '../narrow-page-views.ts';
import { bucketEdges } from './bucket-sql.ts';
import { ROLLUP_COLUMNS, type RollupColumn, sessionHash, viewHash } from './columns.ts';

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

/**
 * A SELECT (not in parentheses) of page views as rows of the roll-up with these columns, made from their beacons. `pages` is the
 * SELECT of the page views.
 */
export const pageViewRows = (
  tenantId: TenantId,
  { where, having, sessions = where, except }: PageViewRows,
  columns: readonly RollupColumn[] = ROLLUP_COLUMNS,
  pages: string = narrowPageViewsSelect(tenantId, pageColumnsOf(columns), { where, having }),
): string => {
  const texts = columns.map(({ name, from }) => `${from} AS ${name}`).join(', ');
  const named = [
    bucketEdges(texts),
    texts.includes('_continued') ? [continuedSessions(tenantId, sessions)] : [],
  ].flat();
  return `${named.length === 0 ? '' : `WITH ${named.join(', ')} `}SELECT ${texts} FROM (${pages}) AS page${
    except === undefined ? '' : ` WHERE ${viewHash('page', 'started_at')} NOT IN ${except}`
  }`;
};

const continuedSessions = (tenantId: TenantId, sessions: string): string =>
  `_continued AS (
    SELECT ${sessionHash('beacon')} AS session FROM ${quoteIdentifier(tableNames(tenantId).events)} AS beacon
    WHERE (${sessions}) AND session_length > 1
  )`;

/** Columns of a page view that these are made of, and its begin. */
const pageColumnsOf = (columns: readonly RollupColumn[]): readonly string[] => {
  const texts = columns.map(({ from }) => from).join(' ');
  return [...new Set(['started_at', ...[...texts.matchAll(/\bpage\.(\w+)/g)].map(([, name = '']) => name)])];
};
