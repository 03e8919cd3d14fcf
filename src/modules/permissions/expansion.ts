/** A permission, or a set of them: what its name stands for. */
export interface Permission {
  readonly permissionName: string;
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly subPermissions?: readonly string[] | undefined;
  readonly visible?: boolean | undefined;
}

/**
 * All permissions that these names stand for, the names themselves included. A set may contain sets; one that contains itself
 * ends there. Pure; `definitions` by name.
 */
export const expandPermissions = (
  names: readonly string[],
  definitions: ReadonlyMap<string, Permission>,
): ReadonlySet<string> => {
  const expanded = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (expanded.has(name)) continue;
    expanded.add(name);
    waiting.push(...(definitions.get(name)?.subPermissions ?? []));
  }
  return expanded;
};
