import { randomUUID } from 'node:crypto';
import Table from 'cli-table3';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { AppError } from '#core';
import {
  addUserText,
  editUsersMap,
  type NewUser,
  parseExpire,
  type ParsedMap,
  parseUsersMap,
  prefixProblem,
  problemText,
  readMapFile,
  removeUserText,
  renewUserText,
  type Tenant,
} from '#tenants';
import { describeTenant, mapSize, plural } from './tenant-text.ts';

/** What the commands need of the program. */
export interface TenantsContext {
  /** Path of the users map, from the configuration. */
  readonly usersMapPath: () => string;
  /** Writes text to standard output, as it is. */
  readonly out: (text: string) => void;
  /** Epoch ms. */
  readonly now: () => number;
  /** Makes the process end with code 1. */
  readonly fail?: () => void;
}

const DAY_MS = 86_400_000;

/** Adds `tenants list|check|add|renew|remove` to the program, and gives `tenants` for further ones. */
export const addTenantsCommands = (program: Command, context: TenantsContext): Command => {
  const tenants = program
    .command('tenants')
    .description(
      'the organizations in the users map: show, check, add, renew, remove; their tables: adopt, purge',
    )
    .addHelpText(
      'after',
      `
A running Rumbrella sees every change within a minute, usually at once. Comments in the file stay.

Examples:
  $ rumbrella tenants list
  $ rumbrella tenants add fashion_bg --name "Fashion BG" --hostname fashion.bg --expire 2027-12-25
  $ rumbrella tenants renew fashion_bg --days 365
  $ rumbrella tenants check ./users-map.new.yaml`,
    );
  addList(tenants, context);
  addCheck(tenants, context);
  addAdd(tenants, context);
  addRenew(tenants, context);
  addRemove(tenants, context);
  return tenants;
};

const addList = (tenants: Command, { usersMapPath, out, now }: TenantsContext): void => {
  tenants
    .command('list')
    .description('show the organizations of the users map')
    .option('--json', 'as JSON, one array')
    .action(async (options: { json?: true }) => {
      const map = validMap(await readMap(usersMapPath()), usersMapPath());
      const rows = map.tenants.map((tenant) => describeTenant(tenant, now()));
      if (options.json === true) {
        out(`${JSON.stringify(rows, null, 2)}\n`);
        return;
      }
      const table = new Table({
        head: ['prefix', 'name', 'trace', 'expire', 'state'],
        style: { head: [], border: [], compact: true },
      });
      for (const row of rows)
        table.push([row.prefix, row.name, row.traces.join('\n') || '-', row.expire ?? 'never', row.state]);
      out(`${table.toString()}\n${mapSize(map)} in ${usersMapPath()}\n`);
    });
};

const addCheck = (tenants: Command, { usersMapPath, out, fail }: TenantsContext): void => {
  tenants
    .command('check')
    .argument('[file]', 'default: the users map of the configuration')
    .description('look for everything that is wrong in a users map; ends with code 1 when there is anything')
    .addHelpText(
      'after',
      '\nExample, before a file is put in place:\n  $ rumbrella tenants check ./users-map.new.yaml',
    )
    .action(async (given: string | undefined) => {
      const file = given ?? usersMapPath();
      const map = await readMap(file);
      for (const problem of map.problems) out(`${file}: ${problemText(problem)}\n`);
      for (const warning of map.warnings) out(`${file}: warning: ${problemText(warning)}\n`);
      out(
        map.problems.length === 0
          ? `${file}: ok, ${mapSize(map)}\n`
          : `${file}: ${plural(map.problems.length, 'problem')}\n`,
      );
      if (map.problems.length > 0) (fail ?? setExitCode)();
    });
};

interface AddOptions {
  readonly name?: string;
  readonly trace: boolean | readonly string[];
  readonly expire?: string;
  readonly hostname?: readonly string[];
  readonly onlyHostnames?: true;
  readonly retentionDays?: number;
  readonly beaconsPerSecond?: number;
}

const addAdd = (tenants: Command, { usersMapPath, out }: TenantsContext): void => {
  tenants
    .command('add')
    .argument('<prefix>', 'its id: lower-case letters, digits, underscores', checkedPrefix)
    .description('add an organization and show the line for its pages; makes the file when there is none')
    .option('--name <text>', 'display name')
    .option('--trace <text>', 'value of brum_trace; default: a new random one (may be given again)', collect)
    .option('--no-trace', 'it sends no beacons of its own (an umbrella)')
    .option('--expire <date>', 'last day (2027-12-25) or ISO instant; default: never', checkedExpire)
    .option('--hostname <name>', 'a site of it (may be given again)', collect)
    .option('--only-hostnames', 'refuse beacons of other sites')
    .option('--retention-days <n>', 'days that its rows are kept; default: for ever', positive)
    .option(
      '--beacons-per-second <n>',
      'so many it may send; default: collector.tenant_beacons_per_second',
      positive,
    )
    .addHelpText(
      'after',
      `
Examples:
  $ rumbrella tenants add fashion_bg --name "Fashion BG" --expire 2027-12-25
  $ rumbrella tenants add sofia_news --trace ENPu8ctP6zda --hostname news.bg --hostname www.news.bg
  $ rumbrella tenants add balkan_agency --no-trace`,
    )
    .action(async (prefix: string, options: AddOptions) => {
      const path = usersMapPath();
      const user = newUser(prefix, options);
      const map = await editUsersMap(path, (text) => addUserText(text, user));
      out(`added ${prefix} to ${path} (${mapSize(map)})\n`);
      for (const trace of user.traces)
        out(`\ntrace: ${trace}\non its pages, before Boomerang sends:\n  ${snippet(trace)}\n`);
    });
};

const newUser = (prefix: string, options: AddOptions): NewUser => {
  const given = Array.isArray(options.trace) ? (options.trace as readonly string[]) : [randomUUID()];
  return {
    prefix,
    traces: options.trace === false ? [] : given,
    ...(options.hostname === undefined ? {} : { hostnames: options.hostname }),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.expire === undefined ? {} : { expire: options.expire }),
    ...(options.onlyHostnames === undefined ? {} : { onlyHostnames: true }),
    ...(options.retentionDays === undefined ? {} : { retentionDays: options.retentionDays }),
    ...(options.beaconsPerSecond === undefined ? {} : { beaconsPerSecond: options.beaconsPerSecond }),
  };
};

const addRenew = (tenants: Command, { usersMapPath, out, now }: TenantsContext): void => {
  tenants
    .command('renew')
    .argument('<prefix>')
    .description('give an organization a new end')
    .addOption(
      new Option('--expire <date>', 'its last day (2027-12-25) or an ISO instant')
        .argParser(checkedExpire)
        .conflicts('days'),
    )
    .option(
      '--days <n>',
      'this many days more, counted from its end, or from today when that is past',
      positive,
    )
    .addHelpText(
      'after',
      `
Beacons that went to the folder "expired" meanwhile stay there until you replay them.

Examples:
  $ rumbrella tenants renew fashion_bg --expire 2028-12-25
  $ rumbrella tenants renew fashion_bg --days 365
  $ rumbrella replay --folder expired --dry-run`,
    )
    .action(async (prefix: string, options: { expire?: string; days?: number }) => {
      const path = usersMapPath();
      const map = await editUsersMap(path, (text) => {
        const expire = options.expire ?? laterDay(tenantOf(text, prefix), options.days, now());
        return renewUserText(text ?? '', prefix, expire);
      });
      const renewed = map.tenants.find((tenant) => tenant.id === prefix);
      if (renewed !== undefined) out(`${prefix}: ${describeTenant(renewed, now()).state} in ${path}\n`);
    });
};

const laterDay = (tenant: Tenant | undefined, days: number | undefined, now: number): string => {
  if (days === undefined)
    throw new AppError('TENANTS_USAGE', 'neither --expire nor --days was given', {
      hint: 'give one of them',
    });
  // `expiresAt` is the instant after the last day.
  const lastDay = Math.max(now, (tenant?.expiresAt ?? now) - 1);
  return new Date(lastDay + days * DAY_MS).toISOString().slice(0, 10);
};

const addRemove = (tenants: Command, { usersMapPath, out }: TenantsContext): void => {
  tenants
    .command('remove')
    .argument('<prefix>')
    .description('take an organization out of the users map; nothing is deleted')
    .option('--yes', 'do it')
    .addHelpText(
      'after',
      `
Its beacons are kept as "unknown" from then on. Its tables, its archive and its rows stay as they are, until
"rumbrella tenants purge" deletes them.

Example:
  $ rumbrella tenants remove fashion_bg --yes`,
    )
    .action(async (prefix: string, options: { yes?: true }) => {
      const path = usersMapPath();
      if (options.yes !== true) {
        throw new AppError('TENANTS_USAGE', `${prefix} was not removed from ${path}`, {
          hint: 'nothing would be deleted, but its beacons would count as unknown; add --yes to do it',
        });
      }
      const map = await editUsersMap(path, (text) => removeUserText(text ?? '', prefix));
      out(
        `removed ${prefix} from ${path} (${mapSize(map)} left); its tables and its archive stay as they are\n`,
      );
    });
};

const readMap = async (path: string): Promise<ParsedMap> => {
  try {
    return parseUsersMap((await readMapFile(path)).bytes);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `reading ${path}: found ${error.message}, expected a users map`, {
      cause: error,
      hint: '`rumbrella tenants add <prefix>` makes one',
    });
  }
};

const validMap = (map: ParsedMap, path: string): ParsedMap => {
  if (map.problems.length === 0) return map;
  const lines = map.problems.map((problem) => `\n  ${problemText(problem)}`).join('');
  throw new AppError('TENANTS_MAP_INVALID', `the users map ${path} is not valid:${lines}`);
};

const tenantOf = (text: string | null, prefix: string): Tenant | undefined =>
  parseUsersMap(text ?? '').tenants.find((tenant) => tenant.id === prefix);

const snippet = (trace: string): string =>
  `<script>BOOMR.addVar("brum_trace", ${JSON.stringify(trace)});</script>`;

const collect = (value: string, previous: unknown): readonly string[] =>
  Array.isArray(previous) ? [...(previous as readonly string[]), value] : [value];

const positive = (value: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('expected a whole number of days.');
  return Number(value);
};

const checkedPrefix = (value: string): string => {
  const problem = prefixProblem(value);
  if (problem !== null) throw new InvalidArgumentError(`expected ${problem}.`);
  return value;
};

const checkedExpire = (value: string): string => {
  if (parseExpire(value) === null)
    throw new InvalidArgumentError(
      'expected a day such as 2027-12-25 or an instant such as 2027-12-25T18:00:00Z.',
    );
  return value;
};

const setExitCode = (): void => {
  process.exitCode = 1;
};
