import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { type AccountsWorld, type SignedIn, startAccountsWorld } from './accounts-world.ts';
import type { Received } from './gateway-world.ts';
import { type RunningPostgres, startPostgres } from './postgres.ts';

/** The running test: shop with one account of each role, news with an administrator. */
export let world: AccountsWorld;
export let admin: SignedIn;
export let editor: SignedIn;
export let viewer: SignedIn;
export let operator: SignedIn;
export let other: SignedIn;

/** The role of somebody as he is told it. */
export const roleOf = async (person: SignedIn): Promise<unknown> =>
  ((await person.ask({ path: '/accounts/me' })).json() as { role: unknown }).role;

/** Changes role or activity of a person. */
export const setRole = (by: SignedIn, id: string, change: object): Promise<Received> =>
  by.ask({ method: 'PUT', path: `/accounts/people/${id}`, body: change });

/** Runs the tests on both databases. */
export const describeAccounts = (tests: () => void): void => {
  let postgres: RunningPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(() => postgres?.stop());

  describe.each(['sqlite', 'postgres'] as const)('accounts on %s', (kind) => {
    let databases = 0;

    beforeEach(async () => {
      databases += 1;
      const url = kind === 'sqlite' ? '' : await postgres.database(`accounts_${databases}`);
      world = await startAccountsWorld(url);
      admin = await world.add('shop', 'admin', 'role.administrator');
      editor = await world.add('shop', 'editor', 'role.editor');
      viewer = await world.add('shop', 'viewer', 'role.viewer');
      operator = await world.add('shop', 'operator', 'role.operator');
      other = await world.add('news', 'other', 'role.administrator');
    });
    afterEach(() => world?.stop());

    tests();
  });
};
