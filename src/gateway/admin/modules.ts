import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { text } from '../contract.ts';
import type { ModuleDescriptor } from '../descriptor.ts';
import { answer, bad, created, inLocation, missing, nothing, shown } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import { cleanUp } from './cleanup.ts';
import { unresolvable } from './dependencies.ts';
import { readDescriptor } from './descriptor-reading.ts';
import { MAX_LIST_BYTES, readDocument, readOptionalShape, readShape } from './documents.ts';
import { moduleGraph } from './module-graph.ts';
import { selectModules } from './module-list.ts';
import { readNumber, readSwitch, versionFilter } from './query.ts';

/** Most descriptors of one import. */
const MAX_IMPORTED = 5_000;

const skippedSchema = z.array(z.string());
const pullSchema = z.strictObject({ urls: z.array(z.string()) });

/** `/_/proxy/modules`: the modules that there are, whoever has them enabled. `reservedPaths`: beginnings of paths that no module may claim. */
export const moduleRoutes = (
  { store, registry }: AdminWorld,
  reservedPaths: readonly string[],
): AdminRoutes => {
  const add = async (modules: readonly ModuleDescriptor[], query: URLSearchParams): Promise<void> => {
    const isChecked = readSwitch(query, 'check', true);
    const isWanted = versionFilter(query);
    const known = new Map(store.modules().map((module) => [module.id, module]));
    const fresh: ModuleDescriptor[] = [];
    for (const module of modules) {
      const old = known.get(module.id);
      if (old === undefined) {
        known.set(module.id, module);
        fresh.push(module);
      } else if (isChecked && !isDeepStrictEqual(old, module)) {
        throw bad(`create: module ${module.id} already exists`);
      }
    }
    const candidates = [...known.values()].filter(({ id }) => isWanted(id) || !store.descriptor(id));
    const problems = isChecked ? unresolvable(fresh, candidates) : [];
    if (problems.length > 0) throw bad(problems.join('\n'));
    if (fresh.length > 0) await store.add(fresh);
  };
  /** Who has a module, as refusals name it. A tenant that is not in the file comes back with its modules. */
  const userOf = (id: string): string | undefined => {
    const tenants = store.tenantsWith(id);
    const known = tenants.find((tenant) => registry.current().byId(tenant) !== undefined);
    if (known !== undefined || tenants[0] === undefined) return known;
    return `${tenants[0]}, which is not in the users map: DELETE /_/proxy/tenants/${tenants[0]} forgets it`;
  };

  return {
    'GET /_/proxy/modules': async ({ query, body }) => {
      const skipped = new Set(await readOptionalShape(body, skippedSchema));
      const modules = selectModules(
        store.modules().filter(({ id }) => !skipped.has(id)),
        query,
      );
      if (readSwitch(query, 'dot', false)) return text(200, moduleGraph(modules));
      return answer(200, readSwitch(query, 'full', false) ? modules : modules.map(short));
    },
    'POST /_/proxy/modules': async ({ query, body }) => {
      const module = readDescriptor(await readDocument(body), reservedPaths);
      await add([module], query);
      return created(`/_/proxy/modules/${inLocation(module.id)}`, module);
    },
    'POST /_/proxy/import/modules': async ({ query, body }) => {
      const list = await readDocument(body, MAX_LIST_BYTES);
      if (!Array.isArray(list)) throw bad('a list of module descriptors was expected');
      if (list.length > MAX_IMPORTED)
        throw bad(`${list.length} module descriptors, at most ${MAX_IMPORTED} are imported at once`);
      await add(
        list.map((value) => readDescriptor(value, reservedPaths)),
        query,
      );
      return nothing;
    },
    'POST /_/proxy/cleanup/modules': async ({ query }) => {
      const obsolete = cleanUp(
        store.modules().filter(({ id }) => !store.isBuiltIn(id)),
        store.modules().filter(({ id }) => store.isBuiltIn(id)),
        {
          saveReleases: readNumber(query, 'saveReleases', null),
          saveSnapshots: readNumber(query, 'saveSnapshots', null),
          removeDependencies: readSwitch(query, 'removeDependencies', false),
        },
      );
      for (const { id } of obsolete) {
        const user = userOf(id);
        if (user !== undefined) throw bad(`delete: module ${id} is used by tenant ${user}`);
      }
      await store.remove(obsolete.map(({ id }) => id));
      return nothing;
    },
    'POST /_/proxy/pull/modules': async ({ body }) => {
      await readShape(body, pullSchema);
      // Whoever may administer brings descriptors along; the gateway does not fetch them from anywhere.
      return missing('pull: none of remote URLs work');
    },
    'GET /_/proxy/modules/{id}': (_request, [id = '']) => {
      const module = store.descriptor(id);
      return module === undefined ? missing(id) : answer(200, module);
    },
    'DELETE /_/proxy/modules/{id}': async (_request, [id = '']) => {
      const module = store.descriptor(id);
      if (module === undefined) return missing(`delete: module ${shown(id)} does not exist`);
      if (store.isBuiltIn(id)) throw bad(`delete: module ${id} is built in`);
      const user = userOf(id);
      if (user !== undefined) throw bad(`delete: module ${id} is used by tenant ${user}`);
      const others = store.modules().filter((each) => each !== module);
      // What was broken before is not this module's doing.
      const before = new Set(unresolvable(others, [...others, module]));
      const broken = unresolvable(others, others).filter((problem) => !before.has(problem));
      if (broken.length > 0) throw bad(`delete: module ${id}: ${broken.join('\n')}`);
      await store.remove([id]);
      return nothing;
    },
  };
};

const short = ({ id, name, tags }: ModuleDescriptor) => ({ id, name, tags });
