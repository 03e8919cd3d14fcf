import fc from 'fast-check';
import type { Relation, RelationRule, RequestFacts, ServingModule, Tenant, TenantId } from '#tenants';
import { toTenantId } from '#tenants';
import type { PlainWorld } from './tenant-resolution.model.ts';

/** A world and a request into it. */
export interface Scene {
  readonly world: PlainWorld;
  readonly facts: RequestFacts;
}

const NOW = 1_000_000;
const id = (text: string): TenantId => {
  const found = toTenantId(text);
  if (found === null) throw new Error(`${text} is no tenant id`);
  return found;
};
/** Few of everything, so that names meet. `ghost` is never in the map. */
const TENANTS = ['aa', 'bb', 'cc', 'dd'].map(id);
const PATHS = ['/notes', '/notes/1', '/eholdings/a/b', '/'];
const GLOBS = ['/notes', '/notes*', '/*', '/eholdings/*', '*', '/no*/1', '/notes/*', '/*/a*b'];

const module = (name: string, executesIn: ServingModule['executesIn']): ServingModule => ({
  id: `mod-${name}-1.0.0`,
  product: `mod-${name}`,
  interfaces: [name, `${name}-types`],
  executesIn,
});
const MODULES = [module('notes', 'requested'), module('eholdings', 'requested'), module('users', 'origin')];
const NAMES = MODULES.flatMap((each) => [each.id, each.product, ...each.interfaces]);

/** Mostly the first one, so that relations, rules and requests meet. */
const tenant = fc.oneof(
  { weight: 2, arbitrary: fc.constant(id('aa')) },
  { weight: 1, arbitrary: fc.constantFrom(...TENANTS) },
);
const expiry = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(NOW - 1, NOW, NOW + 1) },
);
const served = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(MODULES[0], MODULES[1]) },
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(...MODULES) },
);
const conditions = (name: string): fc.Arbitrary<Readonly<Record<string, string>>> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom('x', 'y', '1').map((value) => ({ [name]: value })) },
  );

const rule = (executesAs: readonly TenantId[]): fc.Arbitrary<RelationRule> =>
  fc.record({
    method: fc.option(fc.constantFrom('GET', 'POST'), { nil: null }),
    path: fc.option(fc.constantFrom(...GLOBS), { nil: null }),
    query: conditions('site'),
    body: conditions('domain'),
    tenant: fc.constantFrom(...executesAs),
  });

const relation: fc.Arbitrary<Omit<Relation, 'id' | 'key'>> = fc
  .record({ tenant, others: fc.uniqueArray(fc.constantFrom(...TENANTS), { minLength: 2, maxLength: 4 }) })
  .chain(({ tenant: from, others }) => {
    const executesAs = others.filter((other) => other !== from);
    return fc.record({
      tenant: fc.constant(from),
      executesAs: fc.constant(executesAs),
      modules: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }),
      when: fc.array(rule(executesAs), { maxLength: 4, size: 'max' }),
      permissions: fc.constantFrom(['*'], ['notes.*'], []),
      requiresAccount: fc.boolean(),
      expiresAt: expiry,
    });
  });

const world: fc.Arbitrary<PlainWorld> = fc
  .record({
    expiries: fc.tuple(expiry, expiry, expiry, expiry),
    relations: fc.array(relation, { maxLength: 5, size: 'max' }),
    serving: fc.tuple(...TENANTS.map(() => served)),
  })
  .map(({ expiries, relations, serving }) => ({
    tenants: TENANTS.map((each, index) => plainTenant(each, expiries[index] ?? null)),
    relations: relations.map((each, index) => ({
      ...each,
      id: `${each.tenant}#${index + 1}`,
      key: `${each.tenant}:${index + 1}`,
    })),
    serving: Object.fromEntries(TENANTS.map((each, index) => [each, serving[index]])),
  }));

const facts: fc.Arbitrary<RequestFacts> = fc
  .record({
    requestedTenant: fc.oneof(
      { weight: 9, arbitrary: tenant },
      { weight: 1, arbitrary: fc.constant('ghost') },
    ),
    origin: fc.oneof(
      { weight: 5, arbitrary: fc.constant('requested') },
      { weight: 4, arbitrary: tenant },
      { weight: 1, arbitrary: fc.constantFrom('ghost', null) },
    ),
    method: fc.constantFrom('GET', 'POST'),
    path: fc.constantFrom(...PATHS),
    query: fc.constantFrom('', 'site=x', 'site=y&site=y', 'site=x&site=y', 'other=x'),
    body: fc.constantFrom<unknown>(undefined, null, {}, { domain: 'x' }, { domain: 1 }, { domain: ['x'] }, [
      'x',
    ]),
    moduleOfCaller: fc.option(fc.constantFrom(...MODULES), { nil: undefined }),
    relationOfCaller: fc.constantFrom(null, null, 'aa:1', 'bb:1', 'aa:2', 'aa#1'),
    explicit: fc.constantFrom(undefined, true, false),
    alone: fc.oneof(
      { weight: 5, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  })
  .map(({ origin, query, moduleOfCaller, explicit, alone, ...rest }) => ({
    ...rest,
    originTenant: origin === 'requested' ? rest.requestedTenant : origin,
    query: new URLSearchParams(query),
    now: NOW,
    ...(moduleOfCaller === undefined ? {} : { moduleOfCaller, ...(alone && { acting: false }) }),
    ...(explicit === undefined ? {} : { explicit }),
  }));

/** Any world with any request. */
export const scenes: fc.Arbitrary<Scene> = fc.record({ world, facts });

const plainTenant = (tenantId: TenantId, expiresAt: number | null): Tenant => ({
  id: tenantId,
  name: tenantId,
  traces: [],
  expiresAt,
  hostnames: [],
  onlyHostnames: false,
  retentionDays: null,
  beaconsPerSecond: null,
});
