import { parseModuleId } from '../module-id.ts';

/**
 * Compares two module ids: by product, then by version as semver does (numbers by value; a pre-release is lower than its release), with as
 * many numbers as there are.
 */
export const compareModuleIds = (a: string, b: string): number => {
  const [left, right] = [parseModuleId(a), parseModuleId(b)];
  if (left.product !== right.product) return left.product < right.product ? -1 : 1;
  return compareVersions(left.version ?? '', right.version ?? '');
};

const compareVersions = (a: string, b: string): number => {
  const [left, right] = [split(a), split(b)];
  return (
    compareParts(left.numbers, right.numbers) ||
    // No pre-release is higher than any.
    Number(left.preRelease.length === 0) - Number(right.preRelease.length === 0) ||
    compareParts(left.preRelease, right.preRelease)
  );
};

const split = (version: string): { numbers: readonly string[]; preRelease: readonly string[] } => {
  const [core = ''] = version.split('+', 1);
  const dash = core.indexOf('-');
  const numbers = (dash < 0 ? core : core.slice(0, dash)).split('.');
  return { numbers, preRelease: dash < 0 ? [] : core.slice(dash + 1).split('.') };
};

const compareParts = (a: readonly string[], b: readonly string[]): number => {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = comparePart(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
};

const comparePart = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return Number(b === undefined) - Number(a === undefined);
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA && isNumberB) return Math.sign(Number(a) - Number(b));
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return a < b ? -1 : Number(a > b);
};

/** Has the version a pre-release (`-SNAPSHOT`, `-alpha.1`)? */
export const isPreRelease = (moduleId: string): boolean =>
  split(parseModuleId(moduleId).version ?? '').preRelease.length > 0;

/** Is it an npm snapshot: a third number of five or more digits? */
export const isNpmSnapshot = (moduleId: string): boolean =>
  (split(parseModuleId(moduleId).version ?? '').numbers[2] ?? '').length >= 5;

/**
 * Does a provided interface version satisfy a requirement, which may name alternatives (`1.0 2.1`)? The major numbers are equal, and the rest
 * is not lower.
 */
export const satisfies = (provided: string, required: string): boolean => {
  const [major = 0, minor = 0, patch = 0] = provided.split('.').map(Number);
  return required.split(' ').some((alternative) => {
    const [wantedMajor = 0, wantedMinor = 0, wantedPatch = 0] = alternative.split('.').map(Number);
    return major === wantedMajor && (minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch));
  });
};

/** Are two interface versions the same one (`1.2` is `1.2.0`)? */
export const isSameVersion = (a: string, b: string): boolean => {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  return [0, 1, 2].every((place) => (left[place] ?? 0) === (right[place] ?? 0));
};
