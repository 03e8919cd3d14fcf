/*
 * What the accounts module takes and gives. All of it is executed where the caller belongs. Faults are 422 with FOLIO's
 * `{"errors":[{message,type,code,parameters}]}`; refusals by right are 403 in plain text.
 *
 *   GET    /accounts/me[?tenant=ID]             Me
 *   PUT    /accounts/me                         Names → 204
 *   GET    /accounts/sessions                   { sessions: Session[] }
 *   DELETE /accounts/sessions/{id}              204
 *   GET    /accounts/roles                      { roles: RoleView[] }
 *   GET    /accounts/people                     { people: Person[] }
 *   PUT    /accounts/people/{id}                { role?, active? } → 200 Person
 *   GET    /invitations                         { invitations: Invitation[] }
 *   POST   /invitations                         { role, name?, expires? } → 201 Invitation & { token, path }
 *   DELETE /invitations/{id}                    204
 *   GET    /invitations/{token}                 OpenInvitation; public
 *   POST   /invitations/{token}/accept          { username, password, firstName?, lastName } → 201 { username, tenant }; public
 *   GET    /api-keys                            { keys: ApiKey[] }
 *   POST   /api-keys                            { name, permissions, site?, expires? } → 201 ApiKey & { key }
 *   DELETE /api-keys/{id}                       204
 *   GET    /shares                              { shares: Share[] }
 *   POST   /shares                              { name, page, selection, notes?, expires } → 201 Share & { token, path }
 *   DELETE /shares/{id}                         204
 *   GET    /shares/selection                    LockedSelection; 404: the calling account has none
 *   POST   /shares/open                         { token } → 201 OpenedShare, with session cookies; public
 *
 * `expires` is an instant in ISO 8601. Public requests name the organization in `X-Okapi-Tenant` as all others do; tokens of links begin with it:
 * `<organization>.<secret>`.
 */

import type { VitalId } from '#vitals';

/** Roles are permission sets `role.<name>`; each contains the one before. */
export type RoleName = 'viewer' | 'editor' | 'administrator' | 'operator';

/** What kind of account it is: somebody, or a service account. */
export type AccountKind = 'person' | 'api-key' | 'share';

/** GET /accounts/me: who is asking, and what he may do in the organization `tenant` (default: his own). 403: he may not act there. */
export interface Me {
  readonly userId: string;
  /** Of an API key or a share: its name. */
  readonly username: string;
  readonly kind: AccountKind;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  /** Highest role held at home; null: permissions without a role. */
  readonly role: RoleName | null;
  readonly home: { readonly id: string; readonly name: string };
  readonly tenant: { readonly id: string; readonly name: string };
  /** Effective permissions there, sets and what they contain, by name. */
  readonly permissions: readonly string[];
  /** Relations by which he acts there; null: at home. `until` (ISO) is when the last of them ends; null: never. */
  readonly actingAs: {
    readonly relations: readonly {
      readonly id: string;
      readonly modules: readonly string[];
      readonly permissions: readonly string[];
      readonly expiresAt: string | null;
    }[];
    readonly until: string | null;
  } | null;
  /** Until when the account itself is good (API keys, shares); null: for ever. */
  readonly expiresAt: string | null;
}

/** Names of a person. */
export interface Names {
  readonly firstName?: string | undefined;
  readonly lastName: string;
  readonly email?: string | undefined;
}

/** A role, and whether the caller may give it. */
export interface RoleView {
  readonly name: RoleName;
  readonly title: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly mayGrant: boolean;
}

/** A person of the organization. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly active: boolean;
  readonly role: RoleName | null;
  /** Permissions and sets beside the role, as assigned. */
  readonly otherPermissions: readonly string[];
  /** ISO; null: never, as far as is known. */
  readonly lastSignInAt: string | null;
  readonly isMe: boolean;
  /** The caller may change role and activity: he holds all that this person holds. */
  readonly mayChange: boolean;
}

/** A session of the caller: a browser or a program that is signed in. */
export interface Session {
  readonly id: string;
  readonly startedAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
  /** As the browser calls itself: text from outside. */
  readonly agent: string;
  readonly isCurrent: boolean;
}

/** An invitation, as administrators see it. */
export interface Invitation {
  readonly id: string;
  readonly role: RoleName;
  /** For whom it is, as the administrator noted it. */
  readonly name: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string;
  readonly state: 'open' | 'used' | 'expired' | 'revoked';
  readonly usedBy: string | null;
}

/** An invitation, as whoever has the link sees it. */
export interface OpenInvitation {
  readonly organization: { readonly id: string; readonly name: string };
  readonly role: RoleName;
  readonly roleTitle: string;
  readonly name: string | null;
  readonly invitedBy: string;
  readonly expiresAt: string;
}

/** An API key; the key itself is shown once, when it is made. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly site: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  /** False: the account of whoever made it is deactivated or gone. The key goes on all the same. */
  readonly isMakerActive: boolean;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
  readonly state: 'active' | 'expired' | 'revoked';
}

/** What a share shows: the parameters of a selection. */
export interface ShareSelection {
  /** Host name; null: all sites. */
  readonly site: string | null;
  /** Moments as in the application's addresses: `now`, `-28d`, `-24h`, `month-1`, a day, an instant. Those that move on keep moving. */
  readonly from: string;
  readonly to: string;
  readonly filters: readonly {
    readonly dimension: string;
    readonly op: 'is' | 'is_not' | 'contains' | 'begins';
    readonly values: readonly string[];
  }[];
  /** The percentile of the view that was shared; undefined: the usual one. What it is of is locked, how it is read is not. */
  readonly percentile?: 50 | 75 | 90 | 95 | 99 | undefined;
  /** The vital of the view, as the percentile. */
  readonly vital?: VitalId | undefined;
  /** With which other period it is compared: the one before, the same of 52 weeks ago, or any two moments. Its page views are shown as well; undefined: none. */
  readonly compare?: 'prev' | 'year' | { readonly from: string; readonly to: string } | undefined;
  /** Page views of bots are counted. Default: without them. */
  readonly bots?: boolean | undefined;
}

/** A share link; its token is shown once, when it is made. */
export interface Share {
  readonly id: string;
  readonly name: string;
  /** Page of the application: `overview`. */
  readonly page: string;
  readonly selection: ShareSelection;
  /** The organization's notes stand on the charts. */
  readonly notes: boolean;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
  readonly state: 'active' | 'expired' | 'revoked';
}

/** GET /shares/selection: to what the calling account is held. Reports must not show anything outside of it. */
export interface LockedSelection {
  readonly kind: 'share' | 'api-key';
  readonly name: string;
  /** null for API keys. */
  readonly page: string | null;
  /** null: all sites. */
  readonly site: string | null;
  /** The period, resolved to instants (ISO) when asked; null: any. */
  readonly from: string | null;
  readonly to: string | null;
  /** As it was chosen (`-28d`, `now`); null: any. */
  readonly period: { readonly from: string; readonly to: string } | null;
  /** The other period of a comparison, as it was chosen, and resolved to instants (ISO); absent: none. */
  readonly compare?: ShareSelection['compare'];
  readonly compared?: { readonly from: string; readonly to: string };
  /** All of them hold, besides those that are asked for. */
  readonly filters: ShareSelection['filters'];
  /** Of a share link: whether page views of bots may be seen. Absent: held to nothing. */
  readonly bots?: boolean;
}

/** POST /shares/open */
export interface OpenedShare {
  readonly tenant: string;
  readonly name: string;
  readonly page: string;
  readonly selection: ShareSelection;
  readonly expiresAt: string;
}
