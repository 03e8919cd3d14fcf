import type { ModuleDescriptor } from '../descriptor.ts';
import type { RoutingEntry } from '../descriptor-entry.ts';

/** Two modules of one tenant that would answer the same requests: Okapi silently takes the first one by id. */
export const handlerConflicts = (modules: readonly ModuleDescriptor[]): readonly string[] => {
  const owners = new Map<string, ModuleDescriptor>();
  const problems: string[] = [];
  for (const module of modules) {
    for (const { methods = [], pathPattern, path } of publicHandlers(module, isRegular)) {
      for (const method of methods) {
        const key = `${method} ${(pathPattern ?? `${path ?? ''} `).replaceAll(/\{[^{}]*\}/g, '{}')}`;
        const owner = owners.get(key) ?? module;
        owners.set(key, owner);
        if (owner !== module)
          problems.push(
            `Modules ${owner.id}, ${module.id} both handle ${method} ${pathPattern ?? path ?? ''}`,
          );
      }
    }
  }
  return problems;
};

/**
 * Handlers on paths that this server answers itself (`/_/…`, the door for beacons), which would never be called. `reserved` are beginnings of
 * paths.
 */
export const reservedPathProblems = (
  module: ModuleDescriptor,
  reserved: readonly string[],
): readonly string[] =>
  publicHandlers(module, (interfaceType) => interfaceType !== 'system').flatMap(({ pathPattern, path }) => {
    const claimed = pathPattern ?? path ?? '';
    const [literal = ''] = claimed.split(/[{*]/, 1);
    const taken = reserved.find((prefix) => literal.startsWith(prefix));
    return taken === undefined
      ? []
      : [
          `Module '${module.id}' handler ${claimed}: paths that begin with ${taken} are answered by the gateway`,
        ];
  });

const isRegular = (interfaceType: string | undefined): boolean =>
  interfaceType === undefined || interfaceType === 'proxy';

const publicHandlers = (
  { provides = [] }: ModuleDescriptor,
  fits: (interfaceType: string | undefined) => boolean,
): readonly RoutingEntry[] =>
  provides
    .filter(({ id, interfaceType }) => !id.startsWith('_') && fits(interfaceType))
    .flatMap(({ handlers = [] }) => handlers);
