import { quoteIdentifier } from './identifier.ts';

/**
 * Where tables live. `server`: one ClickHouse (the embedded one, too), each table as it is. `cluster`: DDL runs `ON CLUSTER`, rows
 * are kept in replicated tables `<name>_local` on every shard, and `<name>` is a distributed table over them.
 */
export type Layout = { readonly kind: 'server' } | { readonly kind: 'cluster'; readonly name: string };

/** One server. */
export const SERVER: Layout = { kind: 'server' };

/** The layout for a configured cluster name; empty: one server. */
export const layoutOf = (cluster: string): Layout =>
  cluster === '' ? SERVER : { kind: 'cluster', name: cluster };

/** ` ON CLUSTER …` for DDL, or nothing. */
export const onCluster = (layout: Layout): string =>
  layout.kind === 'cluster' ? ` ON CLUSTER ${quoteIdentifier(layout.name)}` : '';

/** The table that holds the rows of `name`. */
export const storedName = (layout: Layout, name: string): string =>
  layout.kind === 'cluster' ? `${name}_local` : name;

/** An engine of the MergeTree family, replicated when there is a cluster (path and replica name are the server's defaults). */
export const mergeTree = (layout: Layout, family: '' | 'Replacing', versionColumn = ''): string =>
  `${layout.kind === 'cluster' ? 'Replicated' : ''}${family}MergeTree${versionColumn === '' ? '' : `(${versionColumn})`}`;

/** The distributed table over the stored ones; none on one server. `shardBy` is an expression over the columns. */
export const distributed = (layout: Layout, name: string, shardBy: string): readonly string[] => {
  if (layout.kind === 'server') return [];
  const stored = storedName(layout, name);
  const engine = `Distributed(${quoteIdentifier(layout.name)}, currentDatabase(), ${quoteIdentifier(stored)}, ${shardBy})`;
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(name)}${onCluster(layout)} AS ${quoteIdentifier(stored)} ENGINE = ${engine}`,
  ];
};

/** Every table of `name` that an ALTER of columns has to reach. */
export const alteredNames = (layout: Layout, name: string): readonly string[] =>
  layout.kind === 'cluster' ? [storedName(layout, name), name] : [name];
