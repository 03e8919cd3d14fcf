import { errorCode } from '#core';
import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from '#warehouse';
import type { TenantViews } from './tenant-views.ts';

/** The tenant whose tables are read, and the one way to read them. */
export interface OwnAccess {
  readonly tenant: TenantId;
  readonly views: TenantViews;
}

/** Names of the tenant's own tables, as identifiers. */
export interface OwnTables {
  readonly events: string;
  readonly hostnames: string;
}

/** ClickHouse's number for a table that is not there. */
const UNKNOWN_TABLE = '60';

/**
 * Reads the tenant's own tables besides its page views; no rows when it has no tables yet. They know nothing of a locked selection, so an answer
 * shows of them only what belongs to page views that were found through `views.read` with a period. Errors: as `views.read`.
 */
export const readOwn = async <Row extends readonly unknown[]>(
  { tenant, views }: OwnAccess,
  statement: (tables: OwnTables) => string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<readonly Row[]> => {
  try {
    return await views.read<Row>([], () => statement(ownTables(tenant)), parameters);
  } catch (error) {
    return nothingWithoutTable(error);
  }
};

/** The names of the tenant's own tables. */
export const ownTables = (tenant: TenantId): OwnTables => {
  const { events, hostnames } = tableNames(tenant);
  return { events: quoteIdentifier(events), hostnames: quoteIdentifier(hostnames) };
};

/** No rows for the error of `views.read` that says that there is no such table; every other one is thrown again. */
export const nothingWithoutTable = (error: unknown): readonly never[] => {
  if (error instanceof Error && errorCode(error.cause) === UNKNOWN_TABLE) return [];
  throw error;
};
