import { randomBytes } from 'node:crypto';
import type { Clock } from '#core';
import type { Database } from '#database';
import { openAccounts, openCredentials } from '#modules';

/** One account for each organization of the demo that has people. */
const PEOPLE = [
  { tenant: 'demo_agency', username: 'agency', firstName: 'Alex', lastName: 'Agency' },
  { tenant: 'demo_shop', username: 'shop', firstName: 'Sam', lastName: 'Shop' },
  { tenant: 'demo_news', username: 'news', firstName: 'Nic', lastName: 'News' },
] as const;

/** What they may do. */
const PERMISSIONS = ['reports.all', 'notes.all', 'configuration.all', 'users.all', 'perms.all'];

/**
 * Makes the demo's accounts where they are missing. `password` is the configured one and is set for accounts that have another; empty: one is made for
 * new accounts. Resolves to the password that was made, to be shown once; null: there was nothing to make.
 */
export const makeDemoAccounts = async (
  database: Database,
  clock: Clock,
  password: string,
  isTenant: (id: string) => boolean,
): Promise<string | null> => {
  const accounts = openAccounts(database, clock);
  const credentials = openCredentials(database, clock);
  const made = password === '' ? randomBytes(9).toString('base64url') : password;
  let isMade = false;
  for (const person of PEOPLE) {
    if (!isTenant(person.tenant)) continue;
    const known = (await accounts.list(person.tenant)).find(({ username }) => username === person.username);
    if (known === undefined) {
      await accounts.add({ ...person, password: made, permissions: PERMISSIONS });
      isMade = true;
    } else if (password !== '' && !(await credentials.check(person.tenant, known.userId, password))) {
      await accounts.setPassword(person.tenant, person.username, password);
    }
  }
  return isMade && password === '' ? made : null;
};
