import { LRUCache } from 'lru-cache';
import { answersMethod, type CompiledModule, compileModule, type Entry, matchesPath } from './entry.ts';
import type { ModuleStore } from './module-store.ts';
import type { ModuleDescriptor } from './descriptor.ts';

/** What the modules that are enabled for a tenant answer. Immutable. */
export interface RouteTable {
  readonly modules: ReadonlyMap<string, CompiledModule>;
  /** The handler with the longest literal start; `moduleId` asks for a `multiple` interface of that very module. */
  handler(method: string, path: string, uri: string, moduleId: string | null): Entry | null;
  /** Filters that match, most specific first, then in order of module ids. */
  filters(method: string, path: string, uri: string): Entry[];
  /** Has any module a filter of type `redirect`? */
  readonly hasRedirects: boolean;
}

/** Gives the route table of a tenant. */
export interface Routes {
  /** Cheap: call it once per request. */
  of(tenantId: string): RouteTable;
  module(moduleId: string): CompiledModule | undefined;
}

/**
 * Tables are shared by tenants with the same set of modules, and found by the identity of the store's array; a change of
 * one tenant's modules builds one table.
 */
export const createRoutes = (store: Pick<ModuleStore, 'descriptor' | 'enabledFor' | 'onChange'>): Routes => {
  const compiled = new WeakMap<ModuleDescriptor, CompiledModule>();
  const byArray = new WeakMap<readonly string[], RouteTable>();
  /** Arrays whose table has been seen to be true since the last change. */
  let upToDate = new WeakSet<readonly string[]>();
  const bySet = new LRUCache<string, RouteTable>({ max: 256 });
  store.onChange(() => {
    upToDate = new WeakSet();
    bySet.clear();
  });

  const module = (moduleId: string): CompiledModule | undefined => {
    const descriptor = store.descriptor(moduleId);
    if (descriptor === undefined) return undefined;
    let found = compiled.get(descriptor);
    if (found === undefined) compiled.set(descriptor, (found = compileModule(descriptor)));
    return found;
  };

  /** A module may have gone, or come again with another descriptor, while it was enabled. */
  const isTrue = (table: RouteTable, ids: readonly string[]): boolean =>
    ids.every((id) => module(id) === table.modules.get(id));

  return {
    module,
    of: (tenantId) => {
      const ids = store.enabledFor(tenantId);
      let table = byArray.get(ids);
      if (table !== undefined && upToDate.has(ids)) return table;
      if (table === undefined || !isTrue(table, ids)) {
        const key = ids.join('\n');
        table = bySet.get(key);
        if (table === undefined) {
          table = buildTable(ids.map(module).filter((found) => found !== undefined));
          bySet.set(key, table);
        }
        byArray.set(ids, table);
      }
      upToDate.add(ids);
      return table;
    },
  };
};

/** Builds the table of a set of modules; the order of the modules is the order of ties. */
export const buildTable = (modules: readonly CompiledModule[]): RouteTable => {
  const handlers = emptyBuckets();
  const multiple = emptyBuckets();
  const filters = emptyBuckets();
  let hasRedirects = false;
  for (const { entries } of modules)
    for (const entry of entries) {
      if (entry.kind === 'filter') {
        add(filters, entry);
        hasRedirects ||= entry.type === 'redirect';
      } else if (entry.kind === 'handler') add(handlers, entry);
      else if (entry.kind === 'multiple') add(multiple, entry);
    }
  return {
    modules: new Map(modules.map((module) => [module.id, module])),
    hasRedirects,
    handler: (method, path, uri, moduleId) => {
      const buckets = moduleId === null ? handlers : multiple;
      for (let key: string | null = path; key !== null; key = parentOf(key))
        for (const entry of entriesAt(buckets, key))
          if (
            (moduleId === null || entry.module.id === moduleId) &&
            answersMethod(entry, method) &&
            matchesPath(entry, path, uri)
          )
            return entry;
      return null;
    },
    filters: (method, path, uri) => {
      const found: Entry[] = [];
      for (let key: string | null = path; key !== null; key = parentOf(key))
        for (const entry of entriesAt(filters, key))
          if (answersMethod(entry, method) && matchesPath(entry, path, uri)) found.push(entry);
      return found;
    },
  };
};

/** Entries by the literal start of their pattern. */
interface Buckets {
  readonly entries: Map<string, Entry[]>;
  /** Longest key: a longer path is not hashed, so that a path of thousands of slashes stays cheap. */
  longest: number;
}

const emptyBuckets = (): Buckets => ({ entries: new Map(), longest: 0 });

const add = (buckets: Buckets, entry: Entry): void => {
  const key = entry.pattern?.bucket ?? '/';
  buckets.longest = Math.max(buckets.longest, key.length);
  const bucket = buckets.entries.get(key);
  if (bucket === undefined) buckets.entries.set(key, [entry]);
  else bucket.push(entry);
};

const entriesAt = (buckets: Buckets, key: string): readonly Entry[] =>
  key.length > buckets.longest ? none : (buckets.entries.get(key) ?? none);

const none: readonly Entry[] = [];

/** `/a/b/c` → `/a/b/` → `/a/` → `/` → none. */
const parentOf = (key: string): string | null => {
  if (key === '/') return null;
  const slash = key.lastIndexOf('/', key.length - 2);
  return slash === -1 ? '/' : key.slice(0, slash + 1);
};
