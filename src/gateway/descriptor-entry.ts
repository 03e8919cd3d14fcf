import { invalid, knownOnly, list, optionalString, record, strings } from './descriptor-checks.ts';
import { patternProblem } from './path-pattern.ts';

/** What the gateway does with the body of a request and of the entry's answer. */
export type EntryType =
  | 'headers'
  | 'internal'
  | 'redirect'
  | 'request-log'
  | 'request-only'
  | 'request-response'
  | 'request-response-1.0'
  | 'system';

/** When a filter runs. */
export type Phase = 'auth' | 'pre' | 'post';

/** Okapi's RoutingEntry: a handler of an interface, or a filter. */
export interface RoutingEntry {
  readonly methods?: readonly string[];
  readonly pathPattern?: string;
  /** Legacy: a prefix of path and query. */
  readonly path?: string;
  /** Put in front of the path when the module is called. */
  readonly rewritePath?: string;
  readonly phase?: Phase;
  /** Deprecated: two digits; decides the order when there is no phase. */
  readonly level?: string;
  readonly type?: EntryType;
  readonly redirectPath?: string;
  readonly permissionsRequired?: readonly string[];
  readonly permissionsDesired?: readonly string[];
  readonly modulePermissions?: readonly string[];
  readonly permissionsRequiredTenant?: readonly string[];
  readonly delegateCORS?: boolean;
  readonly unit?: string;
  readonly delay?: string;
  readonly schedule?: Readonly<Record<string, unknown>>;
}

/**
 * Checks one routing entry of a module: a filter, a handler, or a handler of a system interface.
 * Errors: `GATEWAY_DESCRIPTOR_INVALID` (400) with Okapi's texts.
 */
export const checkRoutingEntry = (
  value: unknown,
  module: string,
  place: 'filters' | 'handlers' | 'system',
): void => {
  const entry = record(value, 'RoutingEntry');
  knownOnly(entry, entryFields, 'RoutingEntry');
  for (const method of strings(entry['methods'], 'methods'))
    if (!knownMethods.has(method)) throw invalid(method);
  for (const field of ['pathPattern', 'path', 'rewritePath', 'redirectPath', 'level', 'unit', 'delay'])
    optionalString(entry, field);
  const { pathPattern, path, phase, type } = entry;
  if (typeof pathPattern === 'string') {
    const problem = patternProblem(pathPattern);
    if (problem !== null) throw invalid(problem);
  }
  if (present(phase) && phase !== 'auth' && phase !== 'pre' && phase !== 'post')
    throw invalid(`Invalid phase ${String(phase)}`);
  if (present(type) && !(typeof type === 'string' && entryTypes.has(type)))
    throw invalid(`Invalid entry type: ${String(type)}`);
  const timer = place === 'system' && (present(entry['unit']) || present(entry['schedule']));
  if (!present(pathPattern) && !present(path) && !timer)
    throw invalid('Bad routing entry, needs a pathPattern or at least a path');
  if (type === 'redirect' && (typeof entry['redirectPath'] !== 'string' || entry['redirectPath'] === ''))
    throw invalid('Redirect entry without redirectPath');
  for (const field of permissionFields) strings(entry[field], field);
  if (place === 'handlers' && !present(entry['permissionsRequired']))
    throw invalid(
      `Module '${module}' handler ${String(pathPattern ?? path)}: Missing field permissionsRequired`,
    );
  if (present(entry['delegateCORS']) && typeof entry['delegateCORS'] !== 'boolean')
    throw invalid('delegateCORS must be true or false');
  if (present(entry['schedule'])) record(entry['schedule'], 'schedule');
  list(entry['methods'], 'methods');
};

const present = (value: unknown): boolean => value !== undefined && value !== null;

const permissionFields = [
  'permissionsRequired',
  'permissionsDesired',
  'modulePermissions',
  'permissionsRequiredTenant',
];

const entryFields = new Set([
  'methods',
  'pathPattern',
  'path',
  'rewritePath',
  'phase',
  'level',
  'type',
  'redirectPath',
  'delegateCORS',
  'unit',
  'delay',
  'schedule',
  ...permissionFields,
]);

const entryTypes: ReadonlySet<string> = new Set<EntryType>([
  'headers',
  'internal',
  'redirect',
  'request-log',
  'request-only',
  'request-response',
  'request-response-1.0',
  'system',
]);

const knownMethods = new Set([
  '*',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'REPORT',
  'SEARCH',
  'MERGE',
]);
