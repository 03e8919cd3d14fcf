import type { Relation } from './relation.ts';
import { compileRules, type RuleIndex } from './rules.ts';
import type { Tenant } from './tenant.ts';

/** One consistent view of the users map. Frozen; a request keeps the one it began with. */
export interface Snapshot {
  /** Hash of the file's bytes; equal versions are equal maps. */
  readonly version: string;
  /** When it was read, epoch ms. */
  readonly loadedAt: number;
  readonly tenants: readonly Tenant[];
  readonly relations: readonly Relation[];
  /** By id; takes any string so that hostile input can be looked up as it is. */
  byId(id: string): Tenant | undefined;
  /** By trace: exact, case-sensitive. */
  byTrace(trace: string): Tenant | undefined;
  /** Relations whose `tenant` is this one, in file order, expired ones included. */
  relationsOf(id: string): readonly Relation[];
  /** The rules of these relations, ready for matching; compiled at the first use. */
  rulesOf(id: string): RuleIndex;
}

/** Creates a snapshot over parsed entries. Ids and traces must be unique (the parser has checked). */
export const createSnapshot = (
  version: string,
  loadedAt: number,
  tenants: readonly Tenant[],
  relations: readonly Relation[],
): Snapshot => {
  const byId = new Map<string, Tenant>(tenants.map((tenant) => [tenant.id, tenant]));
  const byTrace = new Map(
    tenants.flatMap((tenant) => tenant.traces.map((trace) => [trace, tenant] as const)),
  );
  const byOrigin = Map.groupBy(relations, (relation): string => relation.tenant);
  const compiled = new Map<string, RuleIndex>();
  return Object.freeze({
    version,
    loadedAt,
    tenants,
    relations,
    byId: (id: string) => byId.get(id),
    byTrace: (trace: string) => byTrace.get(trace),
    relationsOf: (id: string) => byOrigin.get(id) ?? NO_RELATIONS,
    rulesOf: (id: string) => {
      const relations = byOrigin.get(id);
      if (relations === undefined) return NO_RULES;
      let rules = compiled.get(id);
      if (rules === undefined) compiled.set(id, (rules = compileRules(relations)));
      return rules;
    },
  });
};

const NO_RELATIONS: readonly Relation[] = Object.freeze([]);
const NO_RULES = compileRules([]);
