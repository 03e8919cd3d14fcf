import type { AccessClaims } from './claims.ts';
import { askHome, type OwnAuthDeps } from './own-auth.ts';

/**
 * Is a user whose access token is verified still signed in, for a request that no pipeline runs for? Where his tenant has no auth filter in process,
 * nobody can say so, and he is not.
 */
export const isSignedIn = async (
  claims: AccessClaims,
  requestId: string,
  path: string,
  deps: OwnAuthDeps,
): Promise<boolean> => {
  const { tenant, userId, subject, id: sessionId, issuedAt, expiresAt } = claims;
  const token = {
    kind: 'user',
    callerModule: null,
    originTenant: tenant,
    userId,
    subject,
    sessionId,
    issuedAt,
    expiresAt,
  } as const;
  return (await askHome(token, requestId, path, deps))?.kind === 'granted';
};
