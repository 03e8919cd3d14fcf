import { type ModuleDescriptor, parseDescriptor } from '../descriptor.ts';
import { bad, shown } from './answers.ts';
import { reservedPathProblems } from './handler-conflicts.ts';

/**
 * A posted descriptor, checked. It is kept as it came, order of keys included; members that are null are left out, as Okapi does, except where
 * a module may write what it likes. Errors: 400 with Okapi's texts.
 */
export const readDescriptor = (value: unknown, reservedPaths: readonly string[]): ModuleDescriptor => {
  const module = withoutNulls(parseDescriptor(value)) as ModuleDescriptor;
  const problems = reservedPathProblems(module, reservedPaths);
  if (problems.length > 0) throw bad(problems.map(shown).join('\n'));
  return module;
};

/** What a module may write freely. */
const FREE: ReadonlySet<string> = new Set(['metadata', 'uiDescriptor', 'launchDescriptor']);

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, FREE.has(name) ? member : withoutNulls(member)]),
  );
};
