// What `rumbrella` understands besides `serve`.
import type { Command } from 'commander';
import type { Config } from '#config';
import type { Database } from '#database';
import { addAccountsCommands } from './accounts.ts';
import { addDoctorCommand } from './doctor.ts';
import { addExplainCommand } from './explain.ts';
import { addReplayCommand } from './replay.ts';
import { addResolverCommand } from './resolver.ts';
import { addSqlCommand } from './sql.ts';
import { addTenantDataCommands } from './tenant-data.ts';
import { addTenantsCommands } from './tenants.ts';

/** What commands need of the program. */
export interface CommandContext {
  /** The configuration; read when a command needs it. Errors: `CONFIG_INVALID`. */
  readonly config: () => Config;
  /** Environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Opens the control database with all its tables. Errors: `DATABASE_UNREACHABLE`, `DATABASE_MIGRATION_FAILED`. */
  readonly openDatabase: () => Promise<Database>;
  /** Writes text to standard output, as it is. */
  readonly out: (text: string) => void;
  /** Epoch ms. */
  readonly now: () => number;
  /** Makes the process end with code 1. */
  readonly fail: () => void;
}

/** Adds all commands, in the order in which the help shows them. */
export const addCommands = (program: Command, context: CommandContext): void => {
  const tenants = addTenantsCommands(program, {
    ...context,
    usersMapPath: () => context.config().usersMap,
  });
  addTenantDataCommands(tenants, context);
  addAccountsCommands(program, context);
  addExplainCommand(program, context);
  addResolverCommand(program, context);
  addReplayCommand(program, context);
  addSqlCommand(program, context);
  addDoctorCommand(program, context);
};
