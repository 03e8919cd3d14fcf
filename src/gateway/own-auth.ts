import type { AuthorisationVerdict, Authorise, TokenFacts } from './contract.ts';
import type { Plan } from './plan.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Routes } from './routes.ts';

/** Who knows the auth filters in process. */
export interface OwnAuthDeps {
  readonly routes: Pick<Routes, 'of'>;
  /** The auth filter of a module in process; null: it has none. */
  authoriseOf(moduleId: string): Authorise | null;
}

/** Does an auth filter in process judge the request? A remote one knows neither relations nor the users of other tenants. */
export const hasOwnAuth = (
  { steps }: Pick<Plan, 'steps'>,
  { authoriseOf }: Pick<OwnAuthDeps, 'authoriseOf'>,
): boolean => steps.some(({ entry }) => entry.phase === 'auth' && authoriseOf(entry.module.id) !== null);

/** The answer where a relation asks for an account and only remote auth filters, or none, would judge. */
export const nobodyKnowsAccounts = (tenant: string): Refusal =>
  refuse(
    403,
    'GATEWAY_ACCOUNT_UNKNOWN',
    `Access requires an account in ${tenant}, and nothing here can say who has one`,
    `the relation has requires_account, and ${tenant} has no auth filter in process; enable mod-authtoken-1.0.0 there, or take requires_account away`,
  );

/**
 * Asks the auth filters in process of the tenant where a user belongs, as for any path that needs no permission: they know ended sessions and inactive users.
 * Null: there is none.
 */
export const askHome = async (
  token: TokenFacts,
  requestId: string,
  path: string,
  { routes, authoriseOf }: OwnAuthDeps,
): Promise<AuthorisationVerdict | null> => {
  const tenant = token.originTenant;
  const filters = routes
    .of(tenant)
    .filters('GET', path, path)
    .flatMap(({ phase, module }) => (phase === 'auth' ? [authoriseOf(module.id)] : []))
    .filter((filter) => filter !== null);
  let verdict: AuthorisationVerdict | null = null;
  for (const authorise of filters) {
    verdict = await authorise({
      requestId,
      tenant,
      originTenant: tenant,
      method: 'GET',
      path,
      token,
      permissionsRequired: [],
      permissionsDesired: [],
      callerPermissions: [],
      relation: null,
      ceiling: null,
      requiresAccount: false,
      call: () => Promise.reject(new Error('no request is executed that could call others')),
    });
    if (verdict.kind !== 'granted') return verdict;
  }
  return verdict;
};
