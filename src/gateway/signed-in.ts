import type { AccessClaims } from './claims.ts';
import type { Authorise } from './contract.ts';
import type { Routes } from './routes.ts';

/** Who knows which users are signed in. */
export interface SignedInDeps {
  readonly routes: Pick<Routes, 'of'>;
  /** The auth filter of a module in process; null: it has none. */
  authoriseOf(moduleId: string): Authorise | null;
}

/**
 * Is a user whose access token is verified still signed in, for a request that no pipeline runs for? The auth filters in process of his own tenant
 * are asked as for any path that needs no permission: they know ended sessions and inactive users. Where there is none, nobody can say so, and he is not.
 */
export const isSignedIn = async (
  claims: AccessClaims,
  requestId: string,
  path: string,
  { routes, authoriseOf }: SignedInDeps,
): Promise<boolean> => {
  const { tenant, userId, subject, id: sessionId, issuedAt, expiresAt } = claims;
  const filters = routes
    .of(tenant)
    .filters('GET', path, path)
    .flatMap(({ phase, module }) => (phase === 'auth' ? [authoriseOf(module.id)] : []));
  const user = { originTenant: tenant, userId, subject, sessionId, issuedAt, expiresAt };
  for (const authorise of filters) {
    const verdict = await authorise?.({
      requestId,
      tenant,
      originTenant: tenant,
      method: 'GET',
      path,
      token: { kind: 'user', callerModule: null, ...user },
      permissionsRequired: [],
      permissionsDesired: [],
      callerPermissions: [],
      relation: null,
      ceiling: null,
      requiresAccount: false,
      call: () => Promise.reject(new Error('no request is executed that could call others')),
    });
    if (verdict?.kind !== 'granted') return false;
  }
  return filters.length > 0;
};
