import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSnapshot,
  type Execution,
  isExpired,
  type NamedModule,
  type Relation,
  type RequestFacts,
  type Resolution,
  resolveTenant,
  type TenantId,
} from '#tenants';
import { modelResolution, type PlainWorld } from './tenant-resolution.model.ts';
import { type Scene, scenes } from './tenant-resolution.worlds.ts';

/** Worlds per property; the long form is RUMBRELLA_PROPERTY_RUNS=100000. */
const RUNS = Number(process.env['RUMBRELLA_PROPERTY_RUNS'] ?? 2_000);
const TIMEOUT_MS = 60_000 + RUNS * 5;

const resolve = (
  facts: RequestFacts,
  world: PlainWorld,
  asked: (tenant: TenantId) => void = () => undefined,
): Resolution =>
  resolveTenant(facts, {
    snapshot: createSnapshot('world', 0, world.tenants, world.relations),
    modulesServing: (tenant) => {
      asked(tenant);
      return world.serving[tenant];
    },
  });

const describeOutcome = (resolution: Resolution): string => {
  if (resolution.kind === 'execute') return `${resolution.tenant} by ${resolution.rule}`;
  return resolution.kind === 'refuse' ? resolution.code : resolution.kind;
};

const property = (name: string, check: (scene: Scene) => void): void =>
  it(name, () => fc.assert(fc.property(scenes, check), { numRuns: RUNS }), TIMEOUT_MS);

/** Checks only scenes whose request is executed. */
const executed = (name: string, check: (execution: Execution, scene: Scene) => void): void =>
  property(name, (scene) => {
    const resolution = resolve(scene.facts, scene.world);
    if (resolution.kind === 'execute') check(resolution, scene);
  });

/** Relations in force that lead from the caller's own tenant to another one. */
const bridges = ({ facts, world }: Scene, to: string) =>
  world.relations.filter(
    (each) =>
      each.tenant === facts.originTenant &&
      each.executesAs.some((id) => id === to) &&
      (each.expiresAt === null || each.expiresAt > facts.now),
  );

const isNamed = (relation: Relation, module: NamedModule | undefined): boolean =>
  module !== undefined &&
  [module.id, module.product, ...module.interfaces].some((name) => relation.modules.includes(name));

describe('tenant resolution in any world', () => {
  property('agrees with the model that is written from its description', ({ facts, world }) => {
    expect(describeOutcome(resolve(facts, world))).toBe(modelResolution(facts, world));
  });

  executed(
    'never executes for a tenant whose module is not enabled, or that is expired',
    ({ tenant }, { facts, world }) => {
      expect(world.serving[tenant]).toBeDefined();
      const found = world.tenants.find((each) => each.id === tenant);
      expect(found !== undefined && !isExpired(found, facts.now)).toBe(true);
    },
  );

  executed(
    'executes for the own tenant, or for one that a relation in force reaches in one step',
    ({ tenant, rule }, scene) => {
      const { originTenant, requestedTenant, moduleOfCaller, relationOfCaller } = scene.facts;
      if (tenant === (originTenant ?? requestedTenant)) return;
      const allowed = bridges(scene, tenant).some(
        (relation) =>
          isNamed(relation, scene.world.serving[tenant]) ||
          // A module that is there by right asks the modules beside it.
          (rule === 'callback' && (relation.key === relationOfCaller || isNamed(relation, moduleOfCaller))),
      );
      expect(allowed).toBe(true);
    },
  );

  executed(
    'executes for a module that works for no user in its own tenant alone, by no relation',
    ({ tenant, relation }, { facts }) => {
      if (facts.acting !== false) return;
      expect([tenant, relation]).toEqual([facts.originTenant ?? facts.requestedTenant, null]);
    },
  );

  executed(
    'carries the ceiling of its relation exactly when the tenant is not the own one',
    (execution, { facts }) => {
      const own = facts.originTenant ?? facts.requestedTenant;
      expect(execution.relation === null).toBe(execution.tenant === own);
      expect(execution.ceiling).toEqual(execution.relation?.permissions ?? null);
      expect(execution.relation === null || execution.relation.tenant === own).toBe(true);
    },
  );

  executed(
    'gives a callback of the module the same tenant again',
    ({ tenant, originTenant, relation }, { facts, world }) => {
      const served = world.serving[tenant];
      if (served?.executesIn !== 'requested' || originTenant === null || tenant === originTenant) return;
      const callback = {
        ...facts,
        requestedTenant: tenant,
        moduleOfCaller: served,
        relationOfCaller: relation?.key ?? null,
        explicit: false,
      };
      expect(describeOutcome(resolve(callback, world))).toBe(`${tenant} by callback`);
    },
  );

  executed(
    'gives the tenant again when the caller names it',
    ({ tenant, originTenant, rule }, { facts, world }) => {
      if (tenant === originTenant || originTenant === null || rule === 'callback') return;
      const { moduleOfCaller: _, ...named } = { ...facts, requestedTenant: tenant, explicit: true };
      expect(describeOutcome(resolve(named, world))).toBe(`${tenant} by named`);
    },
  );

  property('asks only about tenants that are the caller’s business', ({ facts, world }) => {
    const own = facts.originTenant ?? facts.requestedTenant;
    const reachable = world.relations
      .filter((each) => each.tenant === own)
      .flatMap((each) => each.executesAs);
    resolve(facts, world, (tenant) => expect([own, ...reachable]).toContain(tenant));
  });

  property('does not depend on the order of tenants or on the relations of others', ({ facts, world }) => {
    const own = facts.originTenant ?? facts.requestedTenant;
    const other = {
      tenants: world.tenants.toReversed(),
      relations: world.relations.filter((each) => each.tenant === own),
      serving: world.serving,
    };
    expect(describeOutcome(resolve(facts, other))).toBe(describeOutcome(resolve(facts, world)));
  });

  property('does not depend on whether reasons are asked for', ({ facts, world }) => {
    const explained = resolve({ ...facts, explain: true }, world);
    expect(describeOutcome(explained)).toBe(describeOutcome(resolve(facts, world)));
    expect(explained.why.length).toBeGreaterThan(0);
  });

  property('refuses foreign tenants with one answer, whatever the reason', ({ facts, world }) => {
    const resolution = resolve(facts, world);
    if (resolution.kind !== 'refuse' || resolution.code !== 'TENANT_NOT_ALLOWED') return;
    const unknown = resolve({ ...facts, requestedTenant: 'nobody' }, world);
    const message = resolution.message.replace(facts.requestedTenant, 'nobody');
    expect({ ...resolution, message, why: [] }).toEqual({ ...unknown, why: [] });
  });
});
