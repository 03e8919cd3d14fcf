import { AppError } from '#core';
import { type Handler, json, type Module } from '#gateway/contract';
import { toTenantId } from '#tenants';
import { coreReports } from './core-reports.ts';
import { reportsDescriptor } from './descriptor.ts';
import { refusalResponse } from './faults.ts';
import { furtherReports } from './further-reports.ts';
import { describeReports, OPENAPI_PATH } from './openapi/describe.ts';
import { readLock } from './lock.ts';
import { present } from './present.ts';
import { MATRIX } from './matrix.ts';
import type { Described, Report } from './report.ts';
import { openTenantViews, type ReadingDeps } from './tenant-views.ts';
import { createTurns, type Turns } from './turns.ts';

/** The reports of the module, in the order of its description. */
export const REPORTS: readonly Report[] = [...coreReports, ...furtherReports];

/** What the OpenAPI description tells of: the reports, and the matrix that is made of them. */
export const DESCRIBED: readonly Described[] = [...REPORTS, MATRIX];

/** The reports module: what page views say. It reads the execution tenant's page views, and has no way to another's. */
export const createReportsModule = (deps: ReadingDeps): Module => {
  const turns = createTurns(REPORTS_AT_ONCE);
  return {
    descriptor: reportsDescriptor(REPORTS),
    handlers: {
      ...Object.fromEntries(REPORTS.map((report) => [`GET ${report.path}`, handlerOf(report, deps, turns)])),
      [`GET ${OPENAPI_PATH}`]: () => json(200, describeReports(DESCRIBED)),
    },
  };
};

/** One asks the warehouse while the other is made of what it said. */
const REPORTS_AT_ONCE = 2;

const handlerOf =
  (report: Report, deps: ReadingDeps, turns: Turns): Handler =>
  async (request) => {
    const { tenant, query, params, signal } = request;
    try {
      const id = toTenantId(tenant);
      if (id === null)
        throw new AppError(
          'REPORTS_TENANT_INVALID',
          `reports for ${JSON.stringify(tenant)}: expected the id of a tenant`,
        );
      const views = openTenantViews(deps, id, signal, await readLock(request));
      const answered = await turns.take(id, signal, () =>
        report.ask(query, { tenant: id, params: decoded(params), views, now: deps.clock.now() }),
      );
      return await present(deps.client, id, report.path, answered);
    } catch (error) {
      return refusalResponse(error);
    }
  };

/** A part of a path that cannot be decoded is what it is; nothing is found by it. */
const decoded = (params: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    }),
  );
