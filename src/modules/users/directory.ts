import type { Database } from '#database';
import { type Metadata, openRecords, type Records } from '../records/index.ts';

/** A user, in FOLIO's shape; further members are kept as they were sent. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly active: boolean;
  readonly type: string;
  readonly barcode?: string | undefined;
  readonly externalSystemId?: string | undefined;
  readonly personal?:
    | {
        readonly lastName: string;
        readonly firstName?: string | undefined;
        readonly email?: string | undefined;
      }
    | undefined;
  /** ISO; from then on the user counts as inactive. */
  readonly expirationDate?: string | undefined;
  readonly customFields?: { readonly originaltenantid?: unknown } | undefined;
  readonly metadata: Metadata;
}

/** Types of users that are no people: made and ended by the accounts module, and nowhere else. */
const SERVICE_TYPES: ReadonlySet<string> = new Set(['api-key', 'share']);

/** Is it an API key or a share link? */
export const isServiceAccount = ({ type }: Pick<User, 'type'>): boolean => SERVICE_TYPES.has(type);

/** Is the user active and not past its expiration (`now` epoch ms)? */
export const isUsable = ({ active, expirationDate }: User, now: number): boolean =>
  active && (expirationDate === undefined || now < Date.parse(expirationDate));

/**
 * Is it the active account that a tenant has made for somebody of the tenant `origin` (`now` epoch ms)? FOLIO's consortia say so with the type
 * `shadow` and `customFields.originaltenantid`. That ids are the same says nothing: anybody who makes users chooses them.
 */
export const isShadowOf = (user: User, origin: string, now: number): boolean =>
  user.type === 'shadow' && user.customFields?.originaltenantid === origin && isUsable(user, now);

/** The users of all tenants, each question about one tenant. The users module and login look here. */
export const openUserDirectory = (database: Database): Records<User> =>
  openRecords<User>(database, {
    table: 'users',
    fields: {
      id: 'id',
      username: 'username',
      active: 'active',
      type: 'type',
      barcode: 'barcode',
      externalSystemId: 'external_system_id',
      'personal.lastName': 'last_name',
      'personal.firstName': 'first_name',
      'personal.email': 'email',
    },
    columns: (user) => ({
      username: user.username,
      active: String(user.active),
      type: user.type,
      barcode: user.barcode ?? null,
      external_system_id: user.externalSystemId ?? null,
      last_name: user.personal?.lastName ?? null,
      first_name: user.personal?.firstName ?? null,
      email: user.personal?.email ?? null,
    }),
  });
