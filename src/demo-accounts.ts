import { randomBytes } from 'node:crypto';
import type { Clock } from '#core';
import type { Database } from '#database';
import { openAccounts, openCredentials } from '#modules';

/** An administrator for each organization of the demo that has people, the operator of it all, and somebody who only looks. */
const PEOPLE = [
  { tenant: 'demo_agency', username: 'agency', firstName: 'Alex', lastName: 'Agency', role: 'administrator' },
  { tenant: 'demo_agency', username: 'operator', firstName: 'Olga', lastName: 'Operator', role: 'operator' },
  { tenant: 'demo_shop', username: 'shop', firstName: 'Sam', lastName: 'Shop', role: 'administrator' },
  { tenant: 'demo_shop', username: 'viewer', firstName: 'Vic', lastName: 'Viewer', role: 'viewer' },
  { tenant: 'demo_news', username: 'news', firstName: 'Nic', lastName: 'News', role: 'administrator' },
] as const;

/** What the terminal says of the demo's accounts when their password was made. */
export const demoAccountLines = (password: string): readonly string[] => [
  'Sign in to the demo with one of these (organization / user name):',
  ...PEOPLE.map(({ tenant, username, role }) => `  ${tenant} / ${username}`.padEnd(28) + role),
  `Their password, shown this once: ${password}   (RUMBRELLA_DEMO_PASSWORD sets another)`,
  '',
];

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
      await accounts.add({ ...person, password: made, permissions: [`role.${person.role}`] });
      isMade = true;
      continue;
    }
    // An account of an older demo has no role yet.
    await accounts.grant(person.tenant, person.username, [`role.${person.role}`]);
    if (password !== '' && !(await credentials.check(person.tenant, known.userId, password))) {
      await accounts.setPassword(person.tenant, person.username, password);
    }
  }
  return isMade && password === '' ? made : null;
};
