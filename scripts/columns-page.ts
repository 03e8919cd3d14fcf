import { type Column, EVENT_COLUMNS, HOSTNAME_COLUMNS } from '#warehouse';

/** The text of `docs/reference/columns.md`, made from the schema. */
export const columnsPage = (): string => `# Columns

Made from \`src/warehouse/schema.ts\` by \`node scripts/write-columns-page.ts\`; do not edit it by hand.

Names that Basic RUM has are Basic RUM's, with wider types: its dashboards work on these tables. A row of the events table is one beacon.
Durations are milliseconds. Missing is NULL (empty where a text cannot be NULL), never 0; a value that cannot be believed is missing
too and its field is named in \`rejected_fields\`: negative or above an hour for durations, above a million for counts, a tebibyte for
sizes.

## \`<prefix>_webperf_rum_events\`

${tableOf(EVENT_COLUMNS)}

## \`<prefix>_webperf_rum_hostnames\`

${tableOf(HOSTNAME_COLUMNS)}
`;

const tableOf = (columns: readonly Column[]): string =>
  [
    '| column | type | meaning |',
    '|---|---|---|',
    ...columns.map(({ name, type, comment }) => `| \`${name}\` | \`${type}\` | ${escapeCell(comment)} |`),
  ].join('\n');

const escapeCell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
