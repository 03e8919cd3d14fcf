import { AppError } from '#core';
import type { InterfaceReference, ModuleDescriptor } from '../descriptor.ts';
import { parseModuleId } from '../module-id.ts';
import { regularInterfaces } from './dependencies.ts';
import { satisfies } from './versions.ts';

/** A module to enable or to disable; `from` is the version that it replaces. */
export interface Move {
  readonly module: ModuleDescriptor;
  readonly from?: ModuleDescriptor;
  readonly action: 'enable' | 'disable' | 'uptodate';
}

/**
 * The moves in an order in which every module finds what it needs when it is enabled, and nobody needs what is disabled. Among those that are
 * possible the one that was given first comes first. Pure. Errors: `GATEWAY_INSTALL_ORDER` (400) when modules need each other in a circle.
 */
export const inOrder = (moves: readonly Move[], enabled: readonly ModuleDescriptor[]): readonly Move[] => {
  const present = new Set(enabled);
  let waiting = moves;
  const order: Move[] = [];
  for (;;) {
    const next = waiting.find((move) => isPossible(move, present));
    if (next === undefined) break;
    waiting = waiting.filter((move) => move !== next);
    order.push(next);
    if (next.action === 'enable') present.add(next.module);
    if (next.action === 'disable') present.delete(next.module);
    if (next.from !== undefined) present.delete(next.from);
  }
  if (waiting.some(({ action }) => action === 'enable')) {
    const ids = waiting.map(({ module }) => module.id).join(', ');
    throw new AppError('GATEWAY_INSTALL_ORDER', `Some modules cannot be topological sorted: ${ids}`, {
      status: 400,
    });
  }
  // What is left is to be disabled and needed by others: by each other, or by somebody who gets the same from its successor.
  return [...waiting, ...order];
};

const isPossible = ({ module, action }: Move, present: ReadonlySet<ModuleDescriptor>): boolean => {
  if (action === 'uptodate') return true;
  const others = [...present];
  if (action === 'enable')
    return (module.requires ?? []).every((need) => others.some((each) => provides(each, need)));
  const { product } = parseModuleId(module.id);
  return (
    others.some(({ replaces }) => replaces?.includes(product)) ||
    !others.some((each) => each !== module && (each.requires ?? []).some((need) => provides(module, need)))
  );
};

const provides = (module: ModuleDescriptor, { id, version }: InterfaceReference): boolean =>
  regularInterfaces(module).some((provided) => provided.id === id && satisfies(provided.version, version));
