import { quoteIdentifier, quoteText, tableNames } from '../identifier.ts';
import { distributed, type Layout, mergeTree, onCluster, storedName } from '../layout.ts';
import { HOSTNAME_COLUMNS } from '../schema.ts';
import type { Migration } from './migration.ts';

/**
 * The sites of a tenant. The table of front_basicrum_go has a partition per host name, and host names come from clients; it is
 * rebuilt without partitions beside the old one, and the two change places. The exchange is atomic, and each statement may
 * run again after a kill.
 */
export const createHostnames: Migration = {
  number: 2,
  name: 'hostnames',
  kind: 'once',
  looks: true,
  up: ({ tenantId, layout, existing }) => {
    const { hostnames } = tableNames(tenantId);
    const table = existing(hostnames);
    const rebuilt = `${hostnames}_rebuilt`;
    const [old, aside] = [quoteIdentifier(hostnames), quoteIdentifier(rebuilt)];
    const dropAside = `DROP TABLE IF EXISTS ${aside}`;
    if (layout.kind === 'cluster' || table === undefined || !table.engineFull.includes('PARTITION BY'))
      return [...create(layout, hostnames), ...(existing(rebuilt) === undefined ? [] : [dropAside])];
    return [
      ...create(layout, rebuilt),
      `INSERT INTO ${aside} (hostname, updated_at) SELECT hostname, max(updated_at) FROM ${old} GROUP BY hostname`,
      `EXCHANGE TABLES ${old} AND ${aside}`,
      dropAside,
    ];
  },
};

const create = (layout: Layout, name: string): readonly string[] => {
  const columns = HOSTNAME_COLUMNS.map(
    (column) => `${quoteIdentifier(column.name)} ${column.type} COMMENT ${quoteText(column.comment)}`,
  );
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(storedName(layout, name))}${onCluster(layout)} (${columns.join(', ')}) ` +
      `ENGINE = ${mergeTree(layout, 'Replacing', 'updated_at')} ORDER BY hostname`,
    ...distributed(layout, name, 'cityHash64(hostname)'),
  ];
};
