import type { ClickHouseClient } from '@clickhouse/client';
import type { Clock } from '#core';
import { json, type Module, type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import type { MatrixAnswer } from '../reports/contract.ts';
import { exportName, exportResponse } from '../reports/exports/export.ts';
import { refusalResponse } from '../reports/faults.ts';
import { MATRIX, MATRIX_COLUMNS, matrixRows } from '../reports/matrix.ts';
import { readParameters } from '../reports/parameters.ts';
import type { ReportFormat } from '../reports/report.ts';
import { consortiumDescriptor } from './descriptor.ts';
import { eachOf } from './each-of.ts';
import { memberRow, type Organization } from './member-row.ts';

/** What the module needs. */
export interface ConsortiumDeps {
  readonly clock: Clock;
  /** Writes Parquet; no table is read with it. */
  readonly client: ClickHouseClient;
}

/** The consortium module: the caller's organization and each member that it may see, side by side. */
export const createConsortiumModule = ({ clock, client }: ConsortiumDeps): Module => ({
  descriptor: consortiumDescriptor,
  handlers: {
    'GET /consortium/matrix': async (request) => {
      try {
        const { format } = readParameters(MATRIX.parameters, request.query);
        const answer = await matrix(request, clock.now());
        return 'status' in answer ? answer : await present(client, request.tenant, format, answer);
      } catch (error) {
        return refusalResponse(error);
      }
    },
  },
});

const present = async (
  client: ClickHouseClient,
  tenant: string,
  format: ReportFormat,
  answer: MatrixAnswer,
): Promise<ModuleResponse> =>
  format === 'json'
    ? json(200, answer, { 'cache-control': 'private, no-cache' })
    : exportResponse(client, {
        format,
        name: exportName(tenant, MATRIX.path, { site: null, from: answer.from, to: answer.to }),
        columns: MATRIX_COLUMNS,
        rows: matrixRows(answer),
      });

/** More at a time would only wait in the warehouse. */
const PARALLEL = 4;

/** The matrix, or the response that says why there is none. */
const matrix = async (request: ModuleRequest, now: number): Promise<MatrixAnswer | ModuleResponse> => {
  const known = await request.call({ method: 'GET', path: '/organizations' });
  if (known.status !== 200) return text(known.status, known.text());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer of our own module
  const { organizations } = known.json() as { readonly organizations: readonly Organization[] };
  const query = summaryQuery(request.query, now);
  const answers = await eachOf(organizations, PARALLEL, (each) => memberRow(request, each, query));
  const bad = answers.find((each) => each.kind === 'bad-request');
  if (bad !== undefined) return json(400, bad.answer.json());
  const members = answers.filter((each) => each.kind === 'row');
  const selection = members.find((each) => each.selection !== null)?.selection;
  return {
    from: selection?.from ?? query.get('from') ?? '',
    to: selection?.to ?? query.get('to') ?? '',
    rows: members.map(({ row }) => row),
  };
};

const DAY_MS = 86_400_000;

/** Parameters of a summary that mean the same for all members. The period is fixed here, whenever each of them is asked. */
const summaryQuery = (given: URLSearchParams, now: number): URLSearchParams => {
  const query = new URLSearchParams(given);
  // Members are asked for what can be put together; the matrix is what is written as a file.
  query.delete('format');
  const end = Math.floor(now / 1_000) * 1_000;
  if (!query.has('to')) {
    query.set('to', new Date(end).toISOString());
    if (!query.has('from')) query.set('from', new Date(end - 28 * DAY_MS).toISOString());
  }
  return query;
};
