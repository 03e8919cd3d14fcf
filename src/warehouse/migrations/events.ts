import { adoptEventTable } from '../adoption.ts';
import { createEventTable } from '../event-table.ts';
import { storedName } from '../layout.ts';
import { tableNames } from '../identifier.ts';
import type { Migration } from './migration.ts';

/** The events table: created, or an existing one (of front_basicrum_go, or one that lacks a column) made into ours. */
export const createEvents: Migration = {
  number: 1,
  name: 'events',
  kind: 'once',
  looks: true,
  up: ({ tenantId, layout, existing }) => {
    const { events } = tableNames(tenantId);
    const table = existing(storedName(layout, events));
    return table === undefined
      ? createEventTable(layout, events, createEvents.number)
      : adoptEventTable(layout, events, table, createEvents.number);
  },
};
