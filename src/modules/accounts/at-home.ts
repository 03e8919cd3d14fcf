import type { AuthorityDeps } from '../authtoken/authorise.ts';
import type { User } from '../users/directory.ts';

const NOBODY: ReadonlySet<string> = new Set();

/**
 * What accounts hold, but share links nothing in other organizations: an umbrella organization may look at its members' data, and not show it to
 * whoever has a link.
 */
export const sharesAtHome =
  (
    heldBy: AuthorityDeps['heldBy'],
    findUser: (tenant: string, userId: string) => Promise<Pick<User, 'type'> | undefined>,
  ): AuthorityDeps['heldBy'] =>
  async (tenant, userId, actingIn = tenant) =>
    actingIn !== tenant && (await findUser(tenant, userId))?.type === 'share'
      ? NOBODY
      : heldBy(tenant, userId, actingIn);
