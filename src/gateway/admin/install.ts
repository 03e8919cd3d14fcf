import { errorText, type Log } from '#core';
import type { ModuleDescriptor } from '../descriptor.ts';
import { bad } from './answers.ts';
import type { AutoDeploy } from './auto-deploy.ts';
import { conflictText, findConflicts, findGaps, gapText } from './dependencies.ts';
import { handlerConflicts } from './handler-conflicts.ts';
import type { InstallStep } from './install-plan.ts';
import type { PersistentStore } from './persistent-store.ts';
import type { TenantInit } from './tenant-init.ts';
import type { PermissionAnnouncements } from './tenant-permissions.ts';

/** How steps are carried out. */
export interface InstallOptions {
  /** Call `_tenant` of this module? */
  readonly invoke: (moduleId: string) => boolean;
  readonly parameters: readonly { readonly key: string; readonly value?: string }[];
  readonly purge: boolean;
  /** Start what is enabled and runs nowhere, end what nobody needs any more. */
  readonly deploy: boolean;
  /** Go on after a step that failed. */
  readonly ignoreErrors: boolean;
}

/** Everything is called, nothing is purged. */
export const plainInstall: InstallOptions = {
  invoke: () => true,
  parameters: [],
  purge: false,
  deploy: false,
  ignoreErrors: false,
};

/** A step under way; `message` is why it failed. */
export interface StepProgress extends InstallStep {
  readonly stage: 'pending' | 'deploy' | 'invoke' | 'done';
  readonly message?: string;
}

/** Enables and disables modules for tenants, telling the modules. */
export interface Installer {
  /**
   * Plans and carries the steps out, one after the other. Not a transaction: what was done before a failure stays done, as in Okapi. Installs of
   * one tenant wait for each other, and plan when it is their turn. Resolves to the steps as they went.
   */
  run(
    tenant: string,
    plan: () => readonly InstallStep[],
    options: InstallOptions,
    watch?: (steps: readonly StepProgress[]) => Promise<void>,
  ): Promise<readonly StepProgress[]>;
}

/** What the installer works with. */
export interface InstallerDeps {
  readonly store: PersistentStore;
  readonly init: TenantInit;
  readonly permissions: PermissionAnnouncements;
  readonly autoDeploy: AutoDeploy;
  readonly log: Log;
}

/** Creates the installer. */
export const createInstaller = ({ store, init, permissions, autoDeploy, log }: InstallerDeps): Installer => {
  const queues = new Map<string, Promise<unknown>>();
  const enabledIn = (tenant: string): readonly ModuleDescriptor[] =>
    store.enabledFor(tenant).flatMap((id) => store.descriptor(id) ?? []);

  const replacedBy = ({ from }: InstallStep): ModuleDescriptor | undefined =>
    // A version that was built into an older program is known by its id alone.
    from === undefined ? undefined : (store.descriptor(from) ?? { id: from });

  const carryOut = async (tenant: string, step: InstallStep, options: InstallOptions): Promise<void> => {
    if (step.action === 'uptodate') return;
    const module = store.descriptor(step.id);
    if (module === undefined) throw bad(`Module ${step.id} not found`, 404);
    const to = step.action === 'enable' ? module : undefined;
    const change = { tenant, from: to === undefined ? module : replacedBy(step), to };
    await permissions.announce(change, enabledIn(tenant), options.invoke);
    if (options.invoke(step.id)) await init({ ...change, ...options });
    await permissions.welcome(change, enabledIn(tenant), options.invoke);
    const gone = change.from === undefined ? [] : [change.from.id];
    await store.change(tenant, gone, to === undefined ? [] : [to.id]);
  };

  /** One line for a run, however many modules there are: what was done before a failure stays done. */
  const tell = (tenant: string, steps: readonly StepProgress[]): void => {
    const done = (action: InstallStep['action']): readonly string[] =>
      steps.filter((step) => step.stage === 'done' && step.action === action).map(({ id }) => id);
    const [enabled, disabled] = [done('enable'), done('disable')];
    if (enabled.length + disabled.length > 0) log.info('modules_changed', { tenant, enabled, disabled });
  };

  const runAll: Installer['run'] = async (tenant, plan, options, watch) => {
    let steps: readonly StepProgress[] = plan().map((step) => ({ ...step, stage: 'pending' as const }));
    const note = async (index: number, news: Partial<StepProgress>): Promise<void> => {
      steps = steps.map((step, place) => (place === index ? { ...step, ...news } : step));
      await watch?.(steps);
    };
    const attempt = async (index: number, stage: 'deploy' | 'invoke', work: () => Promise<void>) => {
      await note(index, { stage });
      await work().catch(async (error: unknown) => {
        await note(index, { message: errorText(error) });
        if (!options.ignoreErrors) throw error;
      });
    };
    if (options.deploy) {
      for (const [index, { id, action }] of steps.entries())
        if (action !== 'disable') await attempt(index, 'deploy', () => autoDeploy.start(id));
    }
    try {
      for (const [index, step] of steps.entries()) {
        if (step.message !== undefined) continue;
        await attempt(index, 'invoke', () => carryOut(tenant, step, options));
        if (steps[index]?.message === undefined) await note(index, { stage: 'done' });
      }
    } finally {
      tell(tenant, steps);
    }
    if (options.deploy) {
      for (const { id, from, action } of steps) {
        const left = action === 'disable' ? id : from;
        if (left !== undefined) await autoDeploy.end(left);
      }
    }
    return steps;
  };

  return {
    run: (tenant, plan, options, watch) => {
      const before = queues.get(tenant) ?? Promise.resolve();
      const turn = before.catch(() => undefined).then(() => runAll(tenant, plan, options, watch));
      queues.set(tenant, turn);
      const clear = (): void => {
        if (queues.get(tenant) === turn) queues.delete(tenant);
      };
      turn.then(clear, clear);
      return turn;
    },
  };
};

/** Okapi's sentences for modules that do not fit together; empty: they do. */
export const fitProblems = (modules: readonly ModuleDescriptor[]): readonly string[] => [
  ...findConflicts(modules).map(conflictText),
  ...findGaps(modules).map(gapText),
  ...handlerConflicts(modules),
];
