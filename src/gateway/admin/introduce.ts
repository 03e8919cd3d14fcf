import { errorText, type Log, type Running } from '#core';
import type { Database } from '#database';
import type { Snapshot, TenantRegistry } from '#tenants';
import type { ModuleDescriptor } from '../descriptor.ts';
import type { Installer } from './install.ts';
import { planInstall } from './install-plan.ts';
import type { PersistentStore } from './persistent-store.ts';

/** Enables the built-in modules for tenants that appear in the users map. */
export interface Introductions extends Running {
  /** Resolves when the tenants that are known now have been introduced. */
  readonly ready: Promise<void>;
}

/** What introductions need. */
export interface IntroductionDeps {
  readonly registry: Pick<TenantRegistry, 'current' | 'onChange'>;
  readonly store: PersistentStore;
  readonly installer: Installer;
  readonly database: Database;
  readonly builtIn: readonly ModuleDescriptor[];
  readonly log: Log;
}

type Tables = { gateway_introduced: { tenant: string } };

/**
 * A tenant that is seen for the first time gets the built-in modules enabled, once: what an operator disables afterwards stays disabled. New built-in
 * versions replace the old ones.
 */
export const introduceTenants = async (deps: IntroductionDeps): Promise<Introductions> => {
  const { registry, store, installer, builtIn, log } = deps;
  const tables = deps.database.as<Tables>();
  const rows = await tables.selectFrom('gateway_introduced').select('tenant').execute();
  const known = new Set(rows.map(({ tenant }) => tenant));

  const introduce = async (tenant: string): Promise<void> => {
    const enabled = store.enabledFor(tenant).flatMap((id) => store.descriptor(id) ?? []);
    const wishes = builtIn.map(({ id }) => ({ id, action: 'enable' as const }));
    const steps = planInstall(wishes, { known: builtIn, enabled, depCheck: false, reinstall: false });
    await installer.run(tenant, ordered(steps, builtIn), {
      invoke: () => true,
      parameters: [],
      purge: false,
    });
    await tables
      .insertInto('gateway_introduced')
      .values({ tenant })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    known.add(tenant);
  };
  const introduceAll = async ({ tenants }: Snapshot): Promise<void> => {
    for (const { id } of tenants) {
      if (known.has(id)) continue;
      await introduce(id).catch((error: unknown) =>
        log.error('tenant_not_introduced', { tenant: id, err: errorText(error) }),
      );
    }
  };

  let last = introduceAll(registry.current());
  const ready = last;
  const unsubscribe = registry.onChange((next) => {
    last = last.then(() => introduceAll(next));
  });
  return {
    ready,
    stop: () => {
      unsubscribe();
      return last;
    },
  };
};

/** The permission module first, so that everybody's permissions are announced as they come. */
const ordered = <Step extends { readonly id: string }>(
  steps: readonly Step[],
  builtIn: readonly ModuleDescriptor[],
): readonly Step[] => {
  const isReceiver = ({ id }: Step): boolean =>
    builtIn.find((module) => module.id === id)?.provides?.some((each) => each.id === '_tenantPermissions') ??
    false;
  return [...steps.filter(isReceiver), ...steps.filter((step) => !isReceiver(step))];
};
