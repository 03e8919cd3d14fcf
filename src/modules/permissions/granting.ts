import { text, type ModuleRequest, type ModuleResponse } from '#gateway/contract';
import type { PermissionDirectory } from './directory.ts';
import { expandPermissions, type Permission } from './expansion.ts';

/**
 * Nobody grants what he does not hold: the first of the names that the granter lacks, what sets stand for included; null: none. `held` are the granter's
 * permissions, sets expanded. Pure.
 */
export const notHeld = (
  names: readonly string[],
  held: ReadonlySet<string>,
  definitions: ReadonlyMap<string, Permission>,
): string | null => {
  for (const name of expandPermissions(names, definitions)) if (!held.has(name)) return name;
  return null;
};

/** 403 for somebody who grants what he does not hold. */
export const mayNotGrant = (name: string): ModuleResponse =>
  text(403, `Nobody can grant what he does not hold himself: ${name}`);

/** 403 for somebody who wants to change an account that holds more than he does. */
export const holdsMore = (name: string): ModuleResponse =>
  text(403, `This account holds what you do not hold yourself: ${name}`);

/**
 * 403 when the account of a user holds more than the caller; null: he may change it. The entry must have `permissionsDesired: ["*"]`, so that the
 * handler is told all that the caller holds.
 */
export const refusedTakeover = async (
  { tenant, permissions: held }: Pick<ModuleRequest, 'tenant' | 'permissions'>,
  userId: string,
  { users, definitions }: Pick<PermissionDirectory, 'users' | 'definitions'>,
): Promise<ModuleResponse | null> => {
  const account = await users.findBy(tenant, 'userId', userId);
  const lacking = notHeld(account?.permissions ?? [], new Set(held), await definitions(tenant));
  return lacking === null ? null : holdsMore(lacking);
};
