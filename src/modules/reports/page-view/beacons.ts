import { errorCode } from '#core';
import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from '#warehouse';
import type { TenantViews } from '../tenant-views.ts';

/** The tenant whose beacons are read, and the one way to read them. */
export interface BeaconAccess {
  readonly tenant: TenantId;
  readonly views: TenantViews;
}

/** ClickHouse's number for a table that is not there. */
const UNKNOWN_TABLE = '60';

/**
 * Reads the tenant's own events table, which `statement` gets as an identifier; no rows when the tenant has no table yet. Beacons know nothing of
 * a locked selection: an answer may show only beacons of page views that were found through `views.read`. Errors: as `views.read`.
 */
export const readBeacons = async <Row extends readonly unknown[]>(
  { tenant, views }: BeaconAccess,
  statement: (table: string) => string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<readonly Row[]> => {
  try {
    return await views.read<Row>([], () => statement(quoteIdentifier(tableNames(tenant).events)), parameters);
  } catch (error) {
    if (error instanceof Error && errorCode(error.cause) === UNKNOWN_TABLE) return [];
    throw error;
  }
};
