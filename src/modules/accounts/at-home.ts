import type { AuthorityDeps } from '../authtoken/authorise.ts';
import type { User } from '../users/directory.ts';

const NOBODY: ReadonlySet<string> = new Set();

/**
 * What accounts hold, but share links nothing in other organizations: an umbrella organization may look at its members' data, and not show it to
 * whoever has a link. Nor do they hold anything when `isGood` says that their maker could not make them any more.
 */
export const sharesAtHome =
  (
    heldBy: AuthorityDeps['heldBy'],
    findUser: (tenant: string, userId: string) => Promise<Pick<User, 'type'> | undefined>,
    isGood: (tenant: string, userId: string) => Promise<boolean>,
  ): AuthorityDeps['heldBy'] =>
  async (tenant, userId, actingIn = tenant) => {
    const isShare = (await findUser(tenant, userId))?.type === 'share';
    if (isShare && (actingIn !== tenant || !(await isGood(tenant, userId)))) return NOBODY;
    return heldBy(tenant, userId, actingIn);
  };
