import { type OwnAccess, readOwn } from '../own-tables.ts';

/**
 * The tenant's host names that sent beacons, and when the last one came (ISO 8601, up to a minute early). Those of the users map that never sent
 * any are not among them. Of an account that is held to a part of the page views only its site is told. Errors: as `views.read`.
 */
export const readSeen = async (access: OwnAccess): Promise<ReadonlyMap<string, string>> => {
  const rows = await readOwn<readonly [hostname: string, seen: number]>(
    access,
    ({ hostnames }) =>
      `SELECT hostname, toUnixTimestamp64Milli(max(updated_at)) FROM ${hostnames} GROUP BY hostname`,
    {},
  );
  const site = access.views.lock?.site ?? null;
  return new Map(
    rows
      .filter(([hostname]) => site === null || hostname === site)
      .map(([hostname, seen]) => [hostname, new Date(seen).toISOString()]),
  );
};
