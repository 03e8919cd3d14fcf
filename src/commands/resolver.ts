import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Config } from '#config';
import { createLog, systemClock } from '#core';

/** What the command needs of the program. */
export interface ResolverContext {
  readonly config: () => Config;
  /** Writes text to standard output, as it is. */
  readonly out: (text: string) => void;
}

interface ResolverOptions {
  readonly port: number;
  readonly host: string;
  readonly map?: string;
  readonly descriptor?: true;
}

/** Adds `resolver` to the program. */
export const addResolverCommand = (program: Command, { config, out }: ResolverContext): void => {
  program
    .command('resolver')
    .description('run only the tenant resolver: a `pre` filter for an existing Okapi')
    .option('--port <number>', 'where it answers', readPort, 9083)
    .option('--host <address>', 'address to listen on; whoever reaches it is believed', '127.0.0.1')
    .option('--map <file>', 'users map with organizations and relations (default: that of the configuration)')
    .option('--descriptor', 'print the ModuleDescriptor and end')
    .addHelpText(
      'after',
      `
Okapi asks it before every request; when a rule of a relation claims the request, it answers X-Okapi-Tenant. What such a filter
cannot do (Okapi has chosen module, permissions and token by then) is in docs/reference/resolver-filter.md: read it first.

Examples:
  $ rumbrella resolver --map consortium.yaml
  $ rumbrella resolver --descriptor | curl -d @- "$OKAPI/_/proxy/modules"`,
    )
    .action(async (options: ResolverOptions) => {
      const { tenantResolverDescriptor } = await import('#modules');
      if (options.descriptor === true) return out(`${JSON.stringify(tenantResolverDescriptor, null, 2)}\n`);
      const { dataDir, usersMap, logLevel } = config();
      const { startResolver } = await import('./run-resolver.ts');
      await mkdir(resolve(dataDir), { recursive: true, mode: 0o700 });
      const running = await startResolver(
        {
          port: options.port,
          host: options.host,
          usersMap: resolve(options.map ?? usersMap),
          lastGoodPath: join(resolve(dataDir), 'resolver-map.last-good.yaml'),
        },
        { clock: systemClock, log: createLog(logLevel) },
      );
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.stop());
      await running.ended;
    });
};

const readPort = (text: string): number => {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a number from 0 to 65535.');
};
