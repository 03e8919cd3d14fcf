import { AppError } from '#core';
import type { TenantId } from '#tenants';

/** What a tenant has in the warehouse, by name. */
export interface TenantTableNames {
  /** One row per beacon. */
  readonly events: string;
  /** One row per site. */
  readonly hostnames: string;
  /** View: one row per page view. */
  readonly pageViews: string;
  /** One narrow row per page view, for reports; made when the tenant has beacons. */
  readonly rollup: string;
  /** Which rows of the roll-up count, hour by hour. */
  readonly rollupHours: string;
  /** Copies of the page views of hours that are not rolled up yet; made when reports are asked for. */
  readonly live: string;
}

/** How the name of every tenant's table of copies ends. */
export const LIVE_SUFFIX = '_rollup_live';

const TENANT_ID = /^[a-z][a-z0-9_]{0,30}$/;

/**
 * The names of a tenant's tables. No two tenants share a name: no suffix ends with another one.
 * The form of the id is looked at again here, because it becomes part of SQL. Throws `WAREHOUSE_TENANT_ID_INVALID`.
 */
export const tableNames = (tenantId: TenantId): TenantTableNames => {
  if (!TENANT_ID.test(tenantId))
    throw new AppError(
      'WAREHOUSE_TENANT_ID_INVALID',
      `naming the tables of a tenant: found ${JSON.stringify(tenantId)}, expected a lower-case letter and up to 30 of a-z, 0-9, _`,
    );
  return {
    events: `${tenantId}_webperf_rum_events`,
    hostnames: `${tenantId}_webperf_rum_hostnames`,
    pageViews: `${tenantId}_page_views`,
    rollup: `${tenantId}_rollup`,
    rollupHours: `${tenantId}_rollup_hours`,
    live: `${tenantId}${LIVE_SUFFIX}`,
  };
};

/**
 * A name as a ClickHouse identifier: in backquotes, with every character that could end or bend it escaped.
 * Throws `WAREHOUSE_IDENTIFIER_INVALID` for an empty name, one of more than 200 characters, or one with a NUL.
 */
export const quoteIdentifier = (name: string): string => {
  if (name === '' || name.length > 200 || name.includes('\0'))
    throw new AppError(
      'WAREHOUSE_IDENTIFIER_INVALID',
      `quoting an identifier: found ${name.length} characters, expected 1 to 200 without NUL`,
    );
  return `\`${escaped(name, '`')}\``;
};

/** A text as a ClickHouse string literal. Values from outside are bound as parameters; this is for DDL, where they cannot be. */
export const quoteText = (text: string): string => `'${escaped(text, "'")}'`;

const escaped = (text: string, quote: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\0');
