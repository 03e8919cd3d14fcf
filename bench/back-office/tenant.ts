import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLog, systemClock } from '#core';
import type { TenantId } from '#tenants';
import { openWarehouse } from '#warehouse';
import { createMigrator } from '../../src/warehouse/migrator.ts';
import { PASSWORD } from '../../test/support/back-office.ts';
import { fillRollup } from '../reports/fill-rollup.ts';

/** The organization, and the name of its only account. */
export const TENANT = 'bench';

/** Over so many days its page views are spread. */
export const DAYS = 28;
const HOUR_MS = 3_600_000;
const launcher = fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url));

/** How its beacons are told from those of others. */
export const TRACE = randomUUID();

/**
 * Makes what a server that is started in `folder` finds there: an organization with so many page views in 28 days, and somebody who may
 * look at them. Resolves to the seconds that the filling took.
 */
export const makeTenant = async (folder: string, views: number): Promise<number> => {
  await writeFile(
    join(folder, 'users-map.yaml'),
    `- user: { prefix: ${TENANT}, name: Bench Shop, brum_trace: ${TRACE}, expire: 2099-01-01 }\n`,
  );
  await addAccount(folder);
  // The server lets nobody write SQL, so its engine is filled before it runs.
  const warehouse = await openWarehouse({
    url: '',
    username: 'default',
    password: '',
    database: 'default',
    cluster: '',
    dataDir: join(folder, 'data'),
    memoryBytes: 671_088_640,
    threads: 2,
    log: silentLog,
  });
  try {
    const { client } = warehouse;
    await createMigrator({
      client,
      layout: { kind: 'server' },
      clock: systemClock,
      log: silentLog,
      parallel: 1,
    }).migrate([TENANT as TenantId]);
    return await fillRollup((query) => client.command({ query }), {
      tenant: TENANT,
      views,
      days: DAYS,
      edgeHour: Math.floor(Date.now() / HOUR_MS) - 1,
    });
  } finally {
    await warehouse.stop();
  }
};

const addAccount = (folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const args = [launcher, 'accounts', 'add', TENANT, TENANT, '--role', 'administrator', '--password-stdin'];
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
    const child = execFile(process.execPath, args, { cwd: folder, env }, (error) =>
      error === null ? resolve() : reject(error),
    );
    child.stdin?.end(PASSWORD);
  });
