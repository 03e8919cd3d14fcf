import { errorText } from '#core';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { createMapReader, type MapReader, type Value } from './map-reader.ts';
import { quoted } from './quoted.ts';
import { type MapProblem, mapProblem } from './problem.ts';
import { readRelation } from './read-relation.ts';
import { readUser } from './read-user.ts';
import type { Relation } from './relation.ts';
import { screenYaml } from './screen.ts';
import type { Tenant } from './tenant.ts';

/** What stands in a users map. When `problems` is not empty the map is not used: `tenants` and `relations` are empty. */
export interface ParsedMap {
  readonly tenants: readonly Tenant[];
  readonly relations: readonly Relation[];
  readonly problems: readonly MapProblem[];
  /** What is valid and perhaps not meant: relations without an end or without a ceiling. At most 100. */
  readonly warnings: readonly MapProblem[];
}

/** Largest users map, in bytes. */
export const MAX_MAP_BYTES = 5_242_880;
/** Most entries, users and relations together. */
const MAX_MAP_ENTRIES = 20_000;
const MAX_PROBLEMS = 100;

/**
 * Reads a users map: one YAML document, a list of `- user:` and `- relation:` entries (`docs/reference/users-map.md`).
 * All problems are found at once, at most 100 are told. Texts stay texts: nothing is converted, resolved or merged.
 * Never throws.
 */
export const parseUsersMap = (content: string | Uint8Array): ParsedMap => {
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  if (size > MAX_MAP_BYTES) return refused(`${size} bytes`, `at most ${MAX_MAP_BYTES} bytes`);
  const text = typeof content === 'string' ? content.replace(/^\uFEFF/, '') : decode(content);
  if (text === null) return refused('bytes that are not UTF-8', 'UTF-8 text');
  if (text.trim() === '') return refused('an empty file', 'a list of user entries');
  try {
    return parseText(text);
  } catch (error) {
    return refused(`a file that cannot be read as YAML (${errorText(error)})`, 'a list of user entries');
  }
};

const parseText = (text: string): ParsedMap => {
  const screened = screenYaml(text);
  if (screened.length > 0) return failed(screened);
  const lines = new LineCounter();
  // `failsafe`: every scalar is a text as it stands. Doubled keys are found by our reader, the library compares all pairs.
  const document = parseDocument(text, {
    lineCounter: lines,
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
  });
  const broken = syntaxProblems(document, lines);
  if (broken.length > 0) return failed(broken);

  const reader = createMapReader(lines);
  const entries = reader.items(document.contents, '', 'a list of user entries') ?? [];
  if (entries.length > MAX_MAP_ENTRIES)
    return refused(`${entries.length} entries`, `at most ${MAX_MAP_ENTRIES}`);
  const tenants: Tenant[] = [];
  const relations: Relation[] = [];
  const relationNodes: Value[] = [];
  const owners = createOwners(reader);
  let users = 0;
  let order = 0;
  for (const entry of entries) {
    const members = reader.members(entry, '', ['user', 'relation']);
    if (members === null) continue;
    if (members.size !== 1)
      reader.refuse(entry, '', `an entry with ${members.size} keys`, 'one key, user or relation');
    const user = members.get('user');
    if (user !== undefined) {
      const path = `user[${users++}]`;
      const tenant = readUser(reader, user, path);
      if (tenant === null) continue;
      owners.claim(tenant, user, path);
      tenants.push(tenant);
    }
    const relation = members.get('relation');
    if (relation !== undefined) {
      relationNodes.push(relation);
      const read = readRelation(reader, relation, `relation[${order}]`, ++order);
      if (read !== null) relations.push(read);
    }
  }
  checkTenants(reader, relations, relationNodes, owners);
  if (reader.problems.length > 0) return failed(reader.problems);
  if (tenants.length === 0) return refused('no user', 'at least one user entry');
  return { tenants, relations, problems: [], warnings: told(reader.warnings, 'warnings') };
};

/** Who has a prefix or a trace: each belongs to one user of the file. */
interface Owners {
  claim(tenant: Tenant, node: Value, path: string): void;
  has(prefix: string): boolean;
}

const createOwners = (reader: MapReader): Owners => {
  const prefixes = new Map<string, string>();
  const traces = new Map<string, string>();
  return {
    claim: (tenant, node, path) => {
      const other = prefixes.get(tenant.id);
      if (other !== undefined)
        reader.refuse(
          node,
          `${path}.prefix`,
          `the prefix ${quoted(tenant.id)} of ${other} again`,
          'another prefix',
        );
      else prefixes.set(tenant.id, path);
      for (const trace of tenant.traces) {
        const owner = traces.get(trace);
        if (owner !== undefined)
          reader.refuse(
            node,
            `${path}.brum_trace`,
            `the trace ${quoted(trace)} of ${owner} again`,
            'another trace',
          );
        else traces.set(trace, path);
      }
    },
    has: (prefix) => prefixes.has(prefix),
  };
};

const checkTenants = (
  reader: MapReader,
  relations: readonly Relation[],
  nodes: readonly Value[],
  owners: Owners,
): void => {
  for (const relation of relations) {
    const index = Number(relation.id.slice(relation.id.indexOf('#') + 1)) - 1;
    for (const prefix of [relation.tenant, ...relation.executesAs]) {
      if (owners.has(prefix)) continue;
      const key = prefix === relation.tenant ? 'tenant' : 'executes_as';
      reader.refuse(
        nodes[index],
        `relation[${index}].${key}`,
        quoted(prefix),
        'the prefix of a valid user of this file',
      );
    }
  }
};

const syntaxProblems = (document: Document.Parsed, lines: LineCounter): MapProblem[] =>
  [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS).map((error) => {
    const line = lines.linePos(error.pos[0]).line;
    return mapProblem(
      line,
      '',
      `YAML that cannot be read (${error.message})`,
      'valid YAML 1.2, one document',
    );
  });

const failed = (problems: readonly MapProblem[]): ParsedMap => {
  return { tenants: [], relations: [], problems: told(problems, 'problems'), warnings: [] };
};

const told = (all: readonly MapProblem[], what: string): readonly MapProblem[] => {
  const some = all.slice(0, MAX_PROBLEMS);
  const more = all.length - some.length;
  return more > 0 ? [...some, mapProblem(null, '', `${more} more ${what}`, `a file without ${what}`)] : some;
};

const refused = (found: string, expected: string): ParsedMap =>
  failed([mapProblem(null, '', found, expected)]);

const decode = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};
