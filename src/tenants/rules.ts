import type { Relation, RelationRule } from './relation.ts';

/** What a rule looks at. */
export interface RuleFacts {
  readonly method: string;
  /** Path as sent, without query; compared in the canonical form of its percent-encoding. */
  readonly path: string;
  /** Read only where a rule looks at it, so that it may be a getter. */
  readonly query: URLSearchParams;
  /** The parsed JSON body; null: there is none or it is no JSON; undefined: nobody has read it yet. */
  readonly body?: unknown;
}

/** A rule, ready for matching. */
export interface CompiledRule {
  readonly relation: Relation;
  readonly rule: RelationRule;
  /** Place in the file: `balkan_agency#1.when[0]`. */
  readonly name: string;
  /** Position among all rules of the tenant: lower is asked first. */
  readonly order: number;
  readonly matchesPath: (path: string) => boolean;
  readonly query: readonly (readonly [string, string])[];
  readonly body: readonly (readonly [string, string])[];
}

/** The rules of all relations of one tenant. */
export interface RuleIndex {
  /** In file order. */
  readonly all: readonly CompiledRule[];
  /** Those that may match, in file order: the others have another first part of the path, query value or body value. */
  possible(facts: RuleFacts): readonly CompiledRule[];
}

/** How a rule and a request fit. `needs-body`: all else matches, and the body is not read yet. */
export type RuleVerdict =
  | { readonly kind: 'match' }
  | { readonly kind: 'needs-body' }
  | { readonly kind: 'ambiguous'; readonly parameter: string }
  | { readonly kind: 'no-match'; readonly reason: string };

/** Compiles the rules of a tenant's relations, given in file order. */
export const compileRules = (relations: readonly Relation[]): RuleIndex => {
  const all: CompiledRule[] = [];
  for (const relation of relations)
    for (const [index, rule] of relation.when.entries())
      all.push({
        relation,
        rule,
        name: `${relation.id}.when[${index}]`,
        order: all.length,
        matchesPath: rule.path === null ? () => true : compileGlob(canonicalPath(rule.path)),
        query: Object.entries(rule.query),
        body: Object.entries(rule.body),
      });
  return { all, possible: indexRules(all) };
};

/**
 * Puts each rule where a request that it matches must look: under its first query condition, else under its first body
 * condition (for bodies that are not read yet: under its path), else under the first part of its path, else with the rest.
 */
const indexRules = (all: readonly CompiledRule[]): RuleIndex['possible'] => {
  const byQuery = new Map<string, CompiledRule[]>();
  const byBody = new Map<string, CompiledRule[]>();
  const bodyNames = new Set<string>();
  const byPath = new Map<string, CompiledRule[]>();
  const byPathUnread = new Map<string, CompiledRule[]>();
  for (const rule of all) {
    const [query] = rule.query;
    const [body] = rule.body;
    const segment = (rule.rule.path === null ? null : literalSegment(canonicalPath(rule.rule.path))) ?? ANY;
    if (query !== undefined) push(byQuery, conditionKey(...query), rule);
    else if (body === undefined) push(byPath, segment, rule);
    else {
      bodyNames.add(body[0]);
      push(byBody, conditionKey(...body), rule);
      push(byPathUnread, segment, rule);
    }
  }
  return (facts) => {
    const segment = firstSegment(canonicalPath(facts.path));
    let found = merge(byPath.get(ANY) ?? NONE, byPath.get(segment));
    if (byQuery.size > 0)
      for (const [name, value] of facts.query) found = merge(found, byQuery.get(conditionKey(name, value)));
    if (byBody.size === 0) return found;
    const { body } = facts;
    if (body === undefined) return merge(merge(found, byPathUnread.get(ANY)), byPathUnread.get(segment));
    for (const name of bodyNames) {
      const value = memberText(body, name);
      if (value !== null) found = merge(found, byBody.get(conditionKey(name, value)));
    }
    return found;
  };
};

/** Key of rules that look at any path; no first part of a path contains a slash. */
const ANY = '/';
const NONE: readonly CompiledRule[] = [];

/** Does the rule match the request? */
export const matchRule = (compiled: CompiledRule, facts: RuleFacts): RuleVerdict => {
  const { rule } = compiled;
  if (rule.method !== null && rule.method !== facts.method)
    return noMatch(`the method is not ${rule.method}`);
  if (!compiled.matchesPath(canonicalPath(facts.path))) return noMatch(`the path is not ${rule.path}`);
  let ambiguous: string | null = null;
  const query = compiled.query.length === 0 ? null : facts.query;
  for (const [name, value] of compiled.query) {
    const values = query?.getAll(name) ?? [];
    if (!values.includes(value)) return noMatch(`the query has no ${name}=${value}`);
    if (values.some((other) => other !== value)) ambiguous = name;
  }
  // Which of two values the module will read is not ours to guess.
  if (ambiguous !== null) return { kind: 'ambiguous', parameter: ambiguous };
  if (compiled.body.length === 0) return match;
  if (facts.body === undefined) return { kind: 'needs-body' };
  for (const [name, value] of compiled.body)
    if (memberText(facts.body, name) !== value) return noMatch(`the body has no ${name} of ${value}`);
  return match;
};

const match: RuleVerdict = Object.freeze({ kind: 'match' });

const noMatch = (reason: string): RuleVerdict => ({ kind: 'no-match', reason });

/** A member of a JSON object as text: texts as they are, numbers and booleans as JSON writes them, all else not at all. */
const memberText = (body: unknown, name: string): string | null => {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !Object.hasOwn(body, name))
    return null;
  const value = (body as Readonly<Record<string, unknown>>)[name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
};

/** `*` is any run of characters, all else is literal; the whole text must match. Never goes back further than one `*`. */
export const compileGlob = (pattern: string): ((text: string) => boolean) => {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
};

/** `/%6eotes/%c3%a9` → `/notes/%C3%A9` (RFC 3986, 6.2.2): how a path is encoded is no way around a rule. */
const canonicalPath = (path: string): string =>
  path.includes('%') ? path.replaceAll(/%[\da-f]{2}/gi, canonicalCharacter) : path;

const canonicalCharacter = (encoded: string): string => {
  const character = String.fromCodePoint(Number.parseInt(encoded.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : encoded.toUpperCase();
};

/** `eholdings` of `/eholdings/*`; null when the first part of the path has a `*`. */
const literalSegment = (pattern: string): string | null => {
  const segment = firstSegment(pattern);
  return segment.includes('*') || !pattern.startsWith('/') ? null : segment;
};

const firstSegment = (path: string): string => {
  const slash = path.indexOf('/', 1);
  return slash === -1 ? path.slice(1) : path.slice(1, slash);
};

const conditionKey = (name: string, value: string): string => `${name.length}:${name}=${value}`;

const push = (map: Map<string, CompiledRule[]>, key: string, rule: CompiledRule): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [rule]);
  else list.push(rule);
};

const merge = (
  left: readonly CompiledRule[],
  right: readonly CompiledRule[] | undefined,
): readonly CompiledRule[] => {
  if (right === undefined || right === left) return left;
  if (left.length === 0) return right;
  return [...new Set([...left, ...right])].sort((a, b) => a.order - b.order);
};
