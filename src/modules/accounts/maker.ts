import type { Records } from '../records/index.ts';
import type { User } from '../users/directory.ts';
import type { ServiceAccount } from './service-accounts.ts';

/**
 * Who made a service account of the tenant, and where he belongs; undefined: his account is gone, or nobody is known. Those of before have the user
 * name of their maker alone.
 */
export const findMaker = async (
  users: Records<User>,
  tenant: string,
  { maker, createdBy }: Pick<ServiceAccount, 'maker' | 'createdBy'>,
): Promise<{ readonly tenant: string; readonly user: User } | undefined> => {
  if (maker !== undefined) {
    const user = await users.find(maker.tenant, maker.userId);
    return user && { tenant: maker.tenant, user };
  }
  const user = createdBy === '' ? undefined : await users.findBy(tenant, 'username', createdBy);
  return user && { tenant, user };
};
