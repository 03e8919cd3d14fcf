import { type ReadonlySignal, signal } from '@preact/signals';
import type { Client } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import { fetchOrganizations, type Organization, postLogin, postLogout } from '../api/session.ts';
import type { Storage } from './storage.ts';

/** Who uses the application. */
export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unreachable'; readonly error: ApiError }
  | SignedIn;

/** Somebody is signed in. `isEnded`: was, until the session ran out; what is on the screen stays until they sign in again. */
export interface SignedIn {
  readonly kind: 'signed-in';
  readonly username: string;
  readonly home: Organization;
  /** The home first. */
  readonly organizations: readonly Organization[];
  readonly isEnded: boolean;
}

/** The session and what can be done with it. */
export interface Session {
  readonly state: ReadonlySignal<SessionState>;
  /** Finds out who is signed in. */
  begin(): Promise<void>;
  /** Errors: `ApiError`, 422 for a wrong name or password. */
  signIn(account: Account): Promise<void>;
  signOut(): Promise<void>;
  /** The cookies have run out. */
  ended(): void;
  /** Organization and name that signed in last in this browser. */
  last(): { readonly tenant: string; readonly username: string };
}

/** What one signs in with. */
export interface Account {
  readonly tenant: string;
  readonly username: string;
  readonly password: string;
}

const TENANT = 'tenant';
const USERNAME = 'username';

/** Creates it; nothing is asked before `begin`. */
export const createSession = (client: Client, storage: Storage): Session => {
  const state = signal<SessionState>({ kind: 'unknown' });
  const last = (): { tenant: string; username: string } => ({
    tenant: storage.read(TENANT) ?? '',
    username: storage.read(USERNAME) ?? '',
  });
  const enter = async (): Promise<void> => {
    const organizations = await fetchOrganizations(client);
    const home = organizations.find(({ isHome }) => isHome);
    if (home === undefined)
      throw new ApiError({ kind: 'forbidden', status: 403, message: 'Your organization has expired.' });
    state.value = { kind: 'signed-in', username: last().username, home, organizations, isEnded: false };
  };
  return {
    state,
    begin: async () => {
      if (last().tenant === '') {
        state.value = { kind: 'nobody' };
        return;
      }
      try {
        await enter();
      } catch (error) {
        const known = error as ApiError;
        state.value =
          known.kind === 'unreachable' ? { kind: 'unreachable', error: known } : { kind: 'nobody' };
      }
    },
    signIn: async (account) => {
      await postLogin(client, account);
      storage.write(TENANT, account.tenant);
      storage.write(USERNAME, account.username);
      await enter();
    },
    signOut: async () => {
      await postLogout(client);
      client.forget();
      state.value = { kind: 'nobody' };
    },
    ended: () => {
      const now = state.value;
      if (now.kind === 'signed-in') state.value = { ...now, isEnded: true };
    },
    last,
  };
};
