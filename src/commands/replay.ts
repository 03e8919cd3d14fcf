import { type Command, InvalidArgumentError } from 'commander';
import type { Config } from '#config';
import { AppError } from '#core';
import type { Database } from '#database';
import { toTenantId, type TenantId } from '#tenants';

/** What the command needs of the program. */
export interface ReplayContext {
  readonly config: () => Config;
  /** Opens the control database of the configuration, where notes of the product itself are. */
  readonly openDatabase: () => Promise<Database>;
  /** Writes text to standard output, as it is. */
  readonly out: (text: string) => void;
  /** Makes the process end with code 1. */
  readonly fail?: () => void;
}

/** The options as they are given. */
export interface ReplayCommandOptions {
  readonly from?: string;
  readonly folder?: string;
  readonly since?: number;
  readonly until?: number;
  readonly tenant?: TenantId;
  readonly trace?: string;
  readonly as?: TenantId;
  readonly own?: true;
  readonly dryRun?: true;
  readonly rate?: number;
  readonly restart?: true;
  readonly json?: true;
}

/** Adds `replay` to the program. */
export const addReplayCommand = (program: Command, context: ReplayContext): void => {
  program
    .command('replay')
    .description('bring archived beacons into the tables of the organizations that they belong to now')
    .option(
      '--from <path>',
      'archive folder, one of its folders, or a file (default: the archive in the data folder)',
    )
    .option(
      '--folder <name>',
      'only this folder of it: unknown, expired, a prefix, or a host of a Basic RUM archive',
    )
    .option('--since <time>', 'received from this day (2027-01-31, UTC) or instant on', parseSince)
    .option('--until <time>', 'received up to the end of this day, or before this instant', parseUntil)
    .option('--tenant <prefix>', 'only what belongs to this organization now', parseTenant)
    .option('--trace <trace>', 'only beacons with this trace')
    .option(
      '--as <prefix>',
      'foreign archives: whose the beacons are that carry no trace of an organization',
      parseTenant,
    )
    .option('--own', 'the lines are our own although the folder has no rumbrella-archive.txt')
    .option('--dry-run', 'count what would be done, and do nothing')
    .option('--rate <number>', 'beacons a second at most (default: as fast as it goes)', parseRate)
    .option('--restart', 'begin anew instead of going on where an interrupted replay ended')
    .option('--json', 'the report as JSON')
    .addHelpText('after', HELP)
    .action(async (options: ReplayCommandOptions) => {
      // The engine, the loader and the decoder are loaded only for those who need them.
      const { runReplay } = await import('./run-replay.ts');
      const isComplete = await runReplay(options, context);
      if (!isComplete) context.fail?.();
    });
};

const HELP = `
Each beacon is looked at anew, with the users map as it is now: one that was unknown or expired goes to the active
organization of its trace, with the time at which it was received. One that was accepted for an organization stays with it.
Nothing is removed from the archive. A beacon that is in its table already is not inserted again, so the same replay may be
run twice, or again after an interruption (Ctrl-C is fine), while the server runs.

Two cases that matter most:

  An organization was added, and its pages had been sending beacons before that:
  $ rumbrella tenants add fashion_bg --trace BY83kR5MS5PM --expire 2027-12-25
  $ rumbrella replay --folder unknown --tenant fashion_bg --dry-run
  $ rumbrella replay --folder unknown --tenant fashion_bg

  An organization was expired for a while and is renewed:
  $ rumbrella tenants renew fashion_bg --expire 2028-12-25
  $ rumbrella replay --folder expired --tenant fashion_bg

More examples:
  A table was lost: bring back everything of last year
  $ rumbrella replay --folder fashion_bg --since 2027-01-01 --until 2027-12-31

  Move from Basic RUM: its backup folder, all of it for one organization (the archives of the Go front of any time and of the
  PHP catcher are understood; hourly, daily, gzip, zstd)
  $ rumbrella replay --from /backup/archive --as fashion_bg --dry-run
  $ rumbrella replay --from /backup/archive --folder www_fashion_bg --as fashion_bg
`;

const DAY_MS = 86_400_000;

/** A day (then `isDay`) or an instant, epoch ms. */
const parseTime = (text: string): { readonly instant: number; readonly isDay: boolean } => {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const instant = /^\d{4}-\d{2}-\d{2}(?:T.+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(instant))
    throw new InvalidArgumentError(
      'expected a day such as 2027-01-31 (UTC) or an instant such as 2027-01-31T12:00:00Z',
    );
  return { instant, isDay };
};

const parseSince = (text: string): number => parseTime(text).instant;

const parseUntil = (text: string): number => {
  const { instant, isDay } = parseTime(text);
  return isDay ? instant + DAY_MS : instant;
};

const parseTenant = (text: string): TenantId => {
  const id = toTenantId(text);
  if (id === null)
    throw new InvalidArgumentError('expected the prefix of an organization such as fashion_bg');
  return id;
};

const parseRate = (text: string): number => {
  const rate = Number(text);
  if (!(rate > 0)) throw new InvalidArgumentError('expected a number above 0');
  return rate;
};

/** What has to be true before anything is read. Throws `REPLAY_NO_TENANT`, `REPLAY_TENANT_EXPIRED`, `REPLAY_EMPTY_RANGE`. */
export const checkReplay = (
  options: ReplayCommandOptions,
  find: (id: TenantId) => { readonly isExpired: boolean } | undefined,
): void => {
  for (const id of [options.tenant, options.as]) {
    if (id === undefined) continue;
    const found = find(id);
    if (found === undefined)
      throw new AppError('REPLAY_NO_TENANT', `replaying for ${id}: the users map has no such organization`, {
        hint: `add it with \`rumbrella tenants add ${id}\``,
      });
    if (found.isExpired)
      throw new AppError('REPLAY_TENANT_EXPIRED', `replaying for ${id}: it is expired`, {
        hint: `renew it with \`rumbrella tenants renew ${id} --days 365\``,
      });
  }
  if (options.since !== undefined && options.until !== undefined && options.since >= options.until)
    throw new AppError('REPLAY_EMPTY_RANGE', 'replaying: the end of the range is before its beginning');
};
