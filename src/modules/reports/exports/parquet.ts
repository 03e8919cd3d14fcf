import type { ClickHouseClient } from '@clickhouse/client';
import { quoteIdentifier, quoteText } from '#warehouse';
import type { ExportRow, TableColumns } from '../report.ts';

/** Parquet types, as ClickHouse names them. Whole numbers are Int64, moments milliseconds in UTC. */
const TYPES: Readonly<Record<TableColumns[string], string>> = {
  text: 'Nullable(String)',
  moment: "Nullable(DateTime64(3, 'UTC'))",
  whole: 'Nullable(Int64)',
  number: 'Nullable(Float64)',
  flag: 'Nullable(Bool)',
};

/** A statement above this is refused by the warehouse. */
const MAX_STATEMENT_BYTES = 64 * 1_024 * 1_024;

/**
 * Rows as a Parquet file, written by the warehouse: rows and structure are literals of one statement that reads no table. Errors: what the
 * client throws.
 */
export const writeParquet = async (
  client: ClickHouseClient,
  columns: TableColumns,
  rows: readonly ExportRow[],
): Promise<Uint8Array> => {
  const structure = Object.entries(columns).map(([name, kind]) => `${quoteIdentifier(name)} ${TYPES[kind]}`);
  // Without a row the warehouse would look for columns in vain.
  const [lines, condition] =
    rows.length === 0 ? ['{}', ' WHERE 0'] : [rows.map((row) => JSON.stringify(row)).join('\n'), ''];
  const result = await client.exec({
    query: `SELECT * FROM format(JSONEachRow, ${quoteText(structure.join(', '))}, ${quoteText(lines)})${condition} FORMAT Parquet`,
    clickhouse_settings: {
      date_time_input_format: 'best_effort',
      max_query_size: String(MAX_STATEMENT_BYTES),
      output_format_parquet_string_as_string: 1,
      wait_end_of_query: 1,
    },
  });
  const chunks: Buffer[] = [];
  for await (const chunk of result.stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
