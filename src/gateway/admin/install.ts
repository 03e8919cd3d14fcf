import type { ModuleDescriptor } from '../descriptor.ts';
import { findConflicts, findGaps, conflictText, gapText } from './dependencies.ts';
import { bad } from './answers.ts';
import type { InstallStep } from './install-plan.ts';
import type { PersistentStore } from './persistent-store.ts';
import type { TenantInit } from './tenant-init.ts';
import type { AnnouncePermissions } from './tenant-permissions.ts';

/** How steps are carried out. */
export interface InstallOptions {
  /** Call `_tenant` of this module? */
  readonly invoke: (moduleId: string) => boolean;
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
  readonly purge: boolean;
}

/** Enables and disables modules for tenants, telling the modules. */
export interface Installer {
  /**
   * Carries the steps out, one after the other. Not a transaction: what was done before a failure stays done, as in Okapi. Installs of one tenant
   * wait for each other.
   */
  run(tenant: string, steps: readonly InstallStep[], options: InstallOptions): Promise<void>;
  /** Errors: 400 with Okapi's sentences when these modules do not fit together. */
  check(modules: readonly ModuleDescriptor[]): void;
}

/** Creates the installer. */
export const createInstaller = (
  store: PersistentStore,
  init: TenantInit,
  announce: AnnouncePermissions,
): Installer => {
  const queues = new Map<string, Promise<void>>();
  const enabledIn = (tenant: string): readonly ModuleDescriptor[] =>
    store.enabledFor(tenant).flatMap((id) => store.descriptor(id) ?? []);

  const carryOut = async (tenant: string, step: InstallStep, options: InstallOptions): Promise<void> => {
    if (step.action === 'uptodate') return;
    const module = store.descriptor(step.id);
    if (module === undefined) throw bad(`Module ${step.id} not found`, 404);
    const isEnabling = step.action === 'enable';
    const from = isEnabling ? (step.from === undefined ? undefined : store.descriptor(step.from)) : module;
    const to = isEnabling ? module : undefined;
    if (options.invoke(step.id)) {
      await init({ tenant, from, to, purge: options.purge, parameters: options.parameters });
    }
    const gone = from === undefined || from === to ? [] : [from.id];
    await store.change(tenant, gone, isEnabling ? [step.id] : []);
    if (!isEnabling) return;
    const enabled = enabledIn(tenant);
    const isReceiver = module.provides?.some(({ id }) => id === '_tenantPermissions') ?? false;
    // The permission module hears of everybody who was there before it.
    await announce(tenant, isReceiver ? enabled : [module], enabled);
  };

  return {
    run: (tenant, steps, options) => {
      const before = queues.get(tenant) ?? Promise.resolve();
      const turn = before
        .catch(() => undefined)
        .then(async () => {
          for (const step of steps) await carryOut(tenant, step, options);
        });
      queues.set(tenant, turn);
      const clear = (): void => {
        if (queues.get(tenant) === turn) queues.delete(tenant);
      };
      turn.then(clear, clear);
      return turn;
    },
    check: (modules) => {
      const problems = [...findConflicts(modules).map(conflictText), ...findGaps(modules).map(gapText)];
      if (problems.length > 0) throw bad(problems.join('. '));
    },
  };
};
