import type { InterfaceReference, ModuleDescriptor } from '../descriptor.ts';
import { parseModuleId } from '../module-id.ts';
import { bad, shown } from './answers.ts';
import { hasPrefix, versionFilter } from './query.ts';
import { compareModuleIds, isSameVersion } from './versions.ts';

/**
 * The modules that a list's parameters ask for, ordered: `filter`, `provide`, `require`, `scope`, `preRelease`, `npmSnapshot`, `latest`, `orderBy`,
 * `order`. Errors: 400 with Okapi's texts.
 */
export const selectModules = (
  modules: readonly ModuleDescriptor[],
  query: URLSearchParams,
): readonly ModuleDescriptor[] => {
  const isWanted = versionFilter(query);
  const filter = query.get('filter');
  const [provide, require, scope] = [query.get('provide'), query.get('require'), query.get('scope')];
  const ascending = modules
    .filter(({ id }) => isWanted(id) && (filter === null || hasPrefix(id, filter)))
    .filter(
      ({ provides = [], requires = [], optional = [] }) =>
        names(provides, provide, scope) &&
        (names(requires, require, scope) || names(optional, require, scope)),
    )
    .toSorted((a, b) => compareModuleIds(a.id, b.id));
  const kept = newestOfEach(ascending, query.get('latest'));
  return isDescending(query) ? kept.toReversed() : kept;
};

/**
 * Is one of the interfaces in the wish (`id` or `id=version`, with commas between)? The version is the very same one; a scope counts together with
 * a wish only.
 */
const names = (
  interfaces: readonly (InterfaceReference & { readonly scope?: readonly string[] })[],
  wish: string | null,
  scope: string | null,
): boolean => {
  if (wish === null) return true;
  const wanted = wish.split(',').map((part) => part.split('='));
  return interfaces
    .filter((each) => scope === null || each.scope?.includes(scope))
    .some(({ id, version }) =>
      wanted.some(
        ([name, exact]) =>
          name === id &&
          (exact === undefined ||
            version.split(' ').some((alternative) => isSameVersion(alternative, exact))),
      ),
    );
};

const newestOfEach = (
  ascending: readonly ModuleDescriptor[],
  latest: string | null,
): readonly ModuleDescriptor[] => {
  if (latest === null) return ascending;
  if (!/^[+-]?\d{1,9}$/.test(latest))
    throw bad(`Bad format for parameter latest. For input string: "${shown(latest)}"`);
  const most = Math.max(1, Number(latest));
  return [...Map.groupBy(ascending, ({ id }) => parseModuleId(id).product).values()].flatMap((versions) =>
    versions.slice(-most),
  );
};

/** Without `orderBy` a list ascends; with it, it descends unless `order` says otherwise. */
const isDescending = (query: URLSearchParams): boolean => {
  const orderBy = query.get('orderBy');
  const order = query.get('order') ?? (orderBy === null ? 'asc' : 'desc');
  if (orderBy !== null && orderBy !== 'id') throw bad(`unknown orderBy field: ${shown(orderBy)}`);
  if (order !== 'asc' && order !== 'desc') throw bad(`invalid order value: ${shown(order)}`);
  return orderBy !== null && order === 'desc';
};
