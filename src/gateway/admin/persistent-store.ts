import type { Kysely } from 'kysely';
import { type Clock, errorText, type Log, type Running } from '#core';
import type { Database } from '#database';
import type { ModuleDescriptor } from '../descriptor.ts';
import type { ModuleInstance, ModuleStore } from '../module-store.ts';

/** Where a module runs, as discovery keeps it. */
export interface Discovery {
  readonly srvcId: string;
  readonly instId: string;
  readonly url: string;
  readonly nodeId?: string;
  readonly descriptor?: Readonly<Record<string, unknown>>;
}

/** The module store of the control database: reads are from memory, each change is written first and seen by other nodes within `lookMs`. */
export interface PersistentStore extends ModuleStore, Running {
  modules(): readonly ModuleDescriptor[];
  discoveries(): readonly Discovery[];
  /** Is it a module in process, which cannot be removed? */
  isBuiltIn(moduleId: string): boolean;
  /** Tenants for which a module is enabled. */
  tenantsWith(moduleId: string): readonly string[];
  add(descriptors: readonly ModuleDescriptor[]): Promise<void>;
  remove(moduleId: string): Promise<void>;
  /** Replaces what is enabled for a tenant: `gone` is taken away, `come` is added, at once. */
  change(tenant: string, gone: readonly string[], come: readonly string[]): Promise<void>;
  discover(discovery: Discovery): Promise<void>;
  forget(instId: string): Promise<void>;
}

/** How the store is opened. */
export interface PersistentStoreOptions {
  readonly database: Database;
  /** Modules in process: always known, never kept in the database. */
  readonly builtIn: readonly ModuleDescriptor[];
  readonly clock: Clock;
  readonly log: Log;
  /** How often other nodes' changes are looked for. Default 2 s. */
  readonly lookMs?: number;
}

type Tables = {
  gateway_modules: { id: string; doc: string };
  gateway_enabled: { tenant: string; module_id: string };
  gateway_instances: { inst_id: string; srvc_id: string; doc: string };
  gateway_version: { one: number; version: number };
};

interface World {
  readonly version: number;
  readonly modules: ReadonlyMap<string, ModuleDescriptor>;
  readonly enabled: ReadonlyMap<string, readonly string[]>;
  readonly discoveries: readonly Discovery[];
  readonly instances: ReadonlyMap<string, readonly ModuleInstance[]>;
}

const NONE: readonly never[] = Object.freeze([]);

/** Opens the store and reads everything once. */
export const openPersistentStore = async (options: PersistentStoreOptions): Promise<PersistentStore> => {
  const { database, builtIn, clock, log, lookMs = 2_000 } = options;
  const tables = database.as<Tables>();
  const listeners = new Set<() => void>();
  const stopping = new AbortController();
  let world = await readWorld(tables, builtIn);

  const look = async (): Promise<void> => {
    const { version } = await tables
      .selectFrom('gateway_version')
      .select('version')
      .executeTakeFirstOrThrow();
    if (version === world.version) return;
    world = await readWorld(tables, builtIn);
    for (const listener of listeners) listener();
  };
  const write = async (change: (transaction: typeof tables) => Promise<void>): Promise<void> => {
    await tables.transaction().execute(async (transaction) => {
      await change(transaction);
      await transaction
        .updateTable('gateway_version')
        .set(({ eb }) => ({ version: eb('version', '+', 1) }))
        .execute();
    });
    await look();
  };
  const watching = (async () => {
    for (;;) {
      await clock.sleep(lookMs, stopping.signal);
      if (stopping.signal.aborted) return;
      await look().catch((error: unknown) => log.warn('module_store_unread', { err: errorText(error) }));
    }
  })();

  return {
    descriptor: (moduleId) => world.modules.get(moduleId),
    enabledFor: (tenantId) => world.enabled.get(tenantId) ?? NONE,
    instances: (moduleId) => world.instances.get(moduleId) ?? NONE,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    modules: () => [...world.modules.values()],
    discoveries: () => world.discoveries,
    isBuiltIn: (moduleId) => builtIn.some(({ id }) => id === moduleId),
    tenantsWith: (moduleId) =>
      [...world.enabled].filter(([, ids]) => ids.includes(moduleId)).map(([tenant]) => tenant),
    add: (descriptors) =>
      write(async (transaction) => {
        const rows = descriptors.map((descriptor) => ({
          id: descriptor.id,
          doc: JSON.stringify(descriptor),
        }));
        if (rows.length > 0) await transaction.insertInto('gateway_modules').values(rows).execute();
      }),
    remove: (moduleId) =>
      write(async (transaction) => {
        await transaction.deleteFrom('gateway_modules').where('id', '=', moduleId).execute();
      }),
    change: (tenant, gone, come) =>
      write(async (transaction) => {
        for (const module_id of gone) {
          await transaction
            .deleteFrom('gateway_enabled')
            .where('tenant', '=', tenant)
            .where('module_id', '=', module_id)
            .execute();
        }
        for (const module_id of come) {
          await transaction
            .insertInto('gateway_enabled')
            .values({ tenant, module_id })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
      }),
    discover: (discovery) =>
      write(async (transaction) => {
        const row = { inst_id: discovery.instId, srvc_id: discovery.srvcId, doc: JSON.stringify(discovery) };
        await transaction.insertInto('gateway_instances').values(row).execute();
      }),
    forget: (instId) =>
      write(async (transaction) => {
        await transaction.deleteFrom('gateway_instances').where('inst_id', '=', instId).execute();
      }),
    stop: () => {
      stopping.abort();
      return watching;
    },
  };
};

const readWorld = async (tables: Kysely<Tables>, builtIn: readonly ModuleDescriptor[]): Promise<World> => {
  // The version first: a change in between is then seen at the next look.
  const { version } = await tables.selectFrom('gateway_version').select('version').executeTakeFirstOrThrow();
  const [modules, enabled, instances] = await Promise.all([
    tables.selectFrom('gateway_modules').select('doc').orderBy('id').execute(),
    tables.selectFrom('gateway_enabled').selectAll().orderBy('module_id').execute(),
    tables.selectFrom('gateway_instances').select('doc').orderBy('inst_id').execute(),
  ]);
  const descriptors = [...builtIn, ...modules.map(({ doc }) => JSON.parse(doc) as ModuleDescriptor)];
  const discoveries = instances.map(({ doc }) => JSON.parse(doc) as Discovery);
  return {
    version,
    modules: new Map(descriptors.map((descriptor) => [descriptor.id, descriptor])),
    enabled: grouped(
      enabled,
      ({ tenant }) => tenant,
      ({ module_id }) => module_id,
    ),
    discoveries,
    instances: grouped(
      discoveries,
      ({ srvcId }) => srvcId,
      ({ instId, url }) => ({ instId, url }),
    ),
  };
};

const grouped = <Item, Value>(
  items: readonly Item[],
  key: (item: Item) => string,
  value: (item: Item) => Value,
): ReadonlyMap<string, readonly Value[]> =>
  new Map([...Map.groupBy(items, key)].map(([name, group]) => [name, Object.freeze(group.map(value))]));
