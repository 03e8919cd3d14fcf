import { isMap, isScalar, isSeq, type LineCounter, type Node, Scalar } from 'yaml';
import { type MapProblem, mapProblem } from './problem.ts';
import { quoted } from './quoted.ts';

/** The value of a key: a YAML node, or null for `key:` with nothing behind it. */
export type Value = unknown;

/**
 * Reads YAML nodes as the shapes that a users map is made of. Everything that does not fit is noted as a problem with its
 * line, and null is returned: the caller goes on, so that all problems of a file are found at once.
 */
export interface MapReader {
  readonly problems: readonly MapProblem[];
  /** What is valid and perhaps not meant. */
  readonly warnings: readonly MapProblem[];
  /** Notes a warning at a node. */
  warn(node: Value, path: string, found: string, expected: string): void;
  /** Notes a problem at a node. */
  refuse(node: Value, path: string, found: string, expected: string): null;
  /** Members of a mapping. Keys outside `known` are problems; `known` null: any key. */
  members(node: Value, path: string, known: readonly string[] | null): ReadonlyMap<string, Value> | null;
  /** Items of a list. */
  items(node: Value, path: string, expected: string): readonly Value[] | null;
  /** Is it a list? */
  isList(node: Value): boolean;
  /** A text. Unquoted values that YAML tools read as something else (yes, 0123, 1e3, 2027-12-25) are problems. */
  text(node: Value, path: string, expected: string): string | null;
  /** The characters of a scalar, whatever they are, quoted or not. */
  scalar(node: Value, path: string, expected: string): string | null;
  /** `true` or `false` without quotes. */
  flag(node: Value, path: string): boolean | null;
}

/** Creates a reader over the nodes of one document. */
export const createMapReader = (lines: LineCounter): MapReader => {
  const problems: MapProblem[] = [];
  const warnings: MapProblem[] = [];
  const refuse: MapReader['refuse'] = (node, path, found, expected) => {
    problems.push(mapProblem(lineOf(node, lines), path, found, expected));
    return null;
  };
  const scalarNode = (node: Value, path: string, expected: string): Scalar | null =>
    isScalar(node) ? node : refuse(node, path, kindOf(node), expected);
  return {
    problems,
    warnings,
    warn: (node, path, found, expected) => {
      warnings.push(mapProblem(lineOf(node, lines), path, found, expected));
    },
    refuse,
    members: (node, path, known) => {
      if (!isMap(node)) return refuse(node, path, kindOf(node), 'a mapping of keys to values');
      const members = new Map<string, Value>();
      for (const { key, value } of node.items) {
        if (!isScalar(key) || typeof key.value !== 'string') {
          refuse(key ?? node, path, 'a key that is not a text', 'a key');
        } else if (members.has(key.value)) {
          refuse(key, memberPath(path, key.value), 'the same key twice', 'each key once');
        } else if (known !== null && !known.includes(key.value)) {
          refuse(key, path, `the unknown key ${quoted(key.value)}`, `one of ${known.join(', ')}`);
        } else {
          // A key without a value keeps the key's place for messages.
          members.set(key.value, value ?? emptyAt(key));
        }
      }
      return members;
    },
    items: (node, path, expected) => (isSeq(node) ? node.items : refuse(node, path, kindOf(node), expected)),
    isList: (node) => isSeq(node),
    text: (node, path, expected) => {
      const scalar = scalarNode(node, path, expected);
      if (scalar === null) return null;
      const text = String(scalar.value);
      if (scalar.type !== Scalar.PLAIN || !isSomethingElse(text)) return text;
      const found = text === '' ? 'nothing' : `${quoted(text)} without quotes, which is not a text in YAML`;
      return refuse(scalar, path, found, text === '' ? expected : `the same in quotes, or ${expected}`);
    },
    scalar: (node, path, expected) => {
      const scalar = scalarNode(node, path, expected);
      if (scalar === null) return null;
      const text = String(scalar.value);
      return text === '' && scalar.type === Scalar.PLAIN ? refuse(scalar, path, 'nothing', expected) : text;
    },
    flag: (node, path) => {
      const scalar = scalarNode(node, path, 'true or false');
      if (scalar === null) return null;
      const text = String(scalar.value);
      if (scalar.type === Scalar.PLAIN && (text === 'true' || text === 'false')) return text === 'true';
      return refuse(scalar, path, quoted(text), 'true or false');
    },
  };
};

/** Path of a member. */
export const memberPath = (path: string, key: string): string => {
  const name = /^[\w-]{1,40}$/.test(key) ? key : quoted(key);
  return path === '' ? name : `${path}.${name}`;
};

/** Unquoted texts that YAML 1.1 or 1.2 reads as null, boolean, number, sexagesimal or timestamp. */
const isSomethingElse = (text: string): boolean =>
  text.length <= 64 && LOOKS_ELSE.some((pattern) => pattern.test(text));

const LOOKS_ELSE: readonly RegExp[] = [
  /^~?$/,
  /^(null|true|false|yes|no|on|off|y|n)$/i,
  /^[-+]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?$/i,
  /^[-+]?0(x[\da-f_]+|o[0-7_]+|b[01_]+)$/i,
  /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?$/,
  /^[-+]?\.(inf|nan)$/i,
  /^\d{4}-\d{1,2}-\d{1,2}([Tt ]|$)/,
];

const kindOf = (node: Value): string => {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node)) return 'nothing';
  return node.value === '' && node.type === Scalar.PLAIN ? 'nothing' : quoted(String(node.value));
};

const emptyAt = (key: Node): Scalar => {
  const empty = new Scalar('');
  empty.type = Scalar.PLAIN;
  if (key.range) empty.range = key.range;
  return empty;
};

const lineOf = (node: Value, lines: LineCounter): number | null => {
  const range = (node as Partial<Node> | null)?.range;
  return range ? lines.linePos(range[0]).line : null;
};
