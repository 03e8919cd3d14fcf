import type { Kysely } from 'kysely';
import type { ModuleDescriptor } from '../descriptor.ts';
import type { ModuleInstance } from '../module-store.ts';

/** Where a module runs, as discovery tells it: whoever reads this learns no secret. */
export interface Discovery {
  readonly srvcId: string;
  readonly instId: string;
  readonly url: string;
  /** Only for what deployment has started: the node. */
  readonly nodeId?: string;
  readonly descriptor?: Readonly<Record<string, unknown>>;
}

/** As discovery keeps it. */
export interface DiscoveryRecord extends Discovery {
  /** Shared with the instance. */
  readonly secret?: string;
}

/** Tables of the store. `revision` is the store's version at the time when the descriptor was added. */
export type StoreTables = {
  gateway_modules: { id: string; doc: string; revision: number };
  gateway_enabled: { tenant: string; module_id: string };
  gateway_instances: { inst_id: string; srvc_id: string; doc: string };
  gateway_version: { one: number; version: number };
};

/** Everything that the store knows at one version. Immutable; what has not changed is the same object in the next world. */
export interface StoreWorld {
  readonly version: number;
  /** All modules by id, built-in ones first. */
  readonly modules: ReadonlyMap<string, ModuleDescriptor>;
  /** Of the modules that are not built in. */
  readonly revisions: ReadonlyMap<string, number>;
  /** Ids of modules by tenant, ascending. */
  readonly enabled: ReadonlyMap<string, readonly string[]>;
  readonly discoveries: readonly DiscoveryRecord[];
  /** Instances by module id. */
  readonly instances: ReadonlyMap<string, readonly ModuleInstance[]>;
}

/** The world before anything was read. */
export const emptyWorld = (builtIn: readonly ModuleDescriptor[]): StoreWorld => ({
  version: -1,
  modules: new Map(builtIn.map((module) => [module.id, module])),
  revisions: new Map(),
  enabled: new Map(),
  discoveries: [],
  instances: new Map(),
});

/** Descriptors fetched with one statement. */
const DOCS_AT_ONCE = 500;

/** Reads the world; descriptors that `before` has already are not read again. */
export const readWorld = async (
  tables: Kysely<StoreTables>,
  before: StoreWorld,
  builtIn: readonly ModuleDescriptor[],
): Promise<StoreWorld> => {
  // The version first: a change in between is then seen at the next look.
  const { version } = await tables.selectFrom('gateway_version').select('version').executeTakeFirstOrThrow();
  const [rows, enabled, instances] = await Promise.all([
    tables.selectFrom('gateway_modules').select(['id', 'revision']).execute(),
    tables.selectFrom('gateway_enabled').selectAll().execute(),
    tables.selectFrom('gateway_instances').select('doc').orderBy('inst_id').execute(),
  ]);
  const unknown = rows.filter(({ id, revision }) => before.revisions.get(id) !== revision);
  const docs = await readDocs(
    tables,
    unknown.map(({ id }) => id),
  );
  const modules = new Map(builtIn.map((module) => [module.id, module]));
  for (const { id } of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const module = docs.get(id) ?? before.modules.get(id);
    // A built-in module of the same id counts before one that was posted to an older version of this program.
    if (module !== undefined && !modules.has(id)) modules.set(id, module);
  }
  return withDiscoveries(
    {
      ...before,
      version,
      modules,
      revisions: new Map(rows.map(({ id, revision }) => [id, revision])),
      enabled: enabledOf(enabled, before),
    },
    instances.map(({ doc }) => JSON.parse(doc) as DiscoveryRecord),
  );
};

/** With other instances. */
export const withDiscoveries = (world: StoreWorld, discoveries: readonly DiscoveryRecord[]): StoreWorld => ({
  ...world,
  discoveries,
  instances: new Map(
    [...Map.groupBy(discoveries, ({ srvcId }) => srvcId)].map(([srvcId, found]) => {
      const instances = found.map(({ instId, url, secret }) =>
        secret === undefined ? { instId, url } : { instId, url, secret },
      );
      return [srvcId, Object.freeze(instances)];
    }),
  ),
});

/** With these descriptors as well, or instead. */
export const withModules = (
  world: StoreWorld,
  come: readonly ModuleDescriptor[],
  gone: readonly string[],
  revision: number,
): StoreWorld => {
  const modules = new Map(world.modules);
  const revisions = new Map(world.revisions);
  for (const id of gone) {
    modules.delete(id);
    revisions.delete(id);
  }
  for (const module of come) {
    modules.set(module.id, module);
    revisions.set(module.id, revision);
  }
  return { ...world, modules, revisions };
};

/** With other modules for one tenant. */
export const withEnabled = (
  world: StoreWorld,
  tenant: string,
  gone: readonly string[],
  come: readonly string[],
): StoreWorld => {
  const ids = new Set(world.enabled.get(tenant));
  for (const id of gone) ids.delete(id);
  for (const id of come) ids.add(id);
  const enabled = new Map(world.enabled);
  if (ids.size === 0) enabled.delete(tenant);
  else enabled.set(tenant, ascending([...ids]));
  return { ...world, enabled };
};

const readDocs = async (
  tables: Kysely<StoreTables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ModuleDescriptor>> => {
  const docs = new Map<string, ModuleDescriptor>();
  for (let from = 0; from < ids.length; from += DOCS_AT_ONCE) {
    const rows = await tables
      .selectFrom('gateway_modules')
      .select(['id', 'doc'])
      .where('id', 'in', ids.slice(from, from + DOCS_AT_ONCE))
      .execute();
    for (const { id, doc } of rows) docs.set(id, JSON.parse(doc) as ModuleDescriptor);
  }
  return docs;
};

/** Routes are found by the identity of these lists, so a list that has not changed stays the same one. */
const enabledOf = (
  rows: readonly StoreTables['gateway_enabled'][],
  before: StoreWorld,
): StoreWorld['enabled'] =>
  new Map(
    [...Map.groupBy(rows, ({ tenant }) => tenant)].map(([tenant, found]) => {
      const ids = ascending(found.map(({ module_id }) => module_id));
      const old = before.enabled.get(tenant);
      const isSame = old?.length === ids.length && ids.every((id, place) => id === old[place]);
      return [tenant, isSame ? old : ids];
    }),
  );

const ascending = (ids: readonly string[]): readonly string[] => Object.freeze(ids.toSorted());
