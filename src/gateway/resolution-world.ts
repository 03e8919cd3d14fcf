import type { ResolutionWorld, ServingModule, TenantId, TenantRegistry } from '#tenants';
import { findHandler, type PlanRequest } from './plan.ts';
import type { Routes } from './routes.ts';

/** What tenant resolution asks about the world, for one request. */
export const resolutionWorld = (
  question: Omit<PlanRequest, 'tenant'>,
  deps: { readonly registry: Pick<TenantRegistry, 'current'>; readonly routes: Routes },
): ResolutionWorld => {
  // Nearly every request asks for one tenant, and for it several times.
  let first: TenantId | null = null;
  let firstModule: ServingModule | undefined;
  return {
    snapshot: deps.registry.current(),
    modulesServing: (tenant) => {
      if (tenant === first) return firstModule;
      const module = findHandler(deps.routes.of(tenant), { ...question, tenant })?.module;
      if (first === null) [first, firstModule] = [tenant, module];
      return module;
    },
  };
};
