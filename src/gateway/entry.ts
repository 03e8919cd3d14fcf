import type { ModuleDescriptor } from './descriptor.ts';
import type { EntryType, Phase, RoutingEntry } from './descriptor-entry.ts';
import { parseModuleId } from './module-id.ts';
import { compilePathPattern, type PathPattern } from './path-pattern.ts';

/** Where a module is executed by its own nature: for the tenant that was asked for, or where the user belongs. */
export type ExecutesIn = 'requested' | 'origin';

/** A descriptor, made ready for routing. */
export interface CompiledModule {
  readonly id: string;
  readonly product: string;
  /** Ids of the interfaces it provides. */
  readonly interfaces: readonly string[];
  readonly executesIn: ExecutesIn;
  /** Headers (lower case) that its answers may hand on to later entries; null: any `x-` header that is not internal. */
  readonly relayHeaders: ReadonlySet<string> | null;
  /** All entries; `entries[n].index` is `n`. */
  readonly entries: readonly Entry[];
}

/** A routing entry, made ready for routing. */
export interface Entry {
  readonly module: CompiledModule;
  /** Position among all entries of the module: names the entry in tokens. */
  readonly index: number;
  /** `handler`: regular interface; `multiple`: found by module id only; `system`: called by the gateway only. */
  readonly kind: 'handler' | 'multiple' | 'system' | 'filter';
  readonly type: EntryType;
  readonly phase: Phase | null;
  /** Two digits; entries run in the order of these strings. */
  readonly order: string;
  readonly methods: ReadonlySet<string>;
  readonly pattern: PathPattern | null;
  readonly descriptor: RoutingEntry;
  readonly permissionsRequired: readonly string[];
  readonly permissionsDesired: readonly string[];
  readonly modulePermissions: readonly string[];
  /** Replaces `permissionsRequired` for a caller with a token at its own tenant's path. */
  readonly permissionsRequiredTenant: readonly string[] | null;
  /** Pattern or legacy path, as the filter header names it. */
  readonly label: string;
}

/** Compiles a descriptor that `parseDescriptor` has accepted. */
export const compileModule = (descriptor: ModuleDescriptor): CompiledModule => {
  const entries: Entry[] = [];
  const resolution = descriptor.metadata?.['tenantResolution'];
  const relayed = descriptor.metadata?.['relayHeaders'];
  const module: CompiledModule = {
    id: descriptor.id,
    product: parseModuleId(descriptor.id).product,
    interfaces: (descriptor.provides ?? []).map((provided) => provided.id),
    executesIn:
      typeof resolution === 'object' &&
      resolution !== null &&
      'executesIn' in resolution &&
      resolution.executesIn === 'origin'
        ? 'origin'
        : 'requested',
    relayHeaders: Array.isArray(relayed)
      ? new Set(relayed.filter((name) => typeof name === 'string').map((name) => name.toLowerCase()))
      : null,
    entries,
  };
  for (const provided of descriptor.provides ?? []) {
    const system = provided.interfaceType === 'system' || provided.id.startsWith('_');
    const kind = system ? 'system' : provided.interfaceType === 'multiple' ? 'multiple' : 'handler';
    for (const handler of provided.handlers ?? [])
      entries.push(compileEntry(module, entries.length, kind, handler));
  }
  for (const filter of descriptor.filters ?? [])
    entries.push(compileEntry(module, entries.length, 'filter', filter));
  return module;
};

/** Does the entry answer this method? */
export const answersMethod = (entry: Entry, method: string): boolean =>
  entry.methods.has(method) || entry.methods.has('*');

/** Does the entry's path match? `path` is without query, `uri` with it (a legacy prefix may reach into the query). */
export const matchesPath = (entry: Entry, path: string, uri: string): boolean => {
  if (entry.pattern !== null) return entry.pattern.matches(path);
  return uri.startsWith(entry.descriptor.path ?? '');
};

const compileEntry = (
  module: CompiledModule,
  index: number,
  kind: Entry['kind'],
  entry: RoutingEntry,
): Entry => ({
  module,
  index,
  kind,
  type: entry.type ?? 'request-response',
  phase: kind === 'filter' ? (entry.phase ?? null) : null,
  order: kind === 'filter' ? orderOf(entry) : handlerOrder,
  methods: new Set(entry.methods ?? []),
  pattern: typeof entry.pathPattern === 'string' ? compilePathPattern(entry.pathPattern) : null,
  descriptor: entry,
  permissionsRequired: entry.permissionsRequired ?? [],
  permissionsDesired: entry.permissionsDesired ?? [],
  modulePermissions: entry.modulePermissions ?? [],
  permissionsRequiredTenant: entry.permissionsRequiredTenant ?? null,
  label: entry.pathPattern ?? entry.path ?? '',
});

/** Order of handlers, and of filters with neither phase nor level. */
const handlerOrder = '50';
const phaseOrder: Readonly<Record<Phase, string>> = { auth: '10', pre: '40', post: '60' };

/** Of `phase` and `level` the one that stands later in the JSON decides. */
const orderOf = (entry: RoutingEntry): string => {
  let order = handlerOrder;
  for (const name of Object.keys(entry)) {
    if (name === 'phase' && entry.phase) order = phaseOrder[entry.phase];
    if (name === 'level' && entry.level) order = entry.level;
  }
  return order;
};
