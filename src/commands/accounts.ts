import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import type { Config } from '#config';
import { AppError, errorText, systemClock } from '#core';
import type { Database } from '#database';
import type { Accounts } from '#modules';
import { parseUsersMap, readMapFile } from '#tenants';

/** What the commands need of the program. */
export interface AccountsContext {
  readonly config: () => Config;
  /** Opens the control database with all its tables. */
  readonly openDatabase: () => Promise<Database>;
  /** Writes text to standard output, as it is. */
  readonly out: (text: string) => void;
  /** Reads standard input to its end; default: that of the process. */
  readonly readInput?: () => Promise<string>;
}

/** Adds `accounts add|password|grant|list` to the program. */
export const addAccountsCommands = (program: Command, context: AccountsContext): void => {
  const accounts = program
    .command('accounts')
    .description('the people of an organization who may sign in: add, new password, grant, list')
    .addHelpText(
      'after',
      `
An organization begins without accounts, and nobody can sign in to make the first one. These commands write to the control
database itself, so they need no token: whoever may write to the data folder, or knows the database's URL, is the operator. A
running Rumbrella sees changes within seconds. An administrator makes all further accounts by the API or in the back office.

Examples:
  $ rumbrella accounts add fashion_bg ann --role administrator
  $ rumbrella accounts add fashion_bg bob --role viewer --permission kb-ebsco.all
  $ rumbrella accounts password fashion_bg ann --password-stdin < new-password.txt
  $ rumbrella accounts list fashion_bg`,
    );
  addAdd(accounts, context);
  addPassword(accounts, context);
  addGrant(accounts, context);
  addList(accounts, context);
};

interface AddOptions {
  readonly administrator?: true;
  readonly role?: string;
  readonly permission: readonly string[];
  readonly firstName?: string;
  readonly lastName?: string;
  readonly passwordStdin?: true;
}

const addAdd = (accounts: Command, context: AccountsContext): void => {
  accounts
    .command('add')
    .argument('<tenant>', 'prefix of the organization')
    .argument('<username>')
    .description('add an account; without --password-stdin a password is made and shown once')
    .addOption(
      new Option('--role <role>', 'what it may do').choices([
        'viewer',
        'editor',
        'administrator',
        'operator',
      ]),
    )
    .option(
      '--administrator',
      'may make other accounts; works for a gateway without the accounts module, too',
    )
    .option('--permission <name>', 'a permission or set that it holds (may be given again)', collect, [])
    .option('--first-name <text>')
    .option('--last-name <text>', 'default: the user name')
    .option('--password-stdin', 'read the password from standard input')
    .action(async (tenant: string, username: string, options: AddOptions) => {
      const { password, isNew } = await choosePassword(options.passwordStdin, context);
      const { ADMINISTRATOR } = await import('#modules');
      const permissions = [
        ...(options.role === undefined ? [] : [`role.${options.role}`]),
        ...(options.administrator ? ADMINISTRATOR : []),
        ...options.permission,
      ];
      await withAccounts(tenant, context, async (store) => {
        const { firstName, lastName } = options;
        const id = await store.add({ tenant, username, password, permissions, firstName, lastName });
        context.out(`added ${username} to ${tenant}, user id ${id}\n`);
        if (isNew) context.out(`password, shown this once: ${password}\n`);
        await tellUnannounced(store, tenant, options.permission, context);
      });
    });
};

const addPassword = (accounts: Command, context: AccountsContext): void => {
  accounts
    .command('password')
    .argument('<tenant>')
    .argument('<username>')
    .description('give an account a new password and end its sessions')
    .option('--password-stdin', 'read the password from standard input; default: make one and show it once')
    .action(async (tenant: string, username: string, options: { passwordStdin?: true }) => {
      const { password, isNew } = await choosePassword(options.passwordStdin, context);
      await withAccounts(tenant, context, async (store) => {
        await store.setPassword(tenant, username, password);
        context.out(`${username} of ${tenant} has a new password; its sessions are ended\n`);
        if (isNew) context.out(`password, shown this once: ${password}\n`);
      });
    });
};

const addGrant = (accounts: Command, context: AccountsContext): void => {
  accounts
    .command('grant')
    .argument('<tenant>')
    .argument('<username>')
    .argument('<permission...>', 'names of permissions or sets')
    .description('give an account more permissions')
    .action(async (tenant: string, username: string, permissions: readonly string[]) => {
      await withAccounts(tenant, context, async (store) => {
        const all = await store.grant(tenant, username, permissions);
        context.out(`${username} of ${tenant} holds: ${all.join(', ')}\n`);
        await tellUnannounced(store, tenant, permissions, context);
      });
    });
};

const addList = (accounts: Command, context: AccountsContext): void => {
  accounts
    .command('list')
    .argument('<tenant>')
    .description('show the accounts of an organization')
    .option('--json', 'as JSON, one array')
    .action(async (tenant: string, options: { json?: true }) => {
      await withAccounts(tenant, context, async (store) => {
        const list = await store.list(tenant);
        if (options.json === true) return context.out(`${JSON.stringify(list, null, 2)}\n`);
        const { highestRole } = await import('#modules');
        const table = new Table({
          head: ['user name', 'active', 'role', 'other permissions', 'user id'],
          style: { head: [], border: [], compact: true },
        });
        for (const { username, active, permissions, userId } of list)
          table.push([
            username,
            active ? 'yes' : 'no',
            highestRole(permissions) ?? '-',
            permissions.filter((name) => !name.startsWith('role.')).join('\n') || '-',
            userId,
          ]);
        context.out(`${table.toString()}\n${list.length} in ${tenant}\n`);
      });
    });
};

const withAccounts = async (
  tenant: string,
  context: AccountsContext,
  use: (accounts: Accounts) => Promise<void>,
): Promise<void> => {
  const path = resolve(context.config().usersMap);
  const { bytes } = await readMapFile(path).catch((cause: unknown) => {
    throw new AppError('ACCOUNT_TENANT', `reading ${path}: found ${errorText(cause)}, expected a users map`, {
      cause,
      hint: '`rumbrella tenants add <prefix>` makes one',
    });
  });
  const { tenants } = parseUsersMap(bytes);
  if (!tenants.some(({ id }) => id === tenant)) {
    throw new AppError('ACCOUNT_TENANT', `${path} has no organization ${JSON.stringify(tenant)}`, {
      hint: '`rumbrella tenants list` shows those that it has',
    });
  }
  // The modules and the database are loaded only for those who need them.
  const { openAccounts } = await import('#modules');
  const database = await context.openDatabase();
  try {
    await use(openAccounts(database, systemClock));
  } finally {
    await database.stop();
  }
};

/** Never an argument: arguments are seen by everybody on the machine. */
const choosePassword = async (
  fromInput: true | undefined,
  { readInput }: AccountsContext,
): Promise<{ readonly password: string; readonly isNew: boolean }> => {
  if (fromInput === undefined) return { password: randomBytes(15).toString('base64url'), isNew: true };
  const input = await (readInput ?? (() => readText(process.stdin)))();
  return { password: input.replace(/\r?\n$/, ''), isNew: false };
};

const tellUnannounced = async (
  store: Accounts,
  tenant: string,
  permissions: readonly string[],
  { out }: AccountsContext,
): Promise<void> => {
  const names = await store.unannounced(tenant, permissions);
  if (names.length > 0)
    out(`note: no module of ${tenant} has announced ${names.join(', ')} yet; it counts once one does\n`);
};

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];
