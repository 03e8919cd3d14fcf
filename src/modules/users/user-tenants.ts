import { randomUUID } from 'node:crypto';
import { AppError } from '#core';
import type { Database } from '#database';
import { type Handler, json, text } from '#gateway/contract';
import { type Fault, type PageRequest, readPage, readRecord, unlessTaken } from '../records/index.ts';
import { AFFILIATION_FILTERS, affiliationSchema, openAffiliations } from './affiliations.ts';

/** Most affiliations that one request removes. */
const MOST_REMOVED = 10_000;

const taken = (userId: string): Fault => ({
  message: 'This affiliation exists already',
  code: 'VALIDATION_ERROR',
  parameters: [{ key: 'userId', value: userId }],
});

/** `/user-tenants`: which user is affiliated to which tenant, as FOLIO's consortia record it. */
export const userTenantHandlers = (database: Database): Readonly<Record<string, Handler>> => {
  const affiliations = openAffiliations(database);
  return {
    'GET /user-tenants': async (request) => {
      const page = { ...readPage(request), exactly: filtersOf(request.query) };
      const { records, totalRecords } = await affiliations.list(request.tenant, page);
      return json(200, { userTenants: records, totalRecords });
    },
    'POST /user-tenants': async (request) => {
      const read = await readRecord(request, affiliationSchema);
      if ('refusal' in read) return read.refusal;
      const record = { ...read.record, id: read.record.id ?? randomUUID() };
      return unlessTaken(taken(record.userId), async () => {
        await affiliations.add(request.tenant, record);
        return json(201, record);
      });
    },
    'DELETE /user-tenants': async ({ tenant, query }) => {
      if (query.get('tenantId') === null) return text(400, 'the parameter tenantId is missing');
      // What is removed fits all of the parameters, whatever `queryOp` says.
      const exactly = { ...filtersOf(query), join: 'and' as const };
      const page = { query: '', offset: 0, limit: MOST_REMOVED, exactly };
      for (const { id } of (await affiliations.list(tenant, page)).records)
        await affiliations.remove(tenant, id);
      return { status: 204 };
    },
  };
};

/** The parameters that name values; with `queryOp=or` any of them is enough. Errors: `QUERY_OP_INVALID` (400). */
const filtersOf = (query: URLSearchParams): NonNullable<PageRequest['exactly']> => {
  const join = query.get('queryOp') ?? 'and';
  if (join !== 'and' && join !== 'or')
    throw new AppError(
      'QUERY_OP_INVALID',
      `the parameter queryOp is "${join.slice(0, 40)}", expected and or or`,
      { status: 400 },
    );
  const values = AFFILIATION_FILTERS.flatMap((field) => {
    const value = query.get(field);
    return value === null ? [] : [[field, value] as const];
  });
  return { join, values };
};
