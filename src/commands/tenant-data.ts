import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '#config';
import { AppError, silentLog } from '#core';
import { parseUsersMap, prefixProblem, readMapFile, type TenantId } from '#tenants';
import {
  dropTenantData,
  layoutOf,
  openWarehouse,
  quoteIdentifier,
  tableNames,
  type Warehouse,
} from '#warehouse';

/** What the commands need of the program. */
export interface TenantDataContext {
  readonly config: () => Config;
  /** Writes text to standard output, as it is. */
  readonly out: (text: string) => void;
}

/** Longer than the engine of a process that was killed keeps its data open. */
const ENGINE_PATIENCE_MS = 30_000;
/** Ends of the names that front_basicrum_go gives its tables, behind its `BRUM_DATABASE_TABLE_PREFIX`. */
const PEER_TABLES = ['webperf_rum_events', 'webperf_rum_hostnames'] as const;

/** Adds `tenants purge|adopt`: what is done to an organization's tables by hand. */
export const addTenantDataCommands = (tenants: Command, context: TenantDataContext): void => {
  addPurge(tenants, context);
  addAdopt(tenants, context);
};

const addPurge = (tenants: Command, { config, out }: TenantDataContext): void => {
  tenants
    .command('purge')
    .argument('<prefix>')
    .description('delete the tables of an organization that is no longer in the users map, for good')
    .option('--archive', 'its backup folder, too')
    .option('--yes', 'do it; without it, what would be deleted is shown')
    .addHelpText(
      'after',
      `
Users, permissions and notes of the organization stay in the control database.

Examples:
  $ rumbrella tenants remove fashion_bg --yes
  $ rumbrella tenants purge fashion_bg
  $ rumbrella tenants purge fashion_bg --archive --yes`,
    )
    .action(async (prefix: string, options: { archive?: true; yes?: true }) => {
      const settings = config();
      const tenant = checkedTenant(prefix);
      await refuseKnown(settings.usersMap, prefix);
      await withWarehouse(settings, async (warehouse) => {
        const { events } = tableNames(tenant);
        const rows = await countRows(warehouse, events);
        const folder = join(resolve(settings.dataDir), 'archive', prefix);
        const what = `${rows ?? 'no'} rows of ${events}${options.archive === true ? ` and the folder ${folder}` : ''}`;
        if (options.yes !== true) {
          out(`would delete ${what}; add --yes to do it\n`);
          return;
        }
        await dropTenantData(warehouse.client, tenant, layoutOf(settings.clickhouse.cluster));
        if (options.archive === true) await rm(folder, { recursive: true, force: true });
        out(`deleted ${what}\n`);
      });
    });
};

const addAdopt = (tenants: Command, { config, out }: TenantDataContext): void => {
  tenants
    .command('adopt')
    .argument('<prefix>', 'the organization that the rows belong to')
    .description(
      'give tables that front_basicrum_go made without a prefix, or with another one, to an organization',
    )
    .option('--from <text>', 'their BRUM_DATABASE_TABLE_PREFIX; default: none', '')
    .addHelpText(
      'after',
      `
The tables are renamed, no row is copied. The next start adds the columns that are missing; tables with the prefix
of an organization and an underscore need no command.

Examples:
  $ rumbrella tenants adopt fashion_bg
  $ rumbrella tenants adopt fashion_bg --from old_`,
    )
    .action(async (prefix: string, options: { from: string }) => {
      const settings = config();
      const { events, hostnames } = tableNames(checkedTenant(prefix));
      if (!/^[A-Za-z0-9_]{0,64}$/.test(options.from))
        throw new AppError(
          'TENANTS_USAGE',
          `reading --from, found ${JSON.stringify(options.from)}, expected letters, digits and underscores`,
        );
      await withWarehouse(settings, async (warehouse) => {
        const [from, hosts] = PEER_TABLES.map((name) => `${options.from}${name}`) as [string, string];
        const rows = await countRows(warehouse, from);
        if (rows === null) throw new AppError('TENANTS_USAGE', `there is no table ${from} to adopt`);
        if ((await countRows(warehouse, events)) !== null)
          throw new AppError(
            'TENANTS_USAGE',
            `${events} is there already: two tables cannot become one by a new name`,
          );
        await rename(warehouse, from, events);
        // The Go peer's list of host names is small and made again from beacons; an organization may have one already.
        if ((await countRows(warehouse, hosts)) !== null && (await countRows(warehouse, hostnames)) === null)
          await rename(warehouse, hosts, hostnames);
        out(
          `${from} is ${events} now, with ${rows} rows; the next start adds the columns that are missing\n`,
        );
      });
    });
};

const rename = async (warehouse: Warehouse, from: string, to: string): Promise<void> => {
  await warehouse.client.command({
    query: `RENAME TABLE ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`,
  });
};

/** Rows of a table; null: there is none of this name. */
const countRows = async ({ client }: Warehouse, table: string): Promise<number | null> => {
  const known = await client.query({
    query: 'SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = {name:String}',
    query_params: { name: table },
    format: 'JSONCompactEachRow',
  });
  if ((await known.json()).length === 0) return null;
  const counted = await client.query({
    query: `SELECT count() FROM ${quoteIdentifier(table)}`,
    format: 'JSONCompactEachRow',
  });
  return Number((await counted.json<[string]>())[0]?.[0] ?? 0);
};

const withWarehouse = async (
  { clickhouse, dataDir }: Config,
  use: (warehouse: Warehouse) => Promise<void>,
): Promise<void> => {
  const warehouse = await openWarehouse({
    ...clickhouse,
    dataDir,
    memoryBytes: clickhouse.engineMemoryBytes,
    threads: clickhouse.engineThreads,
    log: silentLog,
    patienceMs: ENGINE_PATIENCE_MS,
  });
  try {
    await use(warehouse);
  } finally {
    await warehouse.stop();
  }
};

const checkedTenant = (prefix: string): TenantId => {
  const problem = prefixProblem(prefix);
  if (problem !== null)
    throw new AppError('TENANTS_USAGE', `found the prefix ${prefix}, expected ${problem}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a prefix without a problem is an id
  return prefix as TenantId;
};

/** Beacons of an organization in the map would fill the tables again, and the back office would show it empty meanwhile. */
const refuseKnown = async (usersMap: string, prefix: string): Promise<void> => {
  const { tenants } = parseUsersMap((await readMapFile(usersMap)).bytes);
  if (tenants.some(({ id }) => id === prefix))
    throw new AppError('TENANTS_USAGE', `${prefix} is in ${usersMap}, so nothing of it was deleted`, {
      hint: `rumbrella tenants remove ${prefix} --yes`,
    });
};
