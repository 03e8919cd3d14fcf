import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readFile, rm, stat, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { Command } from 'commander';
import { type Config, listSettings } from '#config';
import { errorCode, errorText } from '#core';
import { isExpired, parseUsersMap, problemText } from '#tenants';

/** What the command needs of the program. */
export interface DoctorContext {
  /** Errors: `CONFIG_INVALID`, which the doctor reports as a finding. */
  readonly config: () => Config;
  readonly out: (text: string) => void;
  readonly now: () => number;
  /** Makes the process end with code 1. */
  readonly fail: () => void;
}

/** One thing that was looked at. `hint` says what to do about it. */
interface Finding {
  readonly state: 'good' | 'note' | 'bad';
  readonly what: string;
  readonly found: string;
  readonly hint?: string;
}

const MARKS = { good: '✓ ok  ', note: '! note', bad: '✗ bad ' } as const;
const OLDEST_NODE = 24;
const LEAST_FREE_BYTES = 1024 ** 3;
const SLOW_SYNC_MS = 10;

/** Adds `rumbrella doctor`: looks at everything that a start needs, without starting. */
export const addDoctorCommand = (program: Command, { config, out, now, fail }: DoctorContext): void => {
  program
    .command('doctor')
    .description('check this set-up: configuration, users map, data folder, disk, port, ClickHouse')
    .option(
      '--settings',
      'list every key of the configuration with its environment variable, meaning and default',
    )
    .action(async (options: { settings?: boolean }) => {
      if (options.settings === true) return out(settingsText());
      const findings = await examine(config, now());
      out(`${findings.map(findingText).join('\n')}\n`);
      const bad = findings.filter(({ state }) => state === 'bad').length;
      out(bad === 0 ? '\nready to start: rumbrella serve\n' : `\n${bad} to repair before a start\n`);
      if (bad > 0) fail();
    });
};

const findingText = ({ state, what, found, hint }: Finding): string =>
  `${MARKS[state]}  ${what.padEnd(18)} ${found}${hint === undefined ? '' : `\n${' '.repeat(27)}→ ${hint}`}`;

const examine = async (config: () => Config, now: number): Promise<readonly Finding[]> => {
  const node = examineNode();
  let settings: Config;
  try {
    settings = config();
  } catch (error) {
    return [node, { state: 'bad', what: 'configuration', found: errorText(error) }];
  }
  const dataDir = resolve(settings.dataDir);
  return [
    node,
    { state: 'good', what: 'configuration', found: `${listSettings().length} keys are valid` },
    await examineUsersMap(resolve(settings.usersMap), settings.demo, now),
    await examineFolder(dataDir),
    await examineDisk(dataDir),
    await examinePort(settings),
    await examineWarehouse(settings),
    ...(await examineFiles(settings)),
  ];
};

const examineNode = (): Finding => {
  const found = `Node ${process.versions.node}`;
  const isOld = Number.parseInt(process.versions.node, 10) < OLDEST_NODE;
  return isOld
    ? { state: 'bad', what: 'runtime', found, hint: `Node ${OLDEST_NODE} or later is needed` }
    : { state: 'good', what: 'runtime', found };
};

const examineUsersMap = async (path: string, demo: boolean, now: number): Promise<Finding> => {
  const what = 'users map';
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && demo)
      return {
        state: 'note',
        what,
        found: `${path} is not there`,
        hint: 'the first start writes one with the demo organizations',
      };
    return { state: 'bad', what, found: errorText(error), hint: 'rumbrella tenants add PREFIX makes one' };
  }
  const { tenants, relations, problems } = parseUsersMap(text);
  const [problem] = problems;
  if (problem !== undefined) {
    return {
      state: 'bad',
      what,
      found: `${problemText(problem)} (${problems.length} in all)`,
      hint: 'rumbrella tenants check lists all of them',
    };
  }
  const expired = tenants.filter((tenant) => isExpired(tenant, now)).length;
  return {
    state: 'good',
    what,
    found: `${tenants.length} tenants (${expired} expired), ${relations.length} relations`,
  };
};

const examineFolder = async (folder: string): Promise<Finding> => {
  const what = 'data folder';
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
    const { mode } = await stat(folder);
    const isOpen = (mode & 0o077) !== 0;
    return isOpen
      ? { state: 'note', what, found: `${folder} can be entered by others`, hint: `chmod 700 ${folder}` }
      : { state: 'good', what, found: folder };
  } catch (error) {
    return {
      state: 'bad',
      what,
      found: errorText(error),
      hint: 'choose another one with RUMBRELLA_DATA_DIR',
    };
  }
};

/** Room, and how long a small durable write takes: each answer of the collector waits for one. */
const examineDisk = async (folder: string): Promise<Finding> => {
  const what = 'disk';
  const path = join(folder, `.doctor-${randomBytes(4).toString('hex')}`);
  try {
    const { bavail, bsize } = await statfs(folder);
    const file = await open(path, 'wx', 0o600);
    const begun = performance.now();
    for (let write = 0; write < 10; write += 1) {
      await file.write(Buffer.alloc(4_096));
      await file.datasync();
    }
    const syncMs = (performance.now() - begun) / 10;
    await file.close();
    const found = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free, a durable write takes ${syncMs.toFixed(1)} ms`;
    if (bavail * bsize < LEAST_FREE_BYTES)
      return { state: 'bad', what, found, hint: 'less than 1 GiB is left' };
    if (syncMs > SLOW_SYNC_MS)
      return {
        state: 'note',
        what,
        found,
        hint: 'slow: answers wait for it; journal.sync: interval trades safety for speed',
      };
    return { state: 'good', what, found };
  } catch (error) {
    return { state: 'bad', what, found: errorText(error) };
  } finally {
    await rm(path, { force: true });
  }
};

const examinePort = async ({ port, tls }: Config): Promise<Finding> => {
  const what = 'port';
  if (port === 0) return { state: 'good', what, found: 'any free one' };
  try {
    const scheme = tls.mode === 'off' ? 'http' : 'https';
    const answer = await fetch(`${scheme}://localhost:${port}/health`, {
      signal: AbortSignal.timeout(2_000),
    });
    const isOurs = (await answer.text()) === 'ok';
    return isOurs
      ? { state: 'note', what, found: `a collector is running on ${port}` }
      : {
          state: 'bad',
          what,
          found: `something else answers on ${port}`,
          hint: 'choose another one with RUMBRELLA_PORT',
        };
  } catch {
    return { state: 'good', what, found: `${port} is free` };
  }
};

const examineWarehouse = async ({ clickhouse }: Config): Promise<Finding> => {
  const what = 'warehouse';
  if (clickhouse.url === '') {
    try {
      import.meta.resolve('chdb');
      return { state: 'good', what, found: 'embedded ClickHouse' };
    } catch (error) {
      return {
        state: 'bad',
        what,
        found: `the embedded ClickHouse is not installed: ${errorText(error)}`,
        hint: 'npm ci, or RUMBRELLA_CLICKHOUSE_URL',
      };
    }
  }
  const { url, username, password, database } = clickhouse;
  const client = createClient({ url, username, password, database, request_timeout: 5_000 });
  try {
    const result = await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
    const [row] = await result.json<{ version: string }>();
    return { state: 'good', what, found: `ClickHouse ${row?.version} at ${url}` };
  } catch (error) {
    return {
      state: 'bad',
      what,
      found: `${url}: ${errorText(error)}`,
      hint: 'beacons are kept in the journal until it answers',
    };
  } finally {
    await client.close();
  }
};

const examineFiles = async ({ tls, loader }: Config): Promise<readonly Finding[]> => {
  const files = [
    ...(tls.mode === 'file'
      ? ([
          ['certificate', tls.certFile],
          ['key', tls.keyFile],
        ] as const)
      : []),
    ...(loader.geoDatabase === '' || loader.geoDatabase === 'off'
      ? []
      : ([['geo database', loader.geoDatabase]] as const)),
  ];
  return Promise.all(
    files.map(async ([what, path]): Promise<Finding> => {
      try {
        await access(path, constants.R_OK);
        return { state: 'good', what, found: path };
      } catch (error) {
        return { state: 'bad', what, found: errorText(error) };
      }
    }),
  );
};

const settingsText = (): string =>
  listSettings()
    .map(
      ({ path, env, description, defaultValue }) =>
        `${path}\n    ${env}, default ${JSON.stringify(defaultValue)}\n${description === '' ? '' : `    ${description}\n`}`,
    )
    .join('');
