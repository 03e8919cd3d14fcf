import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '#config';
import { AppError, errorCode, errorText } from '#core';
import type { Explanation } from '#gateway';
import { explanationText } from './explanation-text.ts';

/** What the command needs of the program. */
export interface ExplainContext {
  readonly config: () => Config;
  /** Writes text to standard output, as it is. */
  readonly out: (text: string) => void;
}

interface ExplainOptions {
  readonly tenant: string;
  readonly method: string;
  readonly path: string;
  readonly origin?: string;
  readonly anonymous?: true;
  readonly body?: string;
  readonly moduleId?: string;
  readonly url?: string;
  readonly json?: true;
}

const TIMEOUT_MS = 10_000;

/** Adds `explain` to the program. */
export const addExplainCommand = (program: Command, context: ExplainContext): void => {
  program
    .command('explain')
    .description(
      'say for which organization a request would be executed, by which rule, and why not the others',
    )
    .requiredOption('--tenant <prefix>', 'the tenant that the caller names (X-Okapi-Tenant)')
    .requiredOption('--path <path>', 'path and query')
    .option('--method <method>', 'HTTP method', 'GET')
    .option('--origin <prefix>', 'where the acting user belongs (default: the same tenant)')
    .option('--anonymous', 'nobody is signed in')
    .option('--body <json>', 'the body, for rules that look at it')
    .option('--module-id <id>', 'X-Okapi-Module-Id, for interfaces that several modules provide')
    .option(
      '--url <url>',
      'the Rumbrella that is asked (default: the one of this configuration, on this machine)',
    )
    .option('--json', 'the answer as it comes')
    .addHelpText(
      'after',
      `
Nothing is executed. A running Rumbrella is asked; the operator's token is taken from RUMBRELLA_OPERATOR_TOKEN, the
configuration or the data folder.

Examples:
  $ rumbrella explain --tenant balkan_agency --method POST --path /note-types
  $ rumbrella explain --tenant balkan_agency --method POST --path '/notes?site=fashion.bg' --body '{"domain": "press"}'
  $ rumbrella explain --tenant fashion_bg --origin balkan_agency --path /notes`,
    )
    .action(async (options: ExplainOptions) => {
      const explanation = await ask(options, context.config());
      context.out(
        options.json === true ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation),
      );
    });
};

const ask = async (options: ExplainOptions, config: Config): Promise<Explanation> => {
  const { tenant, method, path, body, moduleId } = options;
  const origin = options.anonymous === true ? '' : options.origin;
  const question = new URLSearchParams({
    tenant,
    method,
    path,
    ...(origin !== undefined && { origin }),
    ...(body !== undefined && { body }),
    ...(moduleId !== undefined && { moduleId }),
  });
  const base = (options.url ?? ownUrl(config)).replace(/\/+$/, '');
  const token = await operatorToken(config);
  let answer: Response;
  try {
    answer = await fetch(`${base}/_/resolve?${question.toString()}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new AppError('EXPLAIN_UNREACHABLE', `asking ${base}: ${errorText(cause)}`, {
      hint: 'is Rumbrella running there? --url names another one',
      cause: error,
    });
  }
  const text = await answer.text();
  if (answer.status === 401)
    throw new AppError('EXPLAIN_REFUSED', `${base} does not take this operator's token`, {
      hint: 'give it in RUMBRELLA_OPERATOR_TOKEN, or run this where its data folder is',
    });
  if (!answer.ok)
    throw new AppError('EXPLAIN_REFUSED', `${base} answered ${answer.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as Explanation;
};

const ownUrl = ({ port, tls, gateway: { adminPort, adminHost } }: Config): string => {
  if (adminPort === 'none') return `${tls.mode === 'off' ? 'http' : 'https'}://localhost:${port}`;
  const host = isIPv6(adminHost) ? `[${adminHost}]` : adminHost;
  return `http://${EVERY_ADDRESS.has(adminHost) ? 'localhost' : host}:${adminPort}`;
};

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

const operatorToken = async ({ operatorToken: configured, dataDir }: Config): Promise<string> => {
  if (configured !== '') return configured;
  const path = join(resolve(dataDir), 'operator-token');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new AppError('EXPLAIN_TOKEN', `reading the operator's token from ${path}: ${errorCode(error)}`, {
      hint: 'give it in RUMBRELLA_OPERATOR_TOKEN',
      cause: error,
    });
  }
};
