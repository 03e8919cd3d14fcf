import { wholeSiteOf } from '../lock.ts';
import { type OwnAccess, readOwn } from '../own-tables.ts';

/**
 * The tenant's host names that sent beacons, and when the last one came (ISO 8601, up to a minute early). Those of the users map that never sent
 * any are not among them. This is beside the page views, so whoever is held to a part of them is told of a site that he sees whole, and else of none. Errors: as `views.read`.
 */
export const readSeen = async (access: OwnAccess): Promise<ReadonlyMap<string, string>> => {
  const rows = await readOwn<readonly [hostname: string, seen: number]>(
    access,
    ({ hostnames }) =>
      `SELECT hostname, toUnixTimestamp64Milli(max(updated_at)) FROM ${hostnames} GROUP BY hostname`,
    {},
  );
  const { lock } = access.views;
  return new Map(
    rows
      .filter(([hostname]) => lock === null || hostname === wholeSiteOf(lock))
      .map(([hostname, seen]) => [hostname, new Date(seen).toISOString()]),
  );
};
