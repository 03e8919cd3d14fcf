import fc from 'fast-check';
import { NOON } from '../support/gateway-world.ts';

/** Four tenants; `dd` has nothing to do with the others unless a relation says so. */
export const TENANTS = ['aa', 'bb', 'cc', 'dd'] as const;
export type Name = (typeof TENANTS)[number];

/** A rule of a relation as it is drawn. */
export interface DrawnRule {
  readonly method: string | null;
  readonly path: string | null;
  /** Value that the query's `site` must have. */
  readonly site: string | null;
  /** Value that the body's `domain` must have. */
  readonly domain: string | null;
  readonly tenant: Name;
}

/** A relation as it is drawn. */
export interface DrawnRelation {
  readonly tenant: Name;
  readonly executesAs: readonly Name[];
  readonly modules: readonly string[];
  readonly permissions: readonly string[];
  readonly when: readonly DrawnRule[];
  readonly requiresAccount: boolean;
  /** When it ends, in seconds from noon; below zero: it has ended. */
  readonly ends: number;
}

/** What a tenant has of users of other tenants: nothing, the account of somebody else who has the same id, or one that it has made for them. */
export type Account = 'none' | 'of a stranger' | 'shadow';

/** What a gateway knows. */
export interface State {
  /** Modules enabled, by tenant. */
  readonly enabled: Readonly<Record<Name, readonly string[]>>;
  readonly relations: readonly DrawnRelation[];
  readonly accounts: Readonly<Record<Name, Account>>;
  /** What the `pre` filters of a tenant wish for; null: it has no such filter. */
  readonly wishes: Readonly<Record<(typeof FILTERS)[number], Readonly<Record<Name, Name | 'ghost' | null>>>>;
  /** Tenants that are over, or that the map does not know. */
  readonly expired?: readonly Name[];
  readonly absent?: readonly Name[];
}

/** `one` and `two` answer; `two` and `chain` call others back; `home` is executed where the user belongs. */
export const MODULES = ['one', 'two', 'chain', 'home'] as const;

/** Modules of third parties with a `pre` filter that names a tenant, and a `post` filter; both of one level. */
export const FILTERS = ['hope', 'wish'] as const;

/** Id of a module or filter by its short name. */
export const idOf = (name: string): string => `mod-${name}-1.0.0`;

const some = <T>(items: readonly T[], least = 0): fc.Arbitrary<readonly T[]> =>
  fc.subarray([...items], { minLength: least });

/** Mostly the first, so that relations and requests meet. */
export const mostlyFirst: fc.Arbitrary<Name> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('aa' as const) },
  { weight: 2, arbitrary: fc.constantFrom(...TENANTS) },
);

const rule = (executesAs: readonly Name[]): fc.Arbitrary<DrawnRule> =>
  fc.record({
    method: fc.constantFrom(null, null, 'GET', 'POST'),
    path: fc.constantFrom(null, null, '/one', '/one*', '/two', '/*'),
    site: fc.constantFrom(null, null, null, null, 'x', 'y'),
    domain: fc.constantFrom(null, null, null, 'x'),
    tenant: fc.constantFrom(...executesAs),
  });

const later = fc.constantFrom(86_400, 86_400, 86_400, -1);

const relation: fc.Arbitrary<DrawnRelation> = fc
  .record({ tenant: mostlyFirst, reached: some(TENANTS, 2) })
  .chain(({ tenant, reached }) => {
    const executesAs = reached.filter((other) => other !== tenant);
    return fc.record({
      tenant: fc.constant(tenant),
      executesAs: fc.constant(executesAs),
      modules: some(MODULES, 1).map((names) => names.map((name) => `mod-${name}`)),
      permissions: fc.constantFrom(['*'], ['*'], ['*'], ['one.*'], ['one.get', 'two.get'], ['two.*']),
      when: fc.oneof(
        { weight: 1, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(rule(executesAs), { minLength: 1, maxLength: 2 }) },
      ),
      requiresAccount: fc.constantFrom(false, false, false, false, true),
      ends: later,
    });
  });

const mostModules = fc.oneof(
  { weight: 3, arbitrary: fc.constant<readonly string[]>(MODULES) },
  { weight: 1, arbitrary: some(MODULES) },
);
const account = fc.constantFrom<Account>('none', 'of a stranger', 'shadow');
const wish = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constantFrom(...TENANTS, 'bb' as const, 'ghost' as const) },
);
const wishes = fc.record({ aa: wish, bb: wish, cc: wish, dd: wish });
const nothing = fc.constant({ aa: null, bb: null, cc: null, dd: null });

/** Any state; most have no filter. */
export const state: fc.Arbitrary<State> = fc.record({
  enabled: fc.record({ aa: some(MODULES), bb: mostModules, cc: mostModules, dd: mostModules }),
  relations: fc.array(relation, { minLength: 1, maxLength: 4 }),
  accounts: fc.record({ aa: account, bb: account, cc: account, dd: account }),
  wishes: fc.record({ hope: nothing, wish: fc.oneof(nothing, wishes) }),
});

/** States where both filters may wish for something, at the same level. */
export const wishfulState: fc.Arbitrary<State> = fc
  .tuple(state, wishes, wishes)
  .map(([drawn, hope, wished]) => ({ ...drawn, wishes: { hope, wish: wished } }));

/** A gateway that knows the four tenants and nothing else. */
export const emptyState: State = {
  enabled: { aa: [], bb: [], cc: [], dd: [] },
  relations: [],
  accounts: { aa: 'none', bb: 'none', cc: 'none', dd: 'none' },
  wishes: {
    hope: { aa: null, bb: null, cc: null, dd: null },
    wish: { aa: null, bb: null, cc: null, dd: null },
  },
};

/** The users map of a state. */
export const mapOf = ({ relations, expired = [], absent = [] }: State): string =>
  [
    ...TENANTS.filter((name) => !absent.includes(name)).map(
      (name) => `- user: { prefix: ${name}, expire: ${expired.includes(name) ? 2020 : 2199}-01-01 }`,
    ),
    ...relations.map(
      (each) =>
        `- relation: ${JSON.stringify({
          tenant: each.tenant,
          executes_as: each.executesAs,
          modules: each.modules,
          permissions: each.permissions,
          requires_account: each.requiresAccount,
          when: each.when.map(({ method, path, site, domain, tenant }) => ({
            ...(method === null ? {} : { method }),
            ...(path === null ? {} : { path }),
            ...(site === null ? {} : { query: { site } }),
            ...(domain === null ? {} : { body: { domain } }),
            tenant,
          })),
          expire: new Date(NOON + each.ends * 1_000).toISOString(),
        })}`,
    ),
  ].join('\n');
