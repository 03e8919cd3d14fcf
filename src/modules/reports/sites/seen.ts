import { type OwnAccess, readOwn } from '../own-tables.ts';

/**
 * The tenant's host names that sent beacons, and when the last one came (ISO 8601, up to a minute early). Those of the users map that never sent
 * any are not among them. Errors: as `views.read`.
 */
export const readSeen = async (access: OwnAccess): Promise<ReadonlyMap<string, string>> => {
  const rows = await readOwn<readonly [hostname: string, seen: number]>(
    access,
    ({ hostnames }) =>
      `SELECT hostname, toUnixTimestamp64Milli(max(updated_at)) FROM ${hostnames} GROUP BY hostname`,
    {},
  );
  return new Map(rows.map(([hostname, seen]) => [hostname, new Date(seen).toISOString()]));
};
