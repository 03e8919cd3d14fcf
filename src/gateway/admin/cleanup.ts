import type { ModuleDescriptor } from '../descriptor.ts';
import { parseModuleId } from '../module-id.ts';
import { bad } from './answers.ts';
import { unresolvable } from './dependencies.ts';
import { compareModuleIds, isNpmSnapshot, isPreRelease } from './versions.ts';

/** What a clean-up leaves. */
export interface CleanUpOptions {
  /** Snapshots after so many newer releases may go … */
  readonly saveReleases: number;
  /** … when there are so many newer snapshots as well. */
  readonly saveSnapshots: number;
  /** Modules that need what goes, go too; otherwise they are an error. */
  readonly removeDependencies: boolean;
}

/**
 * The snapshots among `modules` that are old enough to go. Releases stay, whatever their age; `kept` are modules that stay in any case. Pure.
 * Errors: 400 when a module that stays needs one that goes.
 */
export const cleanUp = (
  modules: readonly ModuleDescriptor[],
  kept: readonly ModuleDescriptor[],
  options: CleanUpOptions,
): readonly ModuleDescriptor[] => {
  const obsolete = new Set(obsoleteSnapshots(modules, options));
  const all = [...kept, ...modules];
  const brokenBefore = new Set(modules.filter((module) => unresolvable([module], all).length > 0));
  for (;;) {
    const staying = [...kept, ...modules.filter((module) => !obsolete.has(module))];
    const broken = modules.filter(
      (module) =>
        !obsolete.has(module) && !brokenBefore.has(module) && unresolvable([module], staying).length > 0,
    );
    if (broken.length === 0) return [...obsolete];
    if (!options.removeDependencies) {
      throw bad(
        [
          'Removing obsolete modules resulted in missing dependencies.',
          "Supply removeDependencies=true if you think it's ok to remove them.",
          ...unresolvable(broken, staying),
        ].join('\n'),
      );
    }
    for (const module of broken) obsolete.add(module);
  }
};

/** From the newest to the oldest of each product: snapshots count anew after each release. */
const obsoleteSnapshots = (
  modules: readonly ModuleDescriptor[],
  { saveReleases, saveSnapshots }: CleanUpOptions,
): readonly ModuleDescriptor[] =>
  [...Map.groupBy(modules, ({ id }) => parseModuleId(id).product).values()].flatMap((versions) => {
    let releases = 0;
    let snapshots = 0;
    return versions
      .toSorted((a, b) => compareModuleIds(b.id, a.id))
      .filter(({ id }) => {
        const isSnapshot = isPreRelease(id) || isNpmSnapshot(id);
        const isObsolete = isSnapshot && releases >= saveReleases && snapshots >= saveSnapshots;
        if (isSnapshot) snapshots += 1;
        else {
          releases += 1;
          snapshots = 0;
        }
        return isObsolete;
      });
  });
