import { type ModuleDescriptor, parseDescriptor } from '../descriptor.ts';
import { answer, bad, created, inLocation, missing, nothing } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import { findGaps, gapText, regularInterfaces } from './dependencies.ts';
import { readSwitch, selectModules } from './query.ts';
import { satisfies } from './versions.ts';

/** `/_/proxy/modules`: the modules that there are, whoever has them enabled. */
export const moduleRoutes = ({ store }: AdminWorld): AdminRoutes => {
  /** What cannot be resolved among all known modules, as one text; a requirement may be met by any version that is there. */
  const unresolved = (modules: readonly ModuleDescriptor[], known: readonly ModuleDescriptor[]): string =>
    modules.flatMap((module) => gapsAmong(module, known)).join('\n');

  const add = async (modules: readonly ModuleDescriptor[], check: boolean): Promise<void> => {
    const fresh: ModuleDescriptor[] = [];
    for (const module of modules) {
      const old = store.descriptor(module.id);
      if (old === undefined) fresh.push(module);
      else if (JSON.stringify(old) !== JSON.stringify(module) && check) {
        throw bad(`create: module ${module.id} already exists`);
      }
    }
    const problem = check ? unresolved(fresh, [...store.modules(), ...fresh]) : '';
    if (problem !== '') throw bad(problem);
    if (fresh.length > 0) await store.add(fresh);
  };

  return {
    'GET /_/proxy/modules': async ({ query, body }) => {
      const skip = new Set((await readSkipped(body)).map(String));
      const modules = selectModules(store.modules(), query).filter(({ id }) => !skip.has(id));
      return answer(200, readSwitch(query, 'full', false) ? modules : modules.map(short));
    },
    'POST /_/proxy/modules': async ({ query, body }) => {
      const module = parseDescriptor(await body.json());
      await add([module], readSwitch(query, 'check', true));
      return created(`/_/proxy/modules/${inLocation(module.id)}`, module);
    },
    'POST /_/proxy/import/modules': async ({ query, body }) => {
      const list = await body.json();
      if (!Array.isArray(list)) throw bad('a list of module descriptors was expected');
      await add(list.map(parseDescriptor), readSwitch(query, 'check', true));
      return nothing;
    },
    'GET /_/proxy/modules/{id}': (_request, [id = '']) => {
      const module = store.descriptor(id);
      return module === undefined ? missing(id) : answer(200, module);
    },
    'DELETE /_/proxy/modules/{id}': async (_request, [id = '']) => {
      const module = store.descriptor(id);
      if (module === undefined) return missing(`delete: module ${id} does not exist`);
      if (store.isBuiltIn(id)) throw bad(`delete: module ${id} is built in`);
      const user = store.tenantsWith(id)[0];
      if (user !== undefined) throw bad(`delete: module ${id} is used by tenant ${user}`);
      const others = store.modules().filter((each) => each !== module);
      const before = new Set(others.flatMap((each) => gapsAmong(each, [...others, module])));
      const broken = others.flatMap((each) => gapsAmong(each, others)).filter((text) => !before.has(text));
      if (broken.length > 0) throw bad(`delete: module ${id}: ${broken.join('. ')}`);
      await store.remove(id);
      return nothing;
    },
  };
};

const short = ({ id, name, tags }: ModuleDescriptor) => ({ id, name, tags });

/** The list of ids that a GET may carry in its body. */
const readSkipped = async (body: { bytes(): Promise<Uint8Array> }): Promise<readonly unknown[]> => {
  const bytes = await body.bytes();
  if (bytes.length === 0) return [];
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    if (Array.isArray(value)) return value;
  } catch {
    // Falls through to the one refusal.
  }
  throw bad('a list of module ids was expected');
};

const gapsAmong = (module: ModuleDescriptor, known: readonly ModuleDescriptor[]): readonly string[] =>
  (module.requires ?? []).flatMap(({ id, version }) => {
    const providers = known.filter((each) => regularInterfaces(each).some((provided) => provided.id === id));
    const fits = providers.some((each) =>
      regularInterfaces(each).some((provided) => provided.id === id && satisfies(provided.version, version)),
    );
    if (fits) return [];
    const [provider] = providers;
    return findGaps(provider === undefined ? [module] : [module, provider])
      .filter((gap) => gap.module === module && gap.interfaceId === id)
      .map(gapText);
  });
