import { text, type ModuleResponse } from '#gateway/contract';
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
