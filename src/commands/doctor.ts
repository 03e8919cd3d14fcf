import { resolve } from 'node:path';
import type { Command } from 'commander';
import { basicRumWithoutEffect, type Config, listSettings } from '#config';
import { errorText } from '#core';
import { examineFiles } from './doctor/files.ts';
import { type Finding, findingText } from './doctor/finding.ts';
import { examineDisk, examineFolder, examineNode, examineOpenFiles, examinePort } from './doctor/machine.ts';
import { examineQuotas } from './doctor/quotas.ts';
import { examineDatabase, examineWarehouse } from './doctor/stores.ts';
import { examineUsersMap } from './doctor/users-map.ts';

/** What the command needs of the program. */
export interface DoctorContext {
  /** Errors: `CONFIG_INVALID`, which the doctor reports as a finding. */
  readonly config: () => Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly now: () => number;
  /** Makes the process end with code 1. */
  readonly fail: () => void;
}

/** Adds `rumbrella doctor`: looks at everything that a start needs, without starting. */
export const addDoctorCommand = (program: Command, { config, env, out, now, fail }: DoctorContext): void => {
  program
    .command('doctor')
    .description(
      'check this set-up: configuration, users map, data folder, disk, port, ClickHouse, control database',
    )
    .option(
      '--settings',
      'list every key of the configuration with its environment variable, meaning and default',
    )
    .action(async (options: { settings?: boolean }) => {
      if (options.settings === true) return out(settingsText());
      const findings = await examine(config, env, now());
      out(`${findings.map(findingText).join('\n')}\n`);
      const bad = findings.filter(({ state }) => state === 'bad').length;
      out(bad === 0 ? '\nready to start: rumbrella serve\n' : `\n${bad} to repair before a start\n`);
      if (bad > 0) fail();
    });
};

const examine = async (
  config: () => Config,
  env: DoctorContext['env'],
  now: number,
): Promise<readonly Finding[]> => {
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
    ...basicRumWithoutEffect(env).map(
      ({ name, reason }): Finding => ({
        state: 'note',
        what: 'configuration',
        found: `${name} has no effect`,
        hint: reason,
      }),
    ),
    await examineUsersMap(resolve(settings.usersMap), settings.demo, now),
    await examineFolder(dataDir),
    await examineDisk(dataDir, settings.journal.reserveBytes),
    examineOpenFiles(settings),
    examineQuotas(settings),
    await examinePort(settings),
    await examineWarehouse(settings),
    await examineDatabase(settings),
    ...(await examineFiles(settings, now)),
  ];
};

const settingsText = (): string =>
  listSettings()
    .map(
      ({ path, env, description, defaultValue }) =>
        `${path}\n    ${env}, default ${JSON.stringify(defaultValue)}\n${description === '' ? '' : `    ${description}\n`}`,
    )
    .join('');
