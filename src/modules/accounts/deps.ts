import type { Clock } from '#core';
import type { Database } from '#database';
import type { Snapshot } from '#tenants';
import type { Audit } from '../audit/index.ts';
import type { Sessions, TokenMint } from '../authtoken/session.ts';
import type { LastAdministrator } from '../permissions/administrators.ts';
import type { PermissionDirectory } from '../permissions/directory.ts';
import type { Records } from '../records/index.ts';
import type { User } from '../users/directory.ts';
import type { MayStillShare } from './share-makers.ts';
import type { ServiceAccounts } from './service-accounts.ts';
import type { Uses } from './uses.ts';

/** What the accounts module needs. */
export interface AccountDeps {
  readonly database: Database;
  readonly users: Records<User>;
  readonly permissions: PermissionDirectory;
  readonly sessions: Sessions;
  readonly tokens: TokenMint;
  readonly services: ServiceAccounts;
  readonly uses: Uses;
  readonly lastAdministrator: LastAdministrator;
  readonly mayStillShare: MayStillShare;
  /** Where it is written down who changed which account. */
  readonly audit: Pick<Audit, 'record'>;
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
  /** Lets go of what is remembered about users, so that a change is in force at once here. */
  readonly forget: () => void;
}
