import type { ModuleDescriptor } from '#gateway/contract';
import { entry, permissionSets } from '../records/index.ts';
import type { Report } from './report.ts';

/** Aggregated figures, and single page views. */
export const REPORT_PERMISSIONS = ['reports.get', 'reports.page-views.get'] as const;

/** The module's descriptor: a routing entry for each report. */
export const reportsDescriptor = (reports: readonly Report[]): ModuleDescriptor => ({
  id: 'mod-reports-1.0.0',
  name: 'reports',
  provides: [
    {
      id: 'reports',
      version: '1.0',
      handlers: reports.map(({ path, permission }) => entry('GET', path, permission)),
    },
  ],
  permissionSets: permissionSets('reports', [...REPORT_PERMISSIONS]),
});
