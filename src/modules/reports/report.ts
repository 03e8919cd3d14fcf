import { z } from 'zod';
import type { TenantId } from '#tenants';
import { parameterFault, refusal } from './faults.ts';
import { oneOf, type ParameterShape, readParameters } from './parameters.ts';
import type { TenantViews } from './tenant-views.ts';

/** What a report knows when it is asked. It has the page views of one tenant, the execution tenant, and no way to another's. */
export interface Asked<P> {
  readonly tenant: TenantId;
  /** As the report's parameters say. */
  readonly parameters: P;
  /** Values of `{name}` in the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly views: TenantViews;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * What the columns of a report hold when it is written as a table (CSV, NDJSON, Parquet), in order: so that a table without rows still has
 * its columns, and a column the same type in every file. `moment`: ISO 8601 text. Each may be null.
 */
export type TableColumns = Readonly<Record<string, 'text' | 'moment' | 'whole' | 'number' | 'flag'>>;

/** A line of such a table. */
export type TableRow<C extends TableColumns> = {
  readonly [Name in keyof C]:
    | (C[Name] extends 'flag' ? boolean : C[Name] extends 'text' | 'moment' ? string : number)
    | null;
};

/** A line of a report, whatever its columns are. */
export type ExportRow = Readonly<Record<string, string | number | boolean | null>>;

/** A second table of an answer, of what has no place in the rows of the first. */
export interface FurtherTable<A> {
  readonly columns: TableColumns;
  rows(answer: A): readonly ExportRow[];
}

/** Makes one, whose rows are of its columns. */
export const furtherTable = <const C extends TableColumns, A>(
  columns: C,
  rows: (answer: A) => readonly TableRow<C>[],
): FurtherTable<A> => ({ columns, rows });

/** What a report is. */
export interface ReportDefinition<S extends ParameterShape, A, C extends TableColumns> {
  /** Pattern of the path, under `/reports`. */
  readonly path: `/reports/${string}`;
  readonly permission: 'reports.get' | 'reports.page-views.get';
  /** One sentence, for the OpenAPI description. */
  readonly description: string;
  readonly parameters: S;
  /** Errors: `refusal`; what the warehouse throws is judged by who called. */
  answer(asked: Asked<z.output<z.ZodObject<S>>>): Promise<A>;
  /** Columns of the answer as a table. */
  readonly columns: C;
  /** The answer as a table. */
  rows(answer: A): readonly TableRow<C>[];
  /** What of the answer is not in those rows, for `table=NAME`. */
  readonly tables?: Readonly<Record<string, FurtherTable<A>>>;
}

/** What the OpenAPI description says of a path; also of one that another module answers. */
export interface Described {
  readonly path: `/${string}`;
  readonly permission: string;
  /** One sentence. */
  readonly description: string;
  /** Parameters of the query. */
  readonly parameters: z.ZodObject;
}

/** A report, whatever its parameters and answer are: for the list of routes, the OpenAPI description and exports. */
export interface Report {
  readonly path: `/reports/${string}`;
  readonly permission: 'reports.get' | 'reports.page-views.get';
  readonly description: string;
  /** Names of its further tables, which `table` takes. */
  readonly tables: readonly string[];
  /** Parameters of the query, `format` included. `isRepeatable` says which may be given several times. */
  readonly parameters: z.ZodObject;
  /** Reads the parameters and answers. Errors: `refusal` with status 400, 404. */
  ask(query: URLSearchParams, context: Omit<Asked<unknown>, 'parameters'>): Promise<Answered>;
}

/** An answer, and how it is to be written. */
export interface Answered {
  readonly format: ReportFormat;
  readonly answer: unknown;
  /** Which of the further tables was asked for; null: the first. */
  readonly table: string | null;
  readonly columns: TableColumns;
  rows(): readonly ExportRow[];
}

/** Formats of answers. */
const REPORT_FORMATS = ['json', 'csv', 'ndjson', 'parquet'] as const;

/** A format of answers. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The parameter that chooses it. */
export const formatParameter = oneOf(REPORT_FORMATS).default('json');

/** Makes a report of its definition. */
export const report = <S extends ParameterShape, A, const C extends TableColumns>(
  definition: ReportDefinition<S, A, C>,
): Report => {
  const own = z.object(definition.parameters);
  const tables = definition.tables ?? {};
  const names = Object.keys(tables);
  const parameters = z.object({
    ...definition.parameters,
    format: formatParameter,
    ...(names.length > 0 && { table: oneOf(names).optional() }),
  });
  return {
    path: definition.path,
    permission: definition.permission,
    description: definition.description,
    tables: names,
    parameters,
    ask: async (query, context) => {
      const { format, table } = readParameters(parameters, query) as Form;
      if (table !== undefined && format === 'json')
        throw refusal(400, parameterFault('table', table, 'a format that is a table: csv, ndjson, parquet'));
      const rest = new URLSearchParams(query);
      rest.delete('format');
      rest.delete('table');
      const answer = await definition.answer({ ...context, parameters: readParameters(own, rest) });
      const { columns, rows } = (table === undefined ? undefined : tables[table]) ?? definition;
      return { format, answer, table: table ?? null, columns, rows: () => rows(answer) };
    },
  };
};

interface Form {
  readonly format: ReportFormat;
  readonly table?: string;
}
