import type { ModuleDescriptor } from './descriptor.ts';

/** Where one instance of a remote module answers. */
export interface ModuleInstance {
  readonly instId: string;
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Shared with the instance: requests to it are signed, and its calls have to be. Never told to anybody. */
  readonly secret?: string;
}

/**
 * What the gateway needs to know of modules: their descriptors, where they are enabled and where they run. Reading is
 * synchronous and cheap; arrays are immutable, so a new array (and only that) means a change.
 */
export interface ModuleStore {
  descriptor(moduleId: string): ModuleDescriptor | undefined;
  /** Ids of the modules enabled for a tenant, ascending. */
  enabledFor(tenantId: string): readonly string[];
  instances(moduleId: string): readonly ModuleInstance[];
  /** Calls back after each change. Returns the function that ends it. */
  onChange(listener: () => void): () => void;
}

/** A store in memory, for tests, benches and set-ups that are written as code. */
export interface MemoryModuleStore extends ModuleStore {
  add(descriptor: ModuleDescriptor): void;
  remove(moduleId: string): void;
  enable(tenantId: string, ...moduleIds: readonly string[]): void;
  disable(tenantId: string, ...moduleIds: readonly string[]): void;
  discover(moduleId: string, instance: ModuleInstance): void;
  forget(moduleId: string, instId: string): void;
}

/** Creates an empty store. */
export const createMemoryModuleStore = (): MemoryModuleStore => {
  const descriptors = new Map<string, ModuleDescriptor>();
  const enabled = new Map<string, readonly string[]>();
  const running = new Map<string, readonly ModuleInstance[]>();
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    descriptor: (moduleId) => descriptors.get(moduleId),
    enabledFor: (tenantId) => enabled.get(tenantId) ?? none,
    instances: (moduleId) => running.get(moduleId) ?? none,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add: (descriptor) => {
      descriptors.set(descriptor.id, descriptor);
      changed();
    },
    remove: (moduleId) => {
      descriptors.delete(moduleId);
      changed();
    },
    enable: (tenantId, ...moduleIds) => {
      const ids = new Set([...(enabled.get(tenantId) ?? none), ...moduleIds]);
      enabled.set(tenantId, Object.freeze([...ids].toSorted()));
      changed();
    },
    disable: (tenantId, ...moduleIds) => {
      const gone = new Set(moduleIds);
      enabled.set(tenantId, Object.freeze((enabled.get(tenantId) ?? none).filter((id) => !gone.has(id))));
      changed();
    },
    discover: (moduleId, instance) => {
      running.set(moduleId, Object.freeze([...(running.get(moduleId) ?? none), instance]));
      changed();
    },
    forget: (moduleId, instId) => {
      running.set(
        moduleId,
        Object.freeze((running.get(moduleId) ?? none).filter((instance) => instance.instId !== instId)),
      );
      changed();
    },
  };
};

const none: readonly never[] = Object.freeze([]);
