import { Command, Option } from 'commander';
import { type Config, loadConfig } from '#config';
import { version } from './version.ts';

/**
 * What `rumbrella` understands. The commands besides `serve` are added when something else than `serve` is asked for: a collector that is restarted
 * should answer beacons soon.
 */
export const createProgram = async (argv: readonly string[]): Promise<Command> => {
  const program = new Command('rumbrella')
    .description(
      'Real-user monitoring for many organizations under one umbrella, and the gateway that carries every request\n' +
        'to the right module in the context of the right tenant.',
    )
    .version(version())
    .option('-c, --config <file>', 'configuration file (default: ./rumbrella.yaml when it exists)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      `
Examples:
  $ rumbrella serve                              start everything on port 8080
  $ rumbrella tenants add fashion_bg             add an organization, get the snippet for its pages
  $ rumbrella replay --folder unknown --dry-run  what would become of beacons nobody was known for
  $ rumbrella sql "SELECT count() FROM fashion_bg_webperf_rum_events"
  $ rumbrella doctor                             check this set-up`,
    );
  const config = (overrides: Readonly<Record<string, unknown>> = {}): Config =>
    loadConfig({ file: program.opts<{ config?: string }>().config, env: process.env, overrides });

  program
    .command('serve')
    .description('start the collector, the loader, the embedded ClickHouse and the gateway')
    .option('-p, --port <number>', 'port for everything (RUMBRELLA_PORT)', Number)
    .addOption(
      new Option('--only <role>', 'run one role; several processes may share the data folder').choices([
        'collector',
        'loader',
      ]),
    )
    .action(async (options: { port?: number; only?: 'collector' | 'loader' }) => {
      const { serve } = await import('./serve.ts');
      await serve(config({ port: options.port }), options.only);
    });
  if (argv[2] !== 'serve') {
    const { addCommands } = await import('#commands');
    addCommands(program, {
      config,
      env: process.env,
      openDatabase: async () => (await import('./control-database.ts')).openControlDatabase(config()),
      out: (text) => process.stdout.write(text),
      now: () => Date.now(),
      fail: () => {
        process.exitCode = 1;
      },
    });
  }
  return program;
};
