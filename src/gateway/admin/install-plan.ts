import { AppError } from '#core';
import type { ModuleDescriptor } from '../descriptor.ts';
import { parseModuleId } from '../module-id.ts';
import {
  conflictText,
  findConflicts,
  findGaps,
  type Gap,
  gapText,
  regularInterfaces,
} from './dependencies.ts';
import { handlerConflicts } from './handler-conflicts.ts';
import { inOrder, type Move } from './install-order.ts';
import { compareModuleIds, satisfies } from './versions.ts';

/** What a client wants of one module; the id may be a product alone: the newest version. `uptodate` wants nothing. */
export interface Wish {
  readonly id: string;
  readonly action: 'enable' | 'disable' | 'uptodate';
}

/** One thing to do, or that is as wished already (`uptodate`). */
export interface InstallStep {
  readonly id: string;
  /** Id of the version that is replaced. */
  readonly from?: string;
  readonly action: 'enable' | 'disable' | 'uptodate';
}

/** What is there, and how far the plan may go. */
export interface InstallWorld {
  /** Modules that may be enabled, all versions. */
  readonly known: readonly ModuleDescriptor[];
  /** Modules that are enabled for the tenant. */
  readonly enabled: readonly ModuleDescriptor[];
  /** false: the wishes as they are, nothing added, nothing checked. */
  readonly depCheck: boolean;
  /** Enable again what is enabled already. */
  readonly reinstall: boolean;
}

const MOST_ROUNDS = 100;

/**
 * What has to be done, in order, so that the wishes come true and every module has what it needs: providers are added in their newest fitting
 * version, modules in the way are replaced, dependants of what is disabled are disabled. Explicit wishes are never overridden. Pure.
 * Errors: `GATEWAY_MODULE_NOT_FOUND` (404), `GATEWAY_DEPENDENCIES` and `GATEWAY_INSTALL_ORDER` (400) with Okapi's sentences,
 * `GATEWAY_INSTALL_ENDLESS` (500).
 */
export const planInstall = (wishes: readonly Wish[], world: InstallWorld): readonly InstallStep[] => {
  const before = new Map(world.enabled.map((module) => [productOf(module), module]));
  const target = new Map(before);
  const explicit = new Map<string, 'enable' | 'disable'>();
  const asked: Move[] = [];

  for (const [module, action] of findWished(wishes, world)) {
    const product = productOf(module);
    const current = before.get(product);
    if (action === 'uptodate') asked.push({ module, action });
    else if (action === 'disable') {
      target.delete(product);
      asked.push({ module, action });
    } else {
      const chosen = explicit.get(product) === 'enable' ? target.get(product) : undefined;
      if (chosen !== undefined && chosen !== module)
        throw unmet(`Cannot remove module ${chosen.id} which is explicitly given`);
      target.set(product, module);
      asked.push(
        current === module && !world.reinstall
          ? { module, action: 'uptodate' }
          : enabling(module, current === module ? undefined : current),
      );
    }
    if (action !== 'uptodate') explicit.set(product, action);
  }
  if (!world.depCheck) return asked.map(stepOf);

  settle(target, explicit, world);
  const known = new Set(handlerConflicts(world.enabled));
  const problems = handlerConflicts([...target.values()]).filter((problem) => !known.has(problem));
  if (problems.length > 0) throw unmet(problems.join('. '));

  const isAsked = (module: ModuleDescriptor): boolean => asked.some((move) => move.module === module);
  const added = [...target.values()].filter(
    (module) => before.get(productOf(module)) !== module && !isAsked(module),
  );
  const gone = world.enabled.filter((module) => !target.has(productOf(module)) && !isAsked(module));
  const moves = [
    ...asked,
    ...gone.map((module) => ({ module, action: 'disable' as const })),
    ...added.map((module) => enabling(module, before.get(productOf(module)))),
  ];
  return inOrder(moves, world.enabled).map(stepOf);
};

const productOf = ({ id }: ModuleDescriptor): string => parseModuleId(id).product;

const enabling = (module: ModuleDescriptor, from: ModuleDescriptor | undefined): Move => ({
  module,
  ...(from !== undefined && { from }),
  action: 'enable',
});

const stepOf = ({ module, from, action }: Move): InstallStep => ({
  id: module.id,
  ...(from !== undefined && { from: from.id }),
  action,
});

const findWished = (
  wishes: readonly Wish[],
  { known, enabled }: InstallWorld,
): readonly (readonly [ModuleDescriptor, Wish['action']])[] => {
  const missing: string[] = [];
  const found = wishes.flatMap(({ id, action }) => {
    const among = action === 'disable' ? enabled : known;
    const isProduct = parseModuleId(id).version === null;
    const module = isProduct
      ? newest(among.filter((each) => productOf(each) === id))
      : among.find((each) => each.id === id);
    if (module === undefined) missing.push(`Module ${id.slice(0, 255)} not found`);
    return module === undefined ? [] : [[module, action] as const];
  });
  if (missing.length > 0) throw new AppError('GATEWAY_MODULE_NOT_FOUND', missing.join('. '), { status: 404 });
  return found;
};

const newest = (modules: readonly ModuleDescriptor[]): ModuleDescriptor | undefined =>
  modules.toSorted((a, b) => compareModuleIds(b.id, a.id))[0];

type Target = Map<string, ModuleDescriptor>;
type Explicit = ReadonlyMap<string, 'enable' | 'disable'>;

/** Changes the target, one thing at a time, until every need is met. */
const settle = (target: Target, explicit: Explicit, world: InstallWorld): void => {
  // What was taken away stays away, or taking and adding could go on for ever.
  const gone = new Set([...explicit].filter(([, wish]) => wish === 'disable').map(([product]) => product));
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const modules = [...target.values()];
    const conflict = findConflicts(modules)[0];
    const gap = findGaps(modules)[0];
    if (conflict !== undefined) {
      // Whoever was not asked for gives way; the newest stays when nobody was.
      const waits = conflict.modules.filter((module) => explicit.get(productOf(module)) !== 'enable');
      const enabledBefore = waits.filter((module) => world.enabled.includes(module));
      const leaving =
        enabledBefore[0] ??
        (waits.length > 0 && waits.length < conflict.modules.length ? waits[0] : undefined);
      if (leaving === undefined) throw unmet(conflictText(conflict));
      gone.add(productOf(leaving));
      target.delete(productOf(leaving));
    } else if (gap !== undefined) {
      fill(gap, target, explicit, gone, world);
    } else return;
  }
  throw new AppError(
    'GATEWAY_INSTALL_ENDLESS',
    `Dependency resolution not completing in ${MOST_ROUNDS} iterations`,
  );
};

const fill = (gap: Gap, target: Target, explicit: Explicit, gone: Set<string>, world: InstallWorld): void => {
  const { module, interfaceId, version, provider } = gap;
  const candidates = world.known.filter(
    (candidate) =>
      explicit.get(productOf(candidate)) === undefined &&
      !gone.has(productOf(candidate)) &&
      regularInterfaces(candidate).some(
        (provided) => provided.id === interfaceId && satisfies(provided.version, version),
      ),
  );
  const replaced = new Set(candidates.flatMap(({ replaces }) => replaces ?? []));
  const fitting = candidates.filter((candidate) => !replaced.has(productOf(candidate)));
  const sameProduct =
    provider === null
      ? []
      : fitting.filter((candidate) => productOf(candidate) === productOf(provider.module));
  const choices = sameProduct.length > 0 ? sameProduct : fitting;
  const products = [...new Set(choices.map(productOf))].toSorted();
  const enabledProducts = products.filter((product) => target.has(product));
  const chosen = enabledProducts.length === 1 ? enabledProducts : products;
  if (chosen.length > 1) {
    throw unmet(
      `interface ${interfaceId} required by module ${module.id} is provided by multiple products: ${chosen.join(', ')}`,
    );
  }
  const best = newest(choices.filter((candidate) => productOf(candidate) === chosen[0]));
  if (best !== undefined) {
    target.set(productOf(best), best);
    return;
  }
  // Nothing can provide it. Whoever needs a module that was disabled goes with it, unless it was asked for.
  const wasDisabled = world.enabled.some(
    (enabled) =>
      gone.has(productOf(enabled)) && regularInterfaces(enabled).some(({ id }) => id === interfaceId),
  );
  if (wasDisabled && explicit.get(productOf(module)) === undefined) {
    gone.add(productOf(module));
    target.delete(productOf(module));
    return;
  }
  if (wasDisabled) throw unmet(`Cannot remove module ${module.id} which is explicitly given`);
  throw unmet(
    provider === null ? `interface ${interfaceId} required by module ${module.id} not found` : gapText(gap),
  );
};

const unmet = (message: string): AppError => new AppError('GATEWAY_DEPENDENCIES', message, { status: 400 });
