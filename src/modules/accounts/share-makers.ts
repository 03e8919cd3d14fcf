import type { Clock } from '#core';
import type { Snapshot } from '#tenants';
import type { PermissionDirectory } from '../permissions/directory.ts';
import { notHeld } from '../permissions/granting.ts';
import type { Records } from '../records/index.ts';
import { isUsable, type User } from '../users/directory.ts';
import { findMaker } from './maker.ts';
import type { ServiceAccount } from './service-accounts.ts';

/** What it takes to judge the maker of a share link. */
export interface ShareMakerDeps {
  readonly users: Records<User>;
  readonly permissions: PermissionDirectory;
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
}

/**
 * Says whether whoever made a share link could still make it: the account is there and active, holds what the link gives, and, where the maker belongs to
 * another organization, a relation in force still reaches this one. A link shows what its maker may show, no longer than that.
 */
export const createShareMakers = ({ users, permissions, snapshot, clock }: ShareMakerDeps) => {
  const reaches = (from: string, tenant: string): boolean =>
    from === tenant ||
    snapshot()
      .relationsOf(from)
      .some(
        ({ executesAs, expiresAt }) =>
          executesAs.some((id) => id === tenant) && (expiresAt === null || clock.now() < expiresAt),
      );
  return async (tenant: string, share: ServiceAccount): Promise<boolean> => {
    const maker = await findMaker(users, tenant, share);
    if (maker === undefined || !isUsable(maker.user, clock.now()) || !reaches(maker.tenant, tenant))
      return false;
    const held = (await permissions.heldBy(maker.tenant, maker.user.id, tenant)) ?? new Set<string>();
    return notHeld(share.permissions, held, await permissions.definitions(tenant)) === null;
  };
};

/** As `createShareMakers` creates it. */
export type MayStillShare = ReturnType<typeof createShareMakers>;
