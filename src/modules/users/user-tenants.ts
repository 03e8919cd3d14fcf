import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '#database';
import { type Handler, json, text } from '#gateway/contract';
import { openRecords, type PageRequest, readPage, readRecord, uuid } from '../records/index.ts';

const userTenantSchema = z.looseObject({
  id: uuid.optional(),
  userId: uuid,
  username: z.string().max(255).optional(),
  tenantId: z.string().min(1).max(31),
  centralTenantId: z.string().max(31).optional(),
  consortiumId: z.string().max(64).optional(),
});

type UserTenant = z.infer<typeof userTenantSchema> & { readonly id: string };

const FILTERS = ['userId', 'username', 'tenantId', 'centralTenantId'] as const;

/** `/user-tenants`: which user is affiliated to which tenant, as FOLIO's consortia record it. */
export const userTenantHandlers = (database: Database): Readonly<Record<string, Handler>> => {
  const affiliations = openRecords<UserTenant>(database, {
    table: 'user_tenants',
    fields: {
      id: 'id',
      userId: 'user_id',
      username: 'username',
      tenantId: 'member_tenant',
      centralTenantId: 'central_tenant',
    },
    columns: (record) => ({
      user_id: record.userId,
      username: record.username ?? '',
      member_tenant: record.tenantId,
      central_tenant: record.centralTenantId ?? '',
    }),
  });

  return {
    'GET /user-tenants': async (request) => {
      const { records, totalRecords } = await affiliations.list(
        request.tenant,
        filtered(request.query, readPage(request)),
      );
      return json(200, { userTenants: records, totalRecords });
    },
    'POST /user-tenants': async (request) => {
      const read = await readRecord(request, userTenantSchema);
      if ('refusal' in read) return read.refusal;
      const record = { ...read.record, id: read.record.id ?? randomUUID() };
      await affiliations.add(request.tenant, record);
      return json(201, record);
    },
    'DELETE /user-tenants': async (request) => {
      if (request.query.get('tenantId') === null) return text(400, 'the parameter tenantId is missing');
      const page = filtered(request.query, { query: '', offset: 0, limit: 10_000 });
      for (const { id } of (await affiliations.list(request.tenant, page)).records)
        await affiliations.remove(request.tenant, id);
      return { status: 204 };
    },
  };
};

const filtered = (query: URLSearchParams, page: PageRequest): PageRequest => {
  const conditions = FILTERS.flatMap((field) => {
    const value = query.get(field);
    return value === null ? [] : [`${field}==${JSON.stringify(value)}`];
  });
  return {
    ...page,
    query: [page.query, ...conditions].filter((condition) => condition !== '').join(' and '),
  };
};
