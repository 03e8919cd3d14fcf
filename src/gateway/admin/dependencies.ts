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

/** The modules in an order in which each comes after those that it needs; cycles are entered at the lowest id. */
export const providersFirst = (modules: readonly ModuleDescriptor[]): readonly ModuleDescriptor[] => {
  const sorted = modules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const providers = new Map(
    sorted.flatMap((module) => regularInterfaces(module).map(({ id }) => [id, module] as const)),
  );
  const seen = new Set<ModuleDescriptor>();
  const order: ModuleDescriptor[] = [];
  const visit = (module: ModuleDescriptor): void => {
    if (seen.has(module)) return;
    seen.add(module);
    for (const { id } of [...(module.requires ?? []), ...(module.optional ?? [])]) {
      const provider = providers.get(id);
      if (provider !== undefined) visit(provider);
    }
    order.push(module);
  };
  for (const module of sorted) visit(module);
  return order;
};
