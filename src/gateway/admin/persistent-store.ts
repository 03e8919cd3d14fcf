import type { Kysely } from 'kysely';
import { type Clock, errorText, type Log, type Running } from '#core';
import type { Database } from '#database';
import type { ModuleDescriptor } from '../descriptor.ts';
import type { ModuleStore } from '../module-store.ts';
import { type ToldDiscovery, withoutSecret } from './hidden-secret.ts';
import {
  type DiscoveryRecord,
  emptyWorld,
  readWorld,
  type StoreTables,
  type StoreWorld,
  withDiscoveries,
  withEnabled,
  withModules,
} from './store-world.ts';

/** The module store of the control database: reads are from memory, each change is written first and seen by other nodes within `lookMs`. */
export interface PersistentStore extends ModuleStore, Running {
  modules(): readonly ModuleDescriptor[];
  /** Without secrets: `********` stands for each. */
  discoveries(): readonly ToldDiscovery[];
  /** Is it a module in process, which cannot be removed? */
  isBuiltIn(moduleId: string): boolean;
  /** Tenants for which a module is enabled, also those that are not in the users map any more. */
  tenantsWith(moduleId: string): readonly string[];
  /** Adds descriptors; one that is there already stays as it is. */
  add(descriptors: readonly ModuleDescriptor[]): Promise<void>;
  remove(moduleIds: readonly string[]): Promise<void>;
  /** Replaces what is enabled for a tenant: `gone` is taken away, `come` is added, at once. */
  change(tenant: string, gone: readonly string[], come: readonly string[]): Promise<void>;
  /** False: another instance has this id already. */
  discover(discovery: DiscoveryRecord): Promise<boolean>;
  forget(instIds: readonly string[]): Promise<void>;
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

/** Rows of one statement. */
const ROWS_AT_ONCE = 500;

const NONE: readonly never[] = Object.freeze([]);

/** Opens the store and reads everything once. */
export const openPersistentStore = async (options: PersistentStoreOptions): Promise<PersistentStore> => {
  const { database, builtIn, clock, log, lookMs = 2_000 } = options;
  const tables = database.as<StoreTables>();
  const listeners = new Set<() => void>();
  const stopping = new AbortController();
  let world = await readWorld(tables, emptyWorld(builtIn), builtIn);

  const enter = (next: StoreWorld): void => {
    // Two looks may overlap; the older one must not win.
    if (next.version <= world.version) return;
    world = next;
    for (const listener of listeners) listener();
  };
  const look = async (): Promise<void> => {
    const { version } = await tables
      .selectFrom('gateway_version')
      .select('version')
      .executeTakeFirstOrThrow();
    if (version !== world.version) enter(await readWorld(tables, world, builtIn));
  };
  /** Writes, then does the same to the world in memory, unless another node has written as well: then all is read. */
  const write = async (
    change: (transaction: Kysely<StoreTables>, version: number) => Promise<void>,
    apply: (before: StoreWorld, version: number) => StoreWorld,
  ): Promise<void> => {
    const version = await tables.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('gateway_version')
        .set(({ eb }) => ({ version: eb('version', '+', 1) }))
        .execute();
      const row = await transaction.selectFrom('gateway_version').select('version').executeTakeFirstOrThrow();
      await change(transaction, row.version);
      return row.version;
    });
    if (version === world.version + 1) enter({ ...apply(world, version), version });
    else await look();
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
    discoveries: () => world.discoveries.map(withoutSecret),
    isBuiltIn: (moduleId) => builtIn.some(({ id }) => id === moduleId),
    tenantsWith: (moduleId) =>
      [...world.enabled].filter(([, ids]) => ids.includes(moduleId)).map(([tenant]) => tenant),
    add: async (descriptors) => {
      const fresh = descriptors.filter(({ id }) => !world.modules.has(id));
      await write(
        async (transaction, revision) => {
          for (let from = 0; from < fresh.length; from += ROWS_AT_ONCE) {
            const rows = fresh
              .slice(from, from + ROWS_AT_ONCE)
              .map((module) => ({ id: module.id, doc: JSON.stringify(module), revision }));
            await transaction
              .insertInto('gateway_modules')
              .values(rows)
              .onConflict((conflict) => conflict.doNothing())
              .execute();
          }
        },
        (before, revision) => withModules(before, fresh, [], revision),
      );
    },
    remove: (moduleIds) =>
      write(
        async (transaction) => {
          for (const id of moduleIds)
            await transaction.deleteFrom('gateway_modules').where('id', '=', id).execute();
        },
        (before, revision) => withModules(before, [], moduleIds, revision),
      ),
    change: (tenant, gone, come) =>
      write(
        async (transaction) => {
          for (const id of gone) {
            await transaction
              .deleteFrom('gateway_enabled')
              .where('tenant', '=', tenant)
              .where('module_id', '=', id)
              .execute();
          }
          if (come.length === 0) return;
          await transaction
            .insertInto('gateway_enabled')
            .values(come.map((module_id) => ({ tenant, module_id })))
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        },
        (before) => withEnabled(before, tenant, gone, come),
      ),
    discover: async (discovery) => {
      let isNew = false;
      await write(
        async (transaction) => {
          const row = {
            inst_id: discovery.instId,
            srvc_id: discovery.srvcId,
            doc: JSON.stringify(discovery),
          };
          const { numInsertedOrUpdatedRows } = await transaction
            .insertInto('gateway_instances')
            .values(row)
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirstOrThrow();
          isNew = numInsertedOrUpdatedRows === 1n;
        },
        (before) => (isNew ? withDiscoveries(before, [...before.discoveries, discovery]) : before),
      );
      return isNew;
    },
    forget: (instIds) =>
      write(
        async (transaction) => {
          for (const id of instIds)
            await transaction.deleteFrom('gateway_instances').where('inst_id', '=', id).execute();
        },
        (before) =>
          withDiscoveries(
            before,
            before.discoveries.filter(({ instId }) => !instIds.includes(instId)),
          ),
      ),
    stop: () => {
      stopping.abort();
      return watching;
    },
  };
};
