import type { ModuleDescriptor } from '../descriptor.ts';
import { parseModuleId } from '../module-id.ts';
import { bad } from './answers.ts';
import { compareModuleIds, isNpmSnapshot, isPreRelease, satisfies } from './versions.ts';

/** `true` or `false` of a parameter. Errors: 400 with Okapi's text. */
export const readSwitch = (query: URLSearchParams, name: string, fallback: boolean): boolean => {
  const value = query.get(name);
  if (value === null) return fallback;
  if (value === 'true') return true;
  if (value === 'false') return false;
  throw bad(`Bad boolean for parameter ${name}: ${value.slice(0, 40)}`);
};

/** A whole number of a parameter, at least `least`. */
export const readNumber = (query: URLSearchParams, name: string, fallback: number, least: number): number => {
  const value = query.get(name);
  if (value === null) return fallback;
  const number = Number(value);
  if (value !== '' && Number.isSafeInteger(number) && number >= least) return number;
  throw bad(
    least === 1 ? `${name} must be 1 or higher` : `Bad integer for parameter ${name}: ${value.slice(0, 40)}`,
  );
};

/** Which versions a client wants to see. */
export const versionFilter = (query: URLSearchParams): ((moduleId: string) => boolean) => {
  const preRelease = readVersionWish(query, 'preRelease');
  const npmSnapshot = readVersionWish(query, 'npmSnapshot');
  const fits = (wish: 'true' | 'false' | 'only', is: boolean): boolean =>
    wish === 'true' || (wish === 'only') === is;
  return (id) => fits(preRelease, isPreRelease(id)) && fits(npmSnapshot, isNpmSnapshot(id));
};

const readVersionWish = (query: URLSearchParams, name: string): 'true' | 'false' | 'only' => {
  const value = query.get(name) ?? 'true';
  if (value === 'true' || value === 'false' || value === 'only') return value;
  throw bad(`Bad value for parameter ${name}: ${value.slice(0, 40)}`);
};

/** The modules that a list's parameters ask for, ordered: `filter`, `provide`, `require`, `scope`, `latest`, `orderBy`, `order`. */
export const selectModules = (
  modules: readonly ModuleDescriptor[],
  query: URLSearchParams,
): readonly ModuleDescriptor[] => {
  const isWanted = versionFilter(query);
  const orderBy = query.get('orderBy');
  if (orderBy !== null && orderBy !== 'id') throw bad(`unknown orderBy field: ${orderBy.slice(0, 40)}`);
  const order = query.get('order') ?? (orderBy === null ? 'asc' : 'desc');
  if (order !== 'asc' && order !== 'desc') throw bad(`invalid order value: ${order.slice(0, 40)}`);
  const selected = modules
    .filter(({ id }) => isWanted(id) && matchesFilter(id, query.get('filter')))
    .filter(
      (module) =>
        provides(module, query.get('provide'), query.get('scope')) && needs(module, query.get('require')),
    )
    .toSorted((a, b) => compareModuleIds(a.id, b.id));
  const latest = readNumber(query, 'latest', 0, 0);
  const kept = latest === 0 ? selected : newestOfEach(selected, latest);
  return order === 'asc' ? kept : kept.toReversed();
};

const matchesFilter = (id: string, filter: string | null): boolean => {
  if (filter === null) return true;
  const wanted = parseModuleId(filter);
  const { product, version } = parseModuleId(id);
  return (
    product === wanted.product && (wanted.version === null || (version ?? '').startsWith(wanted.version))
  );
};

const provides = (
  { provides: provided = [] }: ModuleDescriptor,
  wish: string | null,
  scope: string | null,
): boolean =>
  (wish === null ||
    asked(wish, (id, version) =>
      provided.some((each) => each.id === id && (version === undefined || satisfies(each.version, version))),
    )) &&
  (scope === null || provided.some((each) => each.scope?.includes(scope)));

const needs = ({ requires = [] }: ModuleDescriptor, wish: string | null): boolean =>
  wish === null ||
  asked(wish, (id, version) =>
    requires.some((each) => each.id === id && (version === undefined || satisfies(version, each.version))),
  );

const asked = (wish: string, has: (id: string, version: string | undefined) => boolean): boolean =>
  wish.split(',').every((part) => {
    const [id = '', version] = part.split('=');
    return has(id, version);
  });

const newestOfEach = (ascending: readonly ModuleDescriptor[], most: number): readonly ModuleDescriptor[] =>
  [...Map.groupBy(ascending, ({ id }) => parseModuleId(id).product).values()].flatMap((versions) =>
    versions.slice(-most),
  );
