import {
  invalid,
  knownOnly,
  list,
  optionalString,
  optionalStrings,
  record,
  strings,
} from './descriptor-checks.ts';
import { checkRoutingEntry, type RoutingEntry } from './descriptor-entry.ts';
import { isModuleVersion, parseModuleId } from './module-id.ts';

/** An interface that a module provides. */
export interface InterfaceDescriptor {
  readonly id: string;
  /** `M.m` or `M.m.p`. */
  readonly version: string;
  /** Absent and `proxy` are regular; `system` is called by the gateway only; `multiple` needs `X-Okapi-Module-Id`. */
  readonly interfaceType?: 'proxy' | 'system' | 'multiple';
  readonly handlers?: readonly RoutingEntry[];
  readonly scope?: readonly string[];
  readonly permissionSets?: readonly PermissionSet[];
}

/** An interface that a module needs; `version` may list alternatives with spaces between. */
export interface InterfaceReference {
  readonly id: string;
  readonly version: string;
}

/** A permission or a set of permissions that a module declares. */
export interface PermissionSet {
  readonly permissionName: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly subPermissions?: readonly string[];
  readonly visible?: boolean;
  readonly replaces?: readonly string[];
}

/** Okapi's ModuleDescriptor. The value is the JSON as it came, so that it is echoed unchanged, order of keys included. */
export interface ModuleDescriptor {
  /** `<product>-<version>`. */
  readonly id: string;
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly requires?: readonly InterfaceReference[];
  readonly optional?: readonly InterfaceReference[];
  readonly provides?: readonly InterfaceDescriptor[];
  readonly filters?: readonly RoutingEntry[];
  readonly permissionSets?: readonly PermissionSet[];
  readonly env?: readonly Readonly<Record<string, unknown>>[];
  /** Free; `tenantResolution.executesIn` and `relayHeaders` are read by this gateway. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly uiDescriptor?: Readonly<Record<string, unknown>>;
  readonly launchDescriptor?: Readonly<Record<string, unknown>>;
  readonly replaces?: readonly string[];
}

/** Routing entries in one descriptor at most; the largest of FOLIO's modules has about 300. */
export const maxEntriesPerModule = 5_000;

/**
 * Checks a ModuleDescriptor and gives the very same value back. Errors: `GATEWAY_DESCRIPTOR_INVALID` (400) with Okapi's texts.
 */
export const parseDescriptor = (value: unknown): ModuleDescriptor => {
  const found = record(value, 'ModuleDescriptor');
  knownOnly(found, descriptorFields, 'ModuleDescriptor');
  const id = found['id'];
  if (id === undefined || id === null || id === '') throw invalid('id is missing for module');
  if (typeof id !== 'string') throw invalid('id of the module must be a string');
  const { product, version } = parseModuleId(id);
  if (version === null || product === '' || !isModuleVersion(version))
    throw invalid(`Missing semantic version for: ${id}`);
  if (id.length > 255 || !/^[!-~]+$/.test(id))
    throw invalid('id of the module must be at most 255 printable characters');
  optionalString(found, 'name');
  optionalStrings(found, 'tags');
  checkReferences(found, 'requires', id);
  checkReferences(found, 'optional', id);
  let entries = checkProvides(found['provides'], id);
  for (const entry of list(found['filters'], 'filters')) {
    checkRoutingEntry(entry, id, 'filters');
    entries += 1;
  }
  if (entries > maxEntriesPerModule)
    throw invalid(`module ${id} has ${entries} routing entries, at most ${maxEntriesPerModule} are allowed`);
  checkPermissionSets(found['permissionSets']);
  for (const variable of list(found['env'], 'env')) record(variable, 'env');
  for (const name of ['metadata', 'uiDescriptor', 'launchDescriptor'])
    if (found[name] !== undefined && found[name] !== null) record(found[name], name);
  for (const replaced of strings(found['replaces'], 'replaces'))
    if (parseModuleId(replaced).version !== null)
      throw invalid(`No semantic version allowed for: ${replaced}`);
  return value as ModuleDescriptor;
};

const descriptorFields = new Set([
  'id',
  'name',
  'tags',
  'requires',
  'optional',
  'provides',
  'filters',
  'permissionSets',
  'env',
  'metadata',
  'uiDescriptor',
  'launchDescriptor',
  'replaces',
]);

const interfaceFields = new Set(['id', 'version', 'interfaceType', 'handlers', 'scope', 'permissionSets']);

const checkProvides = (value: unknown, module: string): number => {
  const seen = new Set<string>();
  let entries = 0;
  for (const item of list(value, 'provides')) {
    const provided = record(item, 'InterfaceDescriptor');
    knownOnly(provided, interfaceFields, 'InterfaceDescriptor');
    const { id, version, type } = checkInterface(provided, module);
    if (seen.has(id)) throw invalid(`Interface ${id} provided multiple times`);
    seen.add(id);
    if (!/^[0-9]{1,9}\.[0-9]{1,9}(?:\.[0-9]{1,9})?$/.test(version))
      throw invalid(`Bad version number '${version}'`);
    if (type !== undefined && type !== null && type !== 'proxy' && type !== 'system' && type !== 'multiple')
      throw invalid(
        `Bad interface type '${typeof type === 'string' ? type : JSON.stringify(type)}' for module ${module}`,
      );
    const system = type === 'system' || id.startsWith('_');
    for (const entry of list(provided['handlers'], 'handlers')) {
      checkRoutingEntry(entry, module, system ? 'system' : 'handlers');
      entries += 1;
    }
    optionalStrings(provided, 'scope');
    checkPermissionSets(provided['permissionSets']);
  }
  return entries;
};

const checkReferences = (found: Record<string, unknown>, field: string, module: string): void => {
  for (const item of list(found[field], field)) {
    const reference = record(item, 'InterfaceDescriptor');
    const handlers = reference['handlers'];
    if (Array.isArray(handlers) && handlers.length > 0)
      throw invalid(`No handlers allowed in '${field}' section for module ${module}`);
    knownOnly(reference, interfaceFields, 'InterfaceDescriptor');
    const { version } = checkInterface(reference, module);
    for (const alternative of version.split(' '))
      if (!/^[0-9]{1,9}\.[0-9]{1,9}(?:\.[0-9]{1,9})?$/.test(alternative))
        throw invalid(`Bad version number '${version}'`);
  }
};

const checkInterface = (
  found: Record<string, unknown>,
  module: string,
): { id: string; version: string; type: unknown } => {
  const { id, version } = found;
  if (typeof id !== 'string' || id === '') throw invalid(`id is missing for module ${module}`);
  if (typeof version !== 'string' || version === '') throw invalid(`version is missing for module ${module}`);
  return { id, version, type: found['interfaceType'] };
};

const permissionFields = new Set([
  'permissionName',
  'displayName',
  'description',
  'subPermissions',
  'visible',
  'replaces',
]);

const checkPermissionSets = (value: unknown): void => {
  for (const item of list(value, 'permissionSets')) {
    const set = record(item, 'Permission');
    knownOnly(set, permissionFields, 'Permission');
    if (typeof set['permissionName'] !== 'string' || set['permissionName'] === '')
      throw invalid('Missing permissionName');
    optionalStrings(set, 'subPermissions');
    optionalStrings(set, 'replaces');
  }
};
