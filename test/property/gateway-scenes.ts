import fc from 'fast-check';
import type { Module, ModuleRequest } from '#gateway/contract';
import { authModule, type Seen, spyModule, startWorld, type World } from '../support/gateway-world.ts';

/** Four tenants; `dd` has nothing to do with the others unless a relation says so. */
export const TENANTS = ['aa', 'bb', 'cc', 'dd'] as const;
export type Name = (typeof TENANTS)[number];

/** A relation as it is drawn; `open`: still in force. */
export interface DrawnRelation {
  readonly tenant: Name;
  readonly executesAs: readonly Name[];
  readonly modules: readonly string[];
  readonly permissions: readonly string[];
  readonly open: boolean;
}

/** What a gateway knows. */
export interface State {
  /** Modules enabled, by tenant. */
  readonly enabled: Readonly<Record<Name, readonly string[]>>;
  readonly relations: readonly DrawnRelation[];
}

/** A request from outside. */
export interface Asked {
  readonly path: string;
  readonly tenant: Name;
  /** Tenant of the user; null: without a token. */
  readonly from: Name | null;
  /** An internal header that the client makes up. */
  readonly forged: string | null;
}

/** `one` and `two` answer; `two` and `chain` call others back; `home` is executed where the user belongs. */
const MODULES = ['one', 'two', 'chain', 'home'] as const;
const idOf = (name: string): string => `mod-${name}-1.0.0`;

const some = <T>(items: readonly T[], least = 0): fc.Arbitrary<readonly T[]> =>
  fc.subarray([...items], { minLength: least });

/** Mostly the first, so that relations and requests meet. */
const mostlyFirst: fc.Arbitrary<Name> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('aa' as const) },
  { weight: 2, arbitrary: fc.constantFrom(...TENANTS) },
);

const relation: fc.Arbitrary<DrawnRelation> = mostlyFirst.chain((tenant) =>
  fc.record({
    tenant: fc.constant(tenant),
    executesAs: some(
      TENANTS.filter((other) => other !== tenant),
      1,
    ),
    modules: some(MODULES, 1).map((names) => names.map((name) => `mod-${name}`)),
    permissions: fc.constantFrom(['*'], ['one.*'], ['one.get', 'two.get'], ['two.*']),
    open: fc.constantFrom(true, true, true, false),
  }),
);

const mostModules = fc.oneof(fc.constant<readonly string[]>(MODULES), some(MODULES));

export const state: fc.Arbitrary<State> = fc.record({
  enabled: fc.record({ aa: some(MODULES), bb: mostModules, cc: mostModules, dd: mostModules }),
  relations: fc.array(relation, { minLength: 1, maxLength: 4 }),
});

const FORGEABLE = [
  'X-Okapi-User-Id',
  'x_okapi_permissions',
  'X-Okapi-Match-Path-Pattern',
  'X-OKAPI-Url',
  'x-okapi-module-tokens',
  'X_Okapi_Tenant',
] as const;
export const CANARY = 'c4n4ry';

export const asked: fc.Arbitrary<Asked> = fc.record({
  path: fc.constantFrom('/one', '/two', '/chain', '/home', '/one/%2e', '/nowhere'),
  tenant: fc.constantFrom(...TENANTS),
  from: fc.option(mostlyFirst, { nil: null, freq: 6 }),
  forged: fc.option(fc.constantFrom(...FORGEABLE), { nil: null }),
});

const descriptor = (name: string): unknown => ({
  id: idOf(name),
  provides: [
    {
      id: name,
      version: '1.0',
      handlers: [
        {
          methods: ['GET'],
          pathPattern: `/${name}`,
          permissionsRequired: [`${name}.get`],
          permissionsDesired: ['*'],
          modulePermissions: name === 'chain' ? ['two.get'] : [],
        },
        { methods: ['GET'], pathPattern: `/${name}/{id}`, permissionsRequired: [`${name}.get`] },
      ],
    },
  ],
  ...(name === 'home' ? { metadata: { tenantResolution: { executesIn: 'origin' } } } : {}),
});

const next: Readonly<Record<string, string>> = { two: '/one', chain: '/two' };

const answer = async (name: string, request: ModuleRequest) => {
  const to = next[name];
  const then = to === undefined ? null : await request.call({ method: 'GET', path: to });
  return { status: 200, body: `${name} in ${request.tenant}; ${then?.status ?? ''} ${then?.text() ?? ''}` };
};

/** What every user holds at home. */
export const HELD = ['one.get', 'two.get', 'chain.get', 'home.get'];

/** A gateway with spies, whose state can be set as often as one likes. */
export interface Spied {
  readonly world: World;
  readonly seen: Seen[];
  /** What the audit was told: which request, and how many calls of it there had been by then. */
  readonly audited: { readonly requestId: string; readonly tenant: string; readonly callsBefore: number }[];
  /** Whether the audit can be written. */
  auditWorks(works: boolean): void;
  set(state: State): void;
  /** The answer, without what differs by time. */
  ask(request: Asked): Promise<{ readonly status: number; readonly text: string }>;
}

const mapOf = ({ relations }: State): string =>
  [
    ...TENANTS.map((name) => `- user: { prefix: ${name}, expire: 2199-01-01 }`),
    ...relations.map(
      ({ tenant, executesAs, modules, permissions, open }) =>
        `- relation: { tenant: ${tenant}, executes_as: [${executesAs.join(', ')}], modules: [${modules.join(', ')}], ` +
        `permissions: [${permissions.map((name) => `'${name}'`).join(', ')}], expire: ${open ? '2099-01-01' : '2020-01-01'} }`,
    ),
  ].join('\n');

/** Starts one. */
export const startSpied = async (first: State): Promise<Spied> => {
  const seen: Seen[] = [];
  const modules: Module[] = [
    authModule(() => HELD),
    ...MODULES.map((name) => spyModule(descriptor(name), seen, (request) => answer(name, request))),
  ];
  const audited: Spied['audited'] = [];
  let auditWorks = true;
  const world = await startWorld(mapOf(first), modules, {}, 'in process', ({ requestId, tenant }) => {
    if (!auditWorks) return Promise.reject(new Error('the audit is down'));
    const callsBefore = seen.filter(({ headers }) => headers['x-okapi-request-id'] === requestId).length;
    audited.push({ requestId, tenant, callsBefore });
    return Promise.resolve(null);
  });
  const set = ({ enabled, relations }: State): void => {
    world.map(mapOf({ enabled, relations }));
    for (const name of TENANTS) {
      world.store.enable(name, 'mod-auth-1.0.0');
      for (const module of MODULES) {
        if (enabled[name].includes(module)) world.store.enable(name, idOf(module));
        else world.store.disable(name, idOf(module));
      }
    }
  };
  set(first);
  return {
    world,
    seen,
    audited,
    auditWorks: (works) => {
      auditWorks = works;
    },
    set,
    ask: async ({ path, tenant, from, forged }) => {
      const { status, text } = await world.send({
        path,
        headers: {
          'x-okapi-tenant': tenant,
          ...(from === null ? {} : { 'x-okapi-token': world.token(from) }),
          ...(forged === null ? {} : { [forged]: CANARY }),
        },
      });
      return { status, text };
    },
  };
};
