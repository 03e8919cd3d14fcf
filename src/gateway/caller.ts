import type { AccessClaims, ModuleClaims } from './claims.ts';

/** Who makes a request, as far as the gateway has proof of it. */
export type Caller =
  | { readonly kind: 'anonymous' }
  /** A user with a verified access token. */
  | { readonly kind: 'user'; readonly claims: AccessClaims }
  /** A module that calls back, in process or with its verified module token. */
  | { readonly kind: 'module'; readonly claims: Omit<ModuleClaims, 'kind'> }
  /** The gateway itself: tenant initialisation, timers. */
  | { readonly kind: 'system' }
  /**
   * Somebody with a token of another maker (`mod-authtoken`): only the tenant's own remote auth filter can judge it, so it
   * proves nothing to us: no tenant is taken from it and no relation applies to it.
   */
  | { readonly kind: 'foreign'; readonly token: string };

/** Home of the caller: of the acting user, or the tenant that a module works for by itself; null when it is not known. */
export const homeOf = (caller: Caller): string | null => {
  if (caller.kind === 'user') return caller.claims.tenant;
  if (caller.kind === 'module') return worksAlone(caller) ? caller.claims.tenant : caller.claims.originTenant;
  return null;
};

/** Is it a module that works for no user (a timer, the initialisation of a tenant, a page before the login)? */
export const worksAlone = (caller: Caller): boolean =>
  caller.kind === 'module' && caller.claims.userId === null;

/** The tenant that the caller works in until it names another one: home of a user, execution tenant of a module. */
export const workingTenantOf = (caller: Caller): string | null =>
  caller.kind === 'user' || caller.kind === 'module' ? caller.claims.tenant : null;

/** The session that a user's access token belongs to; null for everybody else. */
export const sessionIdOf = (caller: Caller): string | null =>
  caller.kind === 'user' ? caller.claims.id : null;

/** Acting user; null when there is none or none is proved. */
export const userIdOf = (caller: Caller): string | null =>
  caller.kind === 'user' || caller.kind === 'module' ? caller.claims.userId : null;
