import { join } from 'node:path';
import { loadConfig } from '#config';
import { systemClock } from '#core';
import { openAccounts } from '#modules';
import { type Person, signIn } from '../../examples/person.ts';
import { openControlDatabase } from '../../src/control-database.ts';
import type { RunningRumbrella } from './rumbrella.ts';

/** Somebody to be made: tenant, user name and what he or she holds. */
export interface Somebody {
  readonly tenant: string;
  readonly username: string;
  readonly permissions: readonly string[];
  readonly firstName?: string;
  readonly lastName?: string;
}

/** Makes accounts in the control database of a running server, as `rumbrella accounts add` does, and signs them in over HTTP. */
export const signInPeople = async (
  { url, folder }: RunningRumbrella,
  ...people: readonly Somebody[]
): Promise<readonly Person[]> => {
  const database = await openControlDatabase(
    loadConfig({ env: {}, overrides: { data_dir: join(folder, 'data') } }),
  );
  try {
    const accounts = openAccounts(database, systemClock);
    await Promise.all(people.map((person) => accounts.add({ ...person, password: passwordOf(person) })));
  } finally {
    await database.stop();
  }
  return Promise.all(people.map((person) => signIn(url, person.tenant, person.username, passwordOf(person))));
};

/** The password that `signInPeople` gives somebody. */
export const passwordOf = ({ tenant, username }: Pick<Somebody, 'tenant' | 'username'>): string =>
  `password of ${username}@${tenant}`;
