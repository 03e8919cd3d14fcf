import { readBoomerangFile } from '#resource-timing';
import type { BoomerangFile } from '../contract.ts';
import { type OtherParameters, textsOf } from './other-parameters.ts';

/** By what Boomerang calls them. */
const FILES = [
  ['boomerang', 'rt.bmr'],
  ['configuration', 'rt.cnf'],
] as const;

/** When Boomerang's own files were fetched: what the first beacon says that can be read; those that none tells of are left out. */
export const boomerangFilesOf = (beacons: readonly OtherParameters[]): readonly BoomerangFile[] =>
  FILES.flatMap(([file, name]) =>
    textsOf(beacons, name)
      .flatMap((text) => readBoomerangFile(text) ?? [])
      .slice(0, 1)
      .map((times) => ({ file, ...times })),
  );
