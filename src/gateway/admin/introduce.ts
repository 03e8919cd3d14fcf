import { errorText, type Log, type Running } from '#core';
import type { Database } from '#database';
import type { Snapshot, Tenant, TenantRegistry } from '#tenants';
import type { ModuleDescriptor } from '../descriptor.ts';
import { parseModuleId } from '../module-id.ts';
import { type Installer, plainInstall } from './install.ts';
import type { InstallStep } from './install-plan.ts';
import type { PersistentStore } from './persistent-store.ts';

/** Enables the built-in modules for tenants that appear in the users map. */
export interface Introductions extends Running {
  /** Resolves when the tenants that are known now have their modules. */
  settled(): Promise<void>;
  /** Forgets a tenant: should one of its name come again, it is a new one. */
  forget(tenant: string): Promise<void>;
}

/** What introductions need. */
export interface IntroductionDeps {
  readonly registry: Pick<TenantRegistry, 'current' | 'onChange'>;
  readonly store: PersistentStore;
  readonly installer: Installer;
  readonly database: Database;
  readonly builtIn: readonly ModuleDescriptor[];
  /** Is a module for this tenant? Default: every one is. One that is not yet is introduced as soon as it is. */
  readonly isForTenant?: (module: ModuleDescriptor, tenant: Tenant) => boolean;
  readonly log: Log;
}

type Tables = { gateway_introduced_modules: { tenant: string; product: string } };

/**
 * A tenant that is seen for the first time gets the built-in modules enabled, once for each: what an operator disables or replaces afterwards
 * stays so. A built-in module of a newer program replaces the one of the older program.
 */
export const introduceTenants = (deps: IntroductionDeps): Introductions => {
  const { registry, store, installer, builtIn, isForTenant = () => true, log } = deps;
  const tables = deps.database.as<Tables>();
  const stopping = new AbortController();
  const inOrder = receiversFirst(builtIn);

  const stepsFor = (
    tenant: string,
    modules: readonly ModuleDescriptor[],
    known: ReadonlySet<string>,
  ): readonly InstallStep[] => {
    const enabled = store.enabledFor(tenant);
    return modules.flatMap(({ id }) => {
      const { product } = parseModuleId(id);
      const current = enabled.find((each) => parseModuleId(each).product === product);
      if (current === undefined) return known.has(product) ? [] : [{ id, action: 'enable' as const }];
      // Somebody's own version stays; one that nobody knows any more was built into an older program.
      return current === id || store.descriptor(current) !== undefined
        ? []
        : [{ id, from: current, action: 'enable' as const }];
    });
  };
  const introduce = async (tenant: Tenant, known: ReadonlySet<string>): Promise<void> => {
    const { id } = tenant;
    const enabled = store.enabledFor(id).map((each) => parseModuleId(each).product);
    // What somebody has enabled all the same is kept up to date as well.
    const modules = inOrder.filter(
      (module) => isForTenant(module, tenant) || enabled.includes(parseModuleId(module.id).product),
    );
    if (stepsFor(id, modules, known).length > 0)
      await installer.run(id, () => stepsFor(id, modules, known), plainInstall);
    const fresh = modules.map(({ id }) => parseModuleId(id).product).filter((product) => !known.has(product));
    if (fresh.length === 0) return;
    await tables
      .insertInto('gateway_introduced_modules')
      .values(fresh.map((product) => ({ tenant: id, product })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  };
  const introduceAll = async ({ tenants }: Snapshot): Promise<void> => {
    const rows = await tables.selectFrom('gateway_introduced_modules').selectAll().execute();
    const known = Map.groupBy(rows, ({ tenant }) => tenant);
    for (const tenant of tenants) {
      if (stopping.signal.aborted) return;
      const products = new Set(known.get(tenant.id)?.map(({ product }) => product));
      await introduce(tenant, products).catch((error: unknown) =>
        log.error('tenant_not_introduced', { tenant: tenant.id, err: errorText(error) }),
      );
    }
  };

  let last: Promise<void> = Promise.resolve();
  const begin = (snapshot: Snapshot): void => {
    last = last
      .then(() => introduceAll(snapshot))
      .catch((error: unknown) => log.error('tenants_not_introduced', { err: errorText(error) }));
  };
  begin(registry.current());
  const unsubscribe = registry.onChange(begin);
  return {
    settled: () => last,
    forget: async (tenant) => {
      await tables.deleteFrom('gateway_introduced_modules').where('tenant', '=', tenant).execute();
    },
    stop: () => {
      unsubscribe();
      stopping.abort();
      return last;
    },
  };
};

/** The permission module first, so that everybody's permissions are announced as they come. */
const receiversFirst = (modules: readonly ModuleDescriptor[]): readonly ModuleDescriptor[] => {
  const isReceiver = ({ provides }: ModuleDescriptor): boolean =>
    provides?.some(({ id }) => id === '_tenantPermissions') ?? false;
  return [...modules.filter(isReceiver), ...modules.filter((module) => !isReceiver(module))];
};
