import type { Me } from '#accounts';
import type { Client } from './client.ts';
import { ApiError } from './errors.ts';

export type { Me };

/** An organization that the signed-in person may act for (`GET /organizations`). */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly isHome: boolean;
  /** ISO 8601; null: never. */
  readonly expiresAt: string | null;
  readonly hostnames: readonly string[];
  /** What names it in a beacon; null: it sends none, so there are no reports about it. */
  readonly trace: string | null;
  /** How one may act for it; empty for the own one. */
  readonly relations: readonly Relation[];
}

/** A relation, as far as it lets the caller act. */
export interface Relation {
  readonly id: string;
  readonly modules: readonly string[];
  readonly permissions: readonly string[];
  readonly expiresAt: string | null;
}

/** The caller's organizations, the own one first. */
export const fetchOrganizations = async (client: Client): Promise<readonly Organization[]> => {
  const { organizations } = await client.get<{ organizations: readonly Organization[] }>('/organizations');
  return organizations;
};

/** Who is asking, and what may be done in an organization; null where no module tells. */
export const fetchMe = async (client: Client, tenant: string): Promise<Me | null> => {
  try {
    return await client.get<Me>('/accounts/me', { query: [['tenant', tenant]] });
  } catch (error) {
    if (error instanceof ApiError && (error.kind === 'not-found' || error.kind === 'forbidden')) return null;
    throw error;
  }
};

/** What `fetchMe` answered before, while it is kept; null: nothing. */
export const keptMe = (client: Client, tenant: string): Me | null =>
  client.kept<Me>('/accounts/me', { query: [['tenant', tenant]] })?.answer ?? null;

/** Signs in; the answer's cookies are the session. */
export const postLogin = (
  client: Client,
  {
    tenant,
    username,
    password,
  }: { readonly tenant: string; readonly username: string; readonly password: string },
): Promise<unknown> => client.send('POST', '/authn/login-with-expiry', { username, password }, { tenant });

/** Ends the session everywhere. */
export const postLogout = (client: Client): Promise<unknown> => client.send('POST', '/authn/logout');

/** What the process says of itself (`/app/instance.json`). */
export interface Instance {
  readonly version: string;
  readonly demo: boolean;
  /** Where beacons go. */
  readonly beaconPath: string;
}

/** Reads it; nothing of it is secret. */
export const fetchInstance = (client: Client): Promise<Instance> => client.get('/app/instance.json');
