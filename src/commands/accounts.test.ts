import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '#config';
import { systemClock } from '#core';
import { type Database, openDatabase } from '#database';
import {
  authtokenTables,
  loginTables,
  openAccounts,
  openCredentials,
  permissionsTables,
  usersTables,
} from '#modules';
import { addAccountsCommands } from './accounts.ts';

let folder: string;
let config: Config;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-accounts-'));
  const usersMap = join(folder, 'users-map.yaml');
  await writeFile(usersMap, '- user: { prefix: college, expire: 2099-01-01 }\n');
  config = loadConfig({ overrides: { users_map: usersMap, data_dir: folder } });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const openTables = (): Promise<Database> =>
  openDatabase({
    url: '',
    path: join(folder, 'control.sqlite'),
    migrations: [...authtokenTables, ...loginTables, ...permissionsTables, ...usersTables],
  });

/** Runs `rumbrella accounts …` and gives what it prints. */
const run = async (args: readonly string[], input = ''): Promise<string> => {
  let printed = '';
  const program = new Command('rumbrella');
  addAccountsCommands(program, {
    config: () => config,
    openDatabase: openTables,
    out: (text) => {
      printed += text;
    },
    readInput: () => Promise.resolve(input),
  });
  await program.parseAsync(['accounts', ...args], { from: 'user' });
  return printed;
};

const inDatabase = async <T>(look: (database: Database) => Promise<T>): Promise<T> => {
  const database = await openTables();
  try {
    return await look(database);
  } finally {
    await database.stop();
  }
};
const isPassword = (username: string, password: string): Promise<boolean> =>
  inDatabase(async (database) => {
    const account = (await openAccounts(database, systemClock).list('college')).find(
      (each) => each.username === username,
    );
    return openCredentials(database, systemClock).check('college', account?.userId, password);
  });

describe('accounts add', () => {
  it('makes a password, shows it once, and it is the right one', async () => {
    const printed = await run(['add', 'college', 'ann', '--administrator']);
    const password = /shown this once: (\S+)/.exec(printed)?.[1] ?? '';
    expect(password.length).toBeGreaterThanOrEqual(16);
    expect(await isPassword('ann', password)).toBe(true);
  });

  it('takes the password of standard input without its line end, and does not repeat it', async () => {
    const printed = await run(['add', 'college', 'ann', '--password-stdin'], 'correct horse\n');
    expect(printed).not.toContain('correct horse');
    expect(await isPassword('ann', 'correct horse')).toBe(true);
  });

  it('gives exactly the permissions that were asked for', async () => {
    await run(['add', 'college', 'bob', '--permission', 'notes.all', '--permission', 'kb-ebsco.all']);
    const [bob] = JSON.parse(await run(['list', 'college', '--json'])) as [{ permissions: string[] }];
    expect(bob.permissions).toEqual(['notes.all', 'kb-ebsco.all']);
  });

  it('gives a role, and the list shows it apart from other permissions', async () => {
    await run(['add', 'college', 'ann', '--role', 'operator', '--permission', 'kb-ebsco.all']);
    const [ann] = JSON.parse(await run(['list', 'college', '--json'])) as [{ permissions: string[] }];
    expect(ann.permissions).toEqual(['role.operator', 'kb-ebsco.all']);
    const line = (await run(['list', 'college'])).split('\n').find((each) => each.includes('ann'));
    expect(line).toMatch(/ann +│ yes +│ operator +│ kb-ebsco\.all/);
  });

  it('says which permissions nobody has announced', async () => {
    const printed = await run(['add', 'college', 'bob', '--permission', 'nots.all']);
    expect(printed).toContain('no module of college has announced nots.all');
  });

  it('refuses a second account of the same name and leaves the first one its password', async () => {
    await run(['add', 'college', 'ann', '--password-stdin'], 'correct horse');
    await expect(run(['add', 'college', 'ann'])).rejects.toMatchObject({ code: 'ACCOUNT_EXISTS' });
    expect(await isPassword('ann', 'correct horse')).toBe(true);
  });

  it('refuses an organization that the users map does not have', async () => {
    await expect(run(['add', 'colleg', 'ann'])).rejects.toMatchObject({ code: 'ACCOUNT_TENANT' });
  });

  it('refuses a short password before anything is written', async () => {
    await expect(run(['add', 'college', 'ann', '--password-stdin'], 'short')).rejects.toMatchObject({
      code: 'ACCOUNT_INVALID',
    });
    expect(await run(['list', 'college', '--json'])).toBe('[]\n');
  });
});

describe('accounts password', () => {
  it('replaces the password and voids the tokens of before', async () => {
    await run(['add', 'college', 'ann', '--password-stdin'], 'correct horse');
    await run(['password', 'college', 'ann', '--password-stdin'], 'battery staple');
    expect(await isPassword('ann', 'correct horse')).toBe(false);
    expect(await isPassword('ann', 'battery staple')).toBe(true);
    const voided = await inDatabase((database) =>
      database
        .as<{ token_revocations: { before_ms: number } }>()
        .selectFrom('token_revocations')
        .select('before_ms')
        .execute(),
    );
    expect(voided).toHaveLength(1);
  });

  it('refuses an account that is not there', async () => {
    await expect(run(['password', 'college', 'nobody'])).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
  });
});

describe('accounts grant', () => {
  it('adds to what is held, each name once', async () => {
    await run(['add', 'college', 'ann', '--permission', 'notes.all']);
    expect(await run(['grant', 'college', 'ann', 'notes.all', 'users.all'])).toContain(
      'ann of college holds: notes.all, users.all\n',
    );
  });
});
