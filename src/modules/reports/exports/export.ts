import type { ClickHouseClient } from '@clickhouse/client';
import type { ModuleResponse } from '#gateway/contract';
import type { ExportRow, ReportFormat, TableColumns } from '../report.ts';
import { writeCsv } from './csv.ts';
import { writeParquet } from './parquet.ts';

/** A report as a table, to be written as a file. */
export interface TableExport {
  readonly format: Exclude<ReportFormat, 'json'>;
  /** Without ending; see `exportName`. */
  readonly name: string;
  readonly columns: TableColumns;
  /** As many as reports have: some thousands at most, so they are written whole. */
  readonly rows: readonly ExportRow[];
}

const CONTENT_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
} as const;

/** The answer that a browser saves as a file. Errors: what the warehouse throws while it writes Parquet. */
export const exportResponse = async (
  client: ClickHouseClient,
  table: TableExport,
): Promise<ModuleResponse> => ({
  status: 200,
  headers: {
    'content-type': CONTENT_TYPES[table.format],
    'content-disposition': `attachment; filename="${table.name}.${table.format}"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  },
  body: await bodyOf(client, table),
});

const bodyOf = (
  client: ClickHouseClient,
  { format, columns, rows }: TableExport,
): Promise<Uint8Array> | string => {
  switch (format) {
    case 'csv':
      return writeCsv(columns, rows);
    case 'ndjson':
      return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    case 'parquet':
      return writeParquet(client, columns, rows);
  }
};

/**
 * The name of a file: tenant, report, site and period as far as there are (`shop-breakdown-shop.example-2026-11-01-2026-11-22`), of letters, digits,
 * dots and dashes whatever was asked.
 */
export const exportName = (
  tenant: string,
  path: string,
  selection?: { readonly site: string | null; readonly from: string; readonly to: string },
): string =>
  [
    tenant,
    ...path.split('/').slice(2),
    ...(selection === undefined
      ? []
      : [selection.site ?? 'all', selection.from.slice(0, 10), selection.to.slice(0, 10)]),
  ]
    .map((part) => part.replace(/[^0-9A-Za-z._]+/g, '-').replace(/^[-.]+|[-.]+$/g, ''))
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 150);
