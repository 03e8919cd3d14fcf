import type { ModuleDescriptor } from '../descriptor.ts';
import { regularInterfaces } from './dependencies.ts';
import { satisfies } from './versions.ts';

/** Which module needs which, in the DOT language; what nobody provides is a red node. */
export const moduleGraph = (modules: readonly ModuleDescriptor[]): string => {
  const absent = new Set<string>();
  const edges = modules.flatMap((module) =>
    (module.requires ?? []).flatMap(({ id, version }) => {
      const providers = modules.filter((each) =>
        regularInterfaces(each).some(
          (provided) => provided.id === id && satisfies(provided.version, version),
        ),
      );
      if (providers.length > 0) return providers.map((provider) => edge(module.id, provider.id));
      const name = `missing ${id} ${version}`;
      const node = absent.has(name) ? [] : [`  ${dotId(name)} [label=${quoted(name)}, color=red];`];
      absent.add(name);
      return [...node, edge(module.id, name)];
    }),
  );
  const nodes = modules.map(({ id }) => `  ${dotId(id)} [label=${quoted(id)}];`);
  return ['digraph okapi {', ...nodes, ...edges, '}', ''].join('\n');
};

const edge = (from: string, to: string): string => `  ${dotId(from)} -> ${dotId(to)};`;

/** As Okapi writes it where that is an identifier; else in quotes. */
const dotId = (name: string): string => {
  const id = name.replaceAll('-', '__').replaceAll('.', '_').replaceAll(' ', '_');
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(id) ? id : quoted(id);
};

const quoted = (name: string): string => `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
