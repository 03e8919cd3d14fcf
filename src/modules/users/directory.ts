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
  readonly metadata: Metadata;
}

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
