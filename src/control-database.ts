import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '#config';
import { type Database, openDatabase } from '#database';
import { gatewayTables } from '#gateway/admin';
import { moduleTables } from './modules.ts';

/**
 * Opens the control database of a configuration, with the tables of everybody who keeps something there: the server and the commands
 * that change it open the same one. Errors: as `openDatabase`.
 */
export const openControlDatabase = async (config: Config): Promise<Database> => {
  const dataDir = resolve(config.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  return openDatabase({
    url: config.database.url,
    path: join(dataDir, 'control.sqlite'),
    migrations: [...gatewayTables, ...moduleTables],
  });
};
