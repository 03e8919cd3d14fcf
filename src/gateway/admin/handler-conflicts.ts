import type { ModuleDescriptor } from '../descriptor.ts';
import type { RoutingEntry } from '../descriptor-entry.ts';
import { compilePathPattern } from '../path-pattern.ts';
import { patternsOverlap } from '../pattern-overlap.ts';

/**
 * Two modules of one tenant that would answer the same requests: Okapi silently takes the first one by id. A method `*` is every method. Of patterns with
 * different literal starts (`/notes/{id}`, `/notes/types`) the longer start decides, so that these are no conflict; with the same one they are
 * when a path fits both.
 */
export const handlerConflicts = (modules: readonly ModuleDescriptor[]): readonly string[] => {
  const buckets = new Map<string, Claim[]>();
  const problems: string[] = [];
  for (const module of modules)
    for (const entry of publicHandlers(module, isRegular)) {
      const claim = claimOf(module, entry);
      const bucket = buckets.get(claim.bucket);
      if (bucket === undefined) buckets.set(claim.bucket, [claim]);
      else {
        for (const other of bucket) problems.push(...conflictsOf(other, claim));
        bucket.push(claim);
      }
    }
  return [...new Set(problems)];
};

/** A handler and what it claims. */
interface Claim {
  readonly module: ModuleDescriptor;
  readonly methods: readonly string[];
  /** As it stands in the descriptor. */
  readonly label: string;
  readonly pattern: string;
  readonly bucket: string;
}

/** A legacy path is a beginning of any length, and asked with the shortest literal start. */
const claimOf = (module: ModuleDescriptor, { methods = [], pathPattern, path = '' }: RoutingEntry): Claim => {
  const claim = { module, methods, label: pathPattern ?? path };
  return typeof pathPattern === 'string'
    ? { ...claim, pattern: pathPattern, bucket: compilePathPattern(pathPattern).bucket }
    : { ...claim, pattern: `${path}*`, bucket: '/' };
};

const conflictsOf = (first: Claim, second: Claim): readonly string[] => {
  if (first.module === second.module) return [];
  const methods = commonMethods(first.methods, second.methods);
  if (methods.length === 0 || !patternsOverlap(first.pattern, second.pattern)) return [];
  const as = isSamePattern(first.label, second.label) ? '' : ` (${first.module.id}: ${first.label})`;
  return methods.map(
    (method) => `Modules ${first.module.id}, ${second.module.id} both handle ${method} ${second.label}${as}`,
  );
};

const commonMethods = (first: readonly string[], second: readonly string[]): readonly string[] => {
  if (first.includes('*')) return second;
  return second.includes('*') ? first : second.filter((method) => first.includes(method));
};

const isSamePattern = (first: string, second: string): boolean =>
  first.replaceAll(/\{[^{}]*\}/g, '{}') === second.replaceAll(/\{[^{}]*\}/g, '{}');

/**
 * Handlers on paths that this server answers itself (`/_/…`, the door for beacons), which would never be called. `reserved` are beginnings of
 * paths.
 */
export const reservedPathProblems = (
  module: ModuleDescriptor,
  reserved: readonly string[],
): readonly string[] =>
  publicHandlers(module, (interfaceType) => interfaceType !== 'system').flatMap(({ pathPattern, path }) => {
    const claimed = pathPattern ?? path ?? '';
    const [literal = ''] = claimed.split(/[{*]/, 1);
    const taken = reserved.find((prefix) => literal.startsWith(prefix));
    return taken === undefined
      ? []
      : [
          `Module '${module.id}' handler ${claimed}: paths that begin with ${taken} are answered by the gateway`,
        ];
  });

const isRegular = (interfaceType: string | undefined): boolean =>
  interfaceType === undefined || interfaceType === 'proxy';

const publicHandlers = (
  { provides = [] }: ModuleDescriptor,
  fits: (interfaceType: string | undefined) => boolean,
): readonly RoutingEntry[] =>
  provides
    .filter(({ id, interfaceType }) => !id.startsWith('_') && fits(interfaceType))
    .flatMap(({ handlers = [] }) => handlers);
