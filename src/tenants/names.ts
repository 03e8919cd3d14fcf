import type { TenantId } from './tenant.ts';

/** What a prefix looks like, for messages. */
export const PREFIX_SHAPE =
  'a lower-case letter, then up to 30 lower-case letters, digits or underscores, such as fashion_bg';

/** Words that are no tenant: our folders and tables, schemas of the databases, tenants that gateways make up. */
const RESERVED: ReadonlySet<string> = new Set([
  'unknown',
  'expired',
  'quarantine',
  'archive',
  'journal',
  'engine',
  'control',
  'rumbrella',
  'system',
  'default',
  'information_schema',
  'public',
  'postgres',
  'supertenant',
  'okapi',
]);

/**
 * Why a text is not a prefix, or null when it is one. The texts end up in SQL identifiers and folder names, so the rule is
 * narrow: ASCII, lower case, no reserved word, and no part that occurs in our table names: from `x_webperf_rum_events`
 * one can always tell the tenant.
 */
export const prefixProblem = (text: string): string | null => {
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(text)) return PREFIX_SHAPE;
  if (RESERVED.has(text)) return 'a prefix that is not a reserved word';
  if (/^(pg|sqlite|rumbrella)_/.test(text))
    return 'a prefix that does not begin with pg_, sqlite_ or rumbrella_';
  if (/(^|_)(webperf|page_views)(_|$)/.test(text))
    return 'a prefix without webperf or page_views, which are parts of table names';
  return null;
};

/** The text as a tenant id, or null when it is none. Case matters. */
export const toTenantId = (text: string): TenantId | null =>
  // The one place where a text becomes an id: the check before it is the reason why the cast holds.
  prefixProblem(text) === null ? (text as TenantId) : null;
