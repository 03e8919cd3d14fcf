import { createEvents } from './events.ts';
import { createHostnames } from './hostnames.ts';
import type { Migration } from './migration.ts';
import { replacePageViews } from './page-views.ts';

/**
 * All migrations of a tenant's tables, in the order in which they are applied. Numbers are never used twice and an applied
 * `once` migration is never changed: a new column gets a new number (its `since`) and a migration of its own.
 */
export const MIGRATIONS: readonly Migration[] = [createEvents, createHostnames, replacePageViews];
