import { compilePathPattern, type PathPattern } from './path-pattern.ts';

/** Those of the permissions that a relation's ceiling (names with `*`) allows; all of them when there is no relation. */
export const withinCeiling = (
  permissions: readonly string[],
  ceiling: readonly string[] | null,
): readonly string[] => {
  if (ceiling === null || permissions.length === 0) return permissions;
  const patterns = compiled(ceiling);
  return permissions.filter((permission) => patterns.some((pattern) => pattern.matches(permission)));
};

const compiled = (ceiling: readonly string[]): readonly PathPattern[] =>
  ceiling.map((name) => compilePathPattern(name.replaceAll('{', '')));
