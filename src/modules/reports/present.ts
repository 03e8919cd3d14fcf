import type { ClickHouseClient } from '@clickhouse/client';
import { json, type ModuleResponse } from '#gateway/contract';
import type { Selection } from './contract.ts';
import { exportName, exportResponse } from './exports/export.ts';
import type { Answered } from './report.ts';

/** The answer of a report as it is sent, in the format that was asked for; it says of whom it is. */
export const present = async (
  client: ClickHouseClient,
  tenant: string,
  path: string,
  { format, answer, table, columns, rows }: Answered,
): Promise<ModuleResponse> => {
  const response =
    format === 'json'
      ? json(200, answer, NOT_KEPT)
      : await exportResponse(client, {
          format,
          name: exportName(tenant, table === null ? path : `${path}/${table}`, selectionIn(answer)),
          columns,
          rows: rows(),
        });
  return { ...response, headers: { ...response.headers, 'x-report-tenant': tenant } };
};

/** What somebody may see may change at any time: browsers ask again. */
const NOT_KEPT = { 'cache-control': 'private, no-cache' };

const selectionIn = (answer: unknown): Selection | undefined =>
  (answer as { readonly selection?: Selection }).selection;
