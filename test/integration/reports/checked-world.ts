import { createManualClock } from '#core';
import type { Tenant, TenantId } from '#tenants';
import { type EventRow, tableNames, viewHash, type ViewsOptions } from '#warehouse';
import { readRolledHours } from '../../../src/warehouse/rollup/hour-records.ts';
import { openLiveTable } from '../../../src/warehouse/rollup/live-table.ts';
import type { RollupWorld } from '../../support/rollup-world.ts';
import { asker, storeBeacons } from './asking.ts';
import type { Checked } from './checks/check.ts';
import { selectionsOf } from './selections.ts';
import { type StitchedView, stitch } from './slow-views.ts';

/** What is stored of a tenant and how. */
export interface CheckedOptions {
  readonly tenant: Tenant;
  readonly rows: readonly EventRow[];
  readonly sites: readonly string[];
  readonly begin: number;
  readonly end: number;
  /** Rolled up as far as this (epoch ms); without it everything is read from beacons. */
  readonly rolledUpAt?: number;
  /** Is the rest read from a copy? */
  readonly isCopied?: boolean;
}

/** Stores a tenant's beacons in the warehouse, for checks of its reports. */
export const storeChecked = async (world: RollupWorld, options: CheckedOptions): Promise<Checked> => {
  const { tenant, rows, sites, begin, end, rolledUpAt, isCopied = false } = options;
  await storeBeacons(world, tenant.id, rows);
  if (rolledUpAt !== undefined)
    await world.settle(world.rollup(tenant, createManualClock(rolledUpAt)), tenant);
  const seen = await noteHostnames(world, tenant.id, sites, end);
  const views = stitch(rows);
  const hashes = await hashesOf(world, tenant.id);
  const idOf = (row: Pick<EventRow, 'hostname' | 'session_id' | 'page_id'>, at: number): string =>
    `${Math.floor(at / 1_000).toString(36)}-${hashes.get(keyOf(row, at))?.toString(36)}`;
  const stitched = new Set(views.flatMap((view) => view.rows));
  const copies = isCopied ? await makeCopy(world, tenant.id) : undefined;
  return {
    ask: asker(world, tenant.id, end, sites, copies),
    askAt: (now) => asker(world, tenant.id, now, sites, copies),
    views,
    selections: selectionsOf({ views, sites, begin, end }),
    sites,
    seen,
    ids: new Map(
      views.map((view) => [view, idOf(view.described, view.startedAt)] as const),
    ) satisfies ReadonlyMap<StitchedView, string>,
    noViews: rows.filter((row) => !stitched.has(row)).map((row) => idOf(row, row.received_at)),
  };
};

/** A copy of what is not rolled up, which is read from now on. */
const makeCopy = async (
  { client }: RollupWorld,
  tenant: TenantId,
): Promise<NonNullable<ViewsOptions['copies']>> => {
  const rolled = await readRolledHours(client, tenant);
  if (rolled === null) throw new Error('nothing is rolled up');
  const table = openLiveTable(client);
  const { id } = await table.begin(tenant, rolled);
  await table.store(tenant, id, rolled);
  return { find: () => id };
};

/** As the loader notes host names: twice for one, and one that has no page view; the last of `sites` is not noted yet. */
const noteHostnames = async (
  { run }: RollupWorld,
  tenant: TenantId,
  sites: readonly string[],
  end: number,
): Promise<ReadonlyMap<string, string>> => {
  const noted = [...sites.slice(0, -1), 'seen-long-ago.example'].map(
    (hostname, index) => [hostname, end - index * 60_000] as const,
  );
  const values = [[sites[0] ?? '', end - 86_400_000] as const, ...noted].map(
    ([hostname, at]) => `('${hostname}', '${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}')`,
  );
  await run(`INSERT INTO ${tableNames(tenant).hostnames} VALUES ${values.join(', ')}`);
  return new Map(noted.map(([hostname, at]) => [hostname, new Date(at).toISOString()]));
};

/** The second part of an id is for those who read it only a number: the warehouse says which. */
const hashesOf = async (world: RollupWorld, tenant: TenantId): Promise<ReadonlyMap<string, bigint>> => {
  const rows = await world.rows<Hashed>(
    `SELECT DISTINCT hostname, session_id, page_id, if(page_id = '', toUnixTimestamp64Milli(received_at), 0) AS at,
      toString(${viewHash('beacon', 'received_at')}) AS hash FROM ${tableNames(tenant).events} AS beacon`,
  );
  return new Map(rows.map((row) => [keyOf(row, row.at), BigInt(row.hash)]));
};

interface Hashed {
  readonly hostname: string;
  readonly session_id: string;
  readonly page_id: string;
  readonly at: number;
  readonly hash: string;
}

const keyOf = (
  { hostname, session_id, page_id }: Pick<EventRow, 'hostname' | 'session_id' | 'page_id'>,
  at: number,
): string => JSON.stringify([hostname, session_id, page_id, ...(page_id === '' ? [at] : [])]);
