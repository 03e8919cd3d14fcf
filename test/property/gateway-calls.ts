import type { Seen } from '../support/gateway-world.ts';
import { type DrawnRelation, FILTERS, idOf, type Name, type State } from './gateway-worlds.ts';

/** Payload of the token that a module was called with. */
export const claimsOf = (call: Seen): Readonly<Record<string, unknown>> =>
  JSON.parse(
    Buffer.from((call.headers['x-okapi-token'] ?? '').split('.')[1] ?? '', 'base64url').toString(),
  ) as Record<string, unknown>;

/** When that token ends, epoch ms. */
export const endOf = (call: Seen): number => Number(claimsOf(call)['exp']) * 1_000;

interface Actor {
  readonly sub: string;
  readonly act?: Actor;
}

/** Modules that called on the way to this call, as its token says; the first caller first. */
export const actorsOf = (call: Seen): readonly string[] => {
  const actors: string[] = [];
  for (let actor = claimsOf(call)['act'] as Actor | undefined; actor !== undefined; actor = actor.act)
    actors.unshift(actor.sub);
  return actors;
};

/** Is it a call of a filter, and not of the module that does what was asked? */
export const isFilter = ({ module }: Pick<Seen, 'module'>): boolean =>
  FILTERS.some((name) => module === idOf(name));

/** Id of one request: of the handler and the filters that are called for it. */
export const requestIdOf = ({ headers }: Pick<Seen, 'headers'>): string =>
  headers['x-okapi-request-id'] ?? '';

/** Is it executed for another tenant than the one where the user belongs? */
export const isAbroad = (call: Seen): boolean => call.tenant !== claimsOf(call)['origin'];

/**
 * Relations in force that lead from the user's tenant to that of a call, and that name the module that serves its path or one that called it: what a
 * module asks of its neighbours is asked where it works.
 */
export const bridges = (
  { relations }: State,
  from: Name,
  call: Seen,
  seconds = 0,
): readonly DrawnRelation[] => {
  const serving = isFilter(call) ? `mod-${call.path.split('/')[1]}` : call.module;
  const named = [serving, ...actorsOf(call)].map((id) => id.replace(/-1\.0\.0$/, ''));
  return relations.filter(
    (each) =>
      each.ends > seconds &&
      each.tenant === from &&
      each.executesAs.some((name) => name === call.tenant) &&
      each.modules.some((name) => named.includes(name)),
  );
};

/** Does a permission match a pattern that may end with a star? */
export const matches = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
