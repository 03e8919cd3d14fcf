import { type ReadonlySignal, signal } from '@preact/signals';
import type { Client } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import {
  fetchMe,
  fetchOrganizations,
  type Me,
  type Organization,
  postLogin,
  postLogout,
} from '../api/session.ts';
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
  /** A person, or a share link that somebody opened. */
  readonly account: Me['kind'];
  readonly isEnded: boolean;
}

/** The session and what can be done with it. */
export interface Session {
  readonly state: ReadonlySignal<SessionState>;
  /** Finds out who is signed in. */
  begin(): Promise<void>;
  /** Errors: `ApiError`, 422 `password.incorrect` for a wrong name or password. */
  signIn(account: Account): Promise<void>;
  /** For pages whose answers bring the cookies of a session with them (invitations, share links). */
  adopt(tenant: string, username: string): Promise<void>;
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
    client.forget();
    const [organizations, me] = await Promise.all([
      fetchOrganizations(client),
      fetchMe(client, last().tenant),
    ]);
    const home = organizations.find(({ isHome }) => isHome);
    if (home === undefined)
      throw new ApiError({ kind: 'forbidden', status: 403, message: 'Your organization has expired.' });
    const username = me?.username ?? last().username;
    state.value = {
      kind: 'signed-in',
      username,
      home,
      organizations,
      account: me?.kind ?? 'person',
      isEnded: false,
    };
  };
  const adopt = async (tenant: string, username: string): Promise<void> => {
    storage.write(TENANT, tenant);
    storage.write(USERNAME, username);
    await enter();
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
        const isUnreachable = error instanceof ApiError && error.kind === 'unreachable';
        state.value = isUnreachable ? { kind: 'unreachable', error } : { kind: 'nobody' };
      }
    },
    signIn: async (account) => {
      await postLogin(client, account);
      await adopt(account.tenant, account.username);
    },
    adopt,
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
