import { AppError } from '#core';
import { type Handler, json } from '#gateway/contract';
import type { TenantRegistry } from '#tenants';
import { type Audit, readAuditQuestion } from '../audit/index.ts';
import { guarded, wholeNumber } from './data.ts';
import { shown } from './organizations.ts';
import type { OperationsPorts } from './ports.ts';
import { wrong } from './refusals.ts';
import { idOf } from './relations.ts';

const MOST_REQUESTS = 500;

/** Modules, routes, traces of requests, explanations, and the trail of all organizations. */
export const requestHandlers = (
  ports: OperationsPorts,
  registry: Pick<TenantRegistry, 'current'>,
  audit: Audit,
): Readonly<Record<string, Handler>> => ({
  'GET /operations/modules': () => json(200, { modules: ports.modules() }),
  'GET /operations/routes': guarded(({ query }) => {
    const tenant = query.get('tenant') ?? '';
    if (registry.current().byId(tenant) === undefined)
      throw wrong('tenant', `the users map has no organization ${shown(tenant)}`);
    return json(200, { tenant, routes: ports.routes(tenant) });
  }),
  'GET /operations/requests': guarded(({ query }) => {
    const [tenant, path] = [query.get('tenant'), query.get('path')];
    const minStatus = query.has('minStatus') ? wholeNumber(query, 'minStatus', 0, 999) : undefined;
    const requests = ports.requests({
      limit: wholeNumber(query, 'limit', 50, MOST_REQUESTS),
      ...(tenant !== null && tenant !== '' && { tenant }),
      ...(path !== null && path !== '' && { path }),
      ...(minStatus !== undefined && { minStatus }),
    });
    return json(200, { requests });
  }),
  'GET /operations/requests/{id}': guarded(({ params }) => {
    const trace = ports.request(idOf(params));
    if (trace !== null) return json(200, trace);
    throw new AppError('OPERATIONS_NO_TRACE', 'no trace of this request is kept (any more)', { status: 404 });
  }),
  'GET /operations/explain': guarded(({ query }) => json(200, ports.explain(query))),
  'GET /operations/audit': guarded(async ({ query }) =>
    json(200, await audit.list(readAuditQuestion(query, query.get('tenant')))),
  ),
});
