import type { ModuleDescriptor } from '#gateway/contract';
import { entry, permissionSets } from '../records/index.ts';
import { OPENAPI_PATH } from './openapi/describe.ts';
import type { Report } from './report.ts';

/** Aggregated figures, and single page views. */
const REPORT_PERMISSIONS = ['reports.get', 'reports.page-views.get'] as const;

/** The module's descriptor: a routing entry for each report, and one for their description. */
export const reportsDescriptor = (reports: readonly Report[]): ModuleDescriptor => ({
  id: 'mod-reports-1.0.0',
  name: 'reports',
  provides: [
    {
      id: 'reports',
      version: '1.0',
      handlers: [
        ...reports.map(({ path, permission }) => entry('GET', path, permission)),
        entry('GET', OPENAPI_PATH, 'reports.get'),
      ],
    },
  ],
  permissionSets: permissionSets('reports', [...REPORT_PERMISSIONS]),
});
