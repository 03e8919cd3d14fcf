import { z } from 'zod';
import type { Database } from '#database';
import { openRecords, type Records, uuid } from '../records/index.ts';

const label = z.string().max(255);

/** An affiliation as a client sends it; further members are kept as they were sent. */
export const affiliationSchema = z.looseObject({
  id: uuid.optional(),
  userId: uuid,
  username: label.optional(),
  tenantId: z.string().min(1).max(31),
  centralTenantId: z.string().max(31).optional(),
  consortiumId: z.string().max(64).optional(),
  email: z.string().max(320).optional(),
  phoneNumber: label.optional(),
  barcode: label.optional(),
  externalSystemId: label.optional(),
});

/** Which tenant a user belongs to, as a consortium's central tenant knows it (FOLIO's `userTenant`). */
export type Affiliation = z.infer<typeof affiliationSchema> & { readonly id: string };

/** What affiliations are asked for by, as parameters of `/user-tenants`. */
export const AFFILIATION_FILTERS = [
  'userId',
  'username',
  'tenantId',
  'centralTenantId',
  'consortiumId',
  'email',
  'phoneNumber',
  'barcode',
  'externalSystemId',
] as const;

/** The affiliations that each tenant keeps. The users module and login look here. */
export const openAffiliations = (database: Database): Records<Affiliation> =>
  openRecords<Affiliation>(database, {
    table: 'user_tenants',
    fields: {
      id: 'id',
      userId: 'user_id',
      username: 'username',
      tenantId: 'member_tenant',
      centralTenantId: 'central_tenant',
      consortiumId: 'consortium_id',
      email: 'email',
      phoneNumber: 'phone_number',
      barcode: 'barcode',
      externalSystemId: 'external_system_id',
    },
    columns: (record) => ({
      user_id: record.userId,
      username: record.username ?? '',
      member_tenant: record.tenantId,
      central_tenant: record.centralTenantId ?? '',
      consortium_id: record.consortiumId ?? '',
      email: record.email ?? '',
      phone_number: record.phoneNumber ?? '',
      barcode: record.barcode ?? '',
      external_system_id: record.externalSystemId ?? '',
    }),
  });
