import { createPageViews } from '../page-views.ts';
import type { Migration } from './migration.ts';

/** The view of stitched page views; replaced when its text changes. */
export const replacePageViews: Migration = {
  number: 3,
  name: 'page_views',
  kind: 'repeatable',
  up: ({ tenantId, layout }) => [createPageViews(layout, tenantId)],
};
