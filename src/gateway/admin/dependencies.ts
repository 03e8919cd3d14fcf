import type { InterfaceDescriptor, ModuleDescriptor } from '../descriptor.ts';
import { satisfies } from './versions.ts';

/** Interfaces by which modules need each other: `system` and `multiple` ones neither satisfy nor conflict. */
export const regularInterfaces = (module: ModuleDescriptor): readonly InterfaceDescriptor[] =>
  (module.provides ?? []).filter(
    ({ id, interfaceType }) =>
      (interfaceType === undefined || interfaceType === 'proxy') && !id.startsWith('_'),
  );

/** A requirement that a set of modules does not meet. */
export interface Gap {
  readonly module: ModuleDescriptor;
  readonly interfaceId: string;
  readonly version: string;
  /** Provides the interface in a version that does not fit; null: nobody provides it. */
  readonly provider: { readonly module: ModuleDescriptor; readonly version: string } | null;
}

/** Everything that these modules need of each other and do not have. Optional interfaces count only where somebody provides them. */
export const findGaps = (modules: readonly ModuleDescriptor[]): readonly Gap[] => {
  const providers = new Map(
    modules.flatMap((module) =>
      regularInterfaces(module).map(({ id, version }) => [id, { module, version }] as const),
    ),
  );
  const gap = (module: ModuleDescriptor, id: string, version: string): Gap[] => {
    const provider = providers.get(id) ?? null;
    if (provider !== null && satisfies(provider.version, version)) return [];
    return [{ module, interfaceId: id, version, provider }];
  };
  return modules.flatMap((module) => [
    ...(module.requires ?? []).flatMap(({ id, version }) => gap(module, id, version)),
    ...(module.optional ?? []).flatMap(({ id, version }) =>
      providers.has(id) ? gap(module, id, version) : [],
    ),
  ]);
};

/**
 * Okapi's sentences for everything that `modules` need and that nobody of `known` provides; a requirement may be met by any version that is there,
 * so this says whether modules can be enabled at all, not together.
 */
export const unresolvable = (
  modules: readonly ModuleDescriptor[],
  known: readonly ModuleDescriptor[],
): readonly string[] => {
  const providers = Map.groupBy(
    known.flatMap((module) =>
      regularInterfaces(module).map(({ id, version }) => ({ id, version, module: module.id })),
    ),
    ({ id }) => id,
  );
  const problem = (module: ModuleDescriptor, id: string, version: string): readonly string[] => {
    const found = providers.get(id) ?? [];
    if (found.some((provider) => satisfies(provider.version, version))) return [];
    if (found.length === 0) return [`Missing dependency: ${module.id} requires ${id}: ${version}`];
    const have = found.map((provider) => `${provider.version}/${provider.module}`).join(' ');
    return [`Incompatible version for module ${module.id} interface ${id}. Need ${version}. Have ${have}`];
  };
  return modules.flatMap((module) => [
    ...(module.requires ?? []).flatMap(({ id, version }) => problem(module, id, version)),
    ...(module.optional ?? []).flatMap(({ id, version }) =>
      providers.has(id) ? problem(module, id, version) : [],
    ),
  ]);
};

/** Two modules that provide the same interface. */
export interface Conflict {
  readonly interfaceId: string;
  readonly modules: readonly ModuleDescriptor[];
}

/** Interfaces that more than one of these modules provide. */
export const findConflicts = (modules: readonly ModuleDescriptor[]): readonly Conflict[] => {
  const provided = modules.flatMap((module) => regularInterfaces(module).map(({ id }) => ({ id, module })));
  return [...Map.groupBy(provided, ({ id }) => id)]
    .filter(([, providers]) => providers.length > 1)
    .map(([interfaceId, providers]) => ({ interfaceId, modules: providers.map(({ module }) => module) }));
};

/** Okapi's sentence for a gap. */
export const gapText = ({ module, interfaceId, version, provider }: Gap): string =>
  provider === null
    ? `Missing dependency: ${module.id} requires ${interfaceId}: ${version}`
    : `Incompatible version for module ${module.id} interface ${interfaceId}. Need ${version}. Have ${provider.version}/${provider.module.id}`;

/** Okapi's sentence for a conflict. */
export const conflictText = ({ interfaceId, modules }: Conflict): string =>
  `Multiple modules ${modules.map(({ id }) => id).join(', ')} provide interface ${interfaceId}`;
