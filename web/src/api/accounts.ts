import type {
  ApiKey,
  Invitation,
  Me,
  OpenedShare,
  OpenInvitation,
  Person,
  RoleName,
  RoleView,
  Session,
  Share,
  LockedSelection,
  ShareSelection,
} from '#accounts';
import type { Client } from './client.ts';
import type { Request } from './request.ts';

export type {
  ApiKey,
  Invitation,
  LockedSelection,
  OpenedShare,
  OpenInvitation,
  Person,
  RoleName,
  RoleView,
  Session,
  Share,
  ShareSelection,
};

/** Accounts are kept where people belong, whatever organization is shown; so they are asked for there. */
type Home = string | undefined;

const ask = <Answer>(home: Home, path: string): Request<Answer> => ({ path, query: [], tenant: home });

/** The requests about accounts. */
export const accounts = {
  lock: (home: Home) => ask<LockedSelection>(home, '/shares/selection'),
  me: (home: Home) => ask<Me>(home, '/accounts/me'),
  sessions: (home: Home) => ask<{ readonly sessions: readonly Session[] }>(home, '/accounts/sessions'),
  roles: (home: Home) => ask<{ readonly roles: readonly RoleView[] }>(home, '/accounts/roles'),
  people: (home: Home) => ask<{ readonly people: readonly Person[] }>(home, '/accounts/people'),
  invitations: (home: Home) => ask<{ readonly invitations: readonly Invitation[] }>(home, '/invitations'),
  keys: (home: Home) => ask<{ readonly keys: readonly ApiKey[] }>(home, '/api-keys'),
  shares: (home: Home) => ask<{ readonly shares: readonly Share[] }>(home, '/shares'),
};

/** The organization that a link's token begins with; null: it is no such token. */
export const tenantOfToken = (token: string): string | null =>
  /^([a-z][a-z0-9_]{0,30})\.[A-Za-z0-9_-]{43}$/.exec(token)?.[1] ?? null;

/** What an invitation is for. Errors: `ApiError`, 404 and 410 with a sentence. */
export const fetchInvitation = (client: Client, tenant: string, token: string): Promise<OpenInvitation> =>
  client.get(`/invitations/${encodeURIComponent(token)}`, { tenant });

/** Makes one's own account. */
export const acceptInvitation = (
  client: Client,
  tenant: string,
  token: string,
  person: {
    readonly username: string;
    readonly password: string;
    readonly firstName: string;
    readonly lastName: string;
  },
): Promise<unknown> =>
  client.send('POST', `/invitations/${encodeURIComponent(token)}/accept`, person, { tenant });

/** Opens a share; its answer's cookies are the session. */
export const openShare = (client: Client, tenant: string, token: string): Promise<OpenedShare> =>
  client.send('POST', '/shares/open', { token }, { tenant });
