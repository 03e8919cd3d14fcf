import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { AppError, errorText } from '#core';
import { basicRumSettings } from './basic-rum.ts';
import { type Config, configSchema } from './schema.ts';

/** Where the configuration comes from. Later sources win: file, `BRUM_*`, `RUMBRELLA_*`, overrides. */
export interface ConfigSources {
  /** Path of the configuration file; undefined: `./rumbrella.yaml` if it exists. */
  readonly file?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings by path (`journal.sync`), from command-line options and tests. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

type Tree = { [key: string]: unknown };

/**
 * Reads the configuration from all its sources.
 * Errors: `CONFIG_INVALID` with every problem, each with the key, what was found and what was expected.
 */
export const loadConfig = (sources: ConfigSources = {}): Config => {
  const tree = readFile(sources.file);
  const env = sources.env ?? {};
  for (const [path, value] of Object.entries(basicRumSettings(env))) put(tree, path, value);
  for (const setting of listSettings()) {
    const text = env[setting.env];
    if (text !== undefined && text !== '') put(tree, setting.path, fromText(text, setting.kind));
  }
  for (const [path, value] of Object.entries(sources.overrides ?? {})) {
    if (value !== undefined) put(tree, path, value);
  }
  const result = configSchema.safeParse(tree);
  if (!result.success) throw invalid(result.error.issues.map(describe));
  return camelCased(result.data) as Config;
};

/** How the text of an environment variable is read: `123` is a number for a port and a text for a password. */
type SettingKind = 'text' | 'value' | 'list';

/** One key of the configuration, for `--help`, `doctor` and the reference page. */
export interface Setting {
  readonly path: string;
  readonly env: string;
  readonly kind: SettingKind;
  readonly description: string;
  readonly defaultValue: unknown;
}

/** All keys in the order of the schema. */
export const listSettings = (): readonly Setting[] => {
  const defaults = configSchema.parse({}) as Tree;
  const visit = (shape: z.core.$ZodShape, values: Tree, prefix: string): Setting[] =>
    Object.entries(shape).flatMap(([key, field]) => {
      const path = `${prefix}${key}`;
      const inner = unwrap(field as z.ZodType);
      if ('shape' in inner) return visit(inner.shape as z.core.$ZodShape, values[key] as Tree, `${path}.`);
      const defaultValue = values[key];
      return [
        {
          path,
          env: `RUMBRELLA_${path.replaceAll('.', '_').toUpperCase()}`,
          kind: kindOf(inner, defaultValue),
          description: (field as z.ZodType).description ?? '',
          defaultValue,
        },
      ];
    });
  return visit(configSchema.shape, defaults, '');
};

const kindOf = (type: object, defaultValue: unknown): SettingKind => {
  if (Array.isArray(defaultValue)) return 'list';
  const { type: kind } = (type as z.ZodType).def;
  return kind === 'string' || kind === 'enum' ? 'text' : 'value';
};

const unwrap = (type: z.ZodType): object => {
  const definition = type.def as { innerType?: z.ZodType };
  return definition.innerType === undefined ? type : unwrap(definition.innerType);
};

const readFile = (file: string | undefined): Tree => {
  const path = file ?? './rumbrella.yaml';
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (file === undefined) return {};
    throw new AppError('CONFIG_UNREADABLE', `reading the configuration ${path}: ${errorText(error)}`, {
      cause: error,
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw invalid(
      document.errors.map(
        (error) => `${path}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
      ),
    );
  }
  const tree: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
  if (typeof tree !== 'object' || Array.isArray(tree)) throw invalid([`${path}: expected keys and values`]);
  return tree as Tree;
};

const put = (tree: Tree, path: string, value: unknown): void => {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let node = tree;
  for (const key of keys) {
    const next = node[key];
    node = typeof next === 'object' && next !== null ? (next as Tree) : ((node[key] = {}) as Tree);
  }
  node[last] = value;
};

const fromText = (text: string, kind: SettingKind): unknown => {
  if (kind === 'list' && !text.trimStart().startsWith('[')) {
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  if (kind === 'list') return parseDocument(text).toJS();
  if (kind === 'text') return text;
  if (/^-?\d+$/.test(text)) return Number(text);
  if (/^(true|on|yes)$/i.test(text)) return true;
  if (/^(false|off|no)$/i.test(text)) return false;
  return text;
};

const describe = (issue: z.core.$ZodIssue): string => {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return `${path === '' ? '' : `${path}: `}unknown key ${issue.keys.join(', ')}`;
  }
  return `${path}: ${issue.message}`;
};

const invalid = (problems: readonly string[]): AppError =>
  new AppError('CONFIG_INVALID', `the configuration is not valid:\n  ${problems.join('\n  ')}`, {
    hint: 'rumbrella doctor lists every key with its meaning',
    details: { problems },
  });

const camelCased = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelCased(inner),
    ]),
  );
};
