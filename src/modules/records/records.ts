import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { AppError } from '#core';
import type { Database } from '#database';
import { type Cql, type CqlQuery, parseCql, unknownField } from './cql.ts';

/** One record: its id, and everything that the client sees as JSON. */
export interface Stored {
  readonly id: string;
}

/** How records of one kind are kept: a table with `tenant`, `id`, `doc` (JSON) and a column for each field that is asked for. */
export interface RecordsOptions<T extends Stored> {
  readonly table: string;
  /** Field in queries → column. */
  readonly fields: Readonly<Record<string, string>>;
  /** Values of the columns, from the record. */
  readonly columns: (record: T) => Readonly<Record<string, string | number | null>>;
}

/** A page of a list. */
export interface Page<T> {
  readonly records: readonly T[];
  readonly totalRecords: number;
}

/** Which part of a list. */
export interface PageRequest {
  /** CQL; empty: all. */
  readonly query: string;
  /** Fields that must have exactly these values, all of them or any; none: all records. Nothing in a value has a meaning. */
  readonly exactly?: {
    readonly join: 'and' | 'or';
    readonly values: readonly (readonly [field: string, value: string])[];
  };
  readonly offset: number;
  readonly limit: number;
}

/** Records of one kind. Every question names the tenant; there is none that reaches over tenants. */
export interface Records<T extends Stored> {
  /** Errors: `CQL_INVALID`, `CQL_FIELD_UNKNOWN` (400). */
  list(tenant: string, page: PageRequest): Promise<Page<T>>;
  find(tenant: string, id: string): Promise<T | undefined>;
  /** The first record whose column has this value. */
  findBy(tenant: string, field: string, value: string): Promise<T | undefined>;
  count(tenant: string): Promise<number>;
  /** Errors: `RECORD_EXISTS` (422) when the id or another unique value is taken. */
  add(tenant: string, record: T): Promise<void>;
  /** False: there is no such record. Errors: `RECORD_EXISTS`. */
  replace(tenant: string, record: T): Promise<boolean>;
  remove(tenant: string, id: string): Promise<boolean>;
}

type Row = { tenant: string; id: string; doc: string };
type Tables = Record<string, Row>;

/** Opens records of one kind. */
export const openRecords = <T extends Stored>(database: Database, options: RecordsOptions<T>): Records<T> => {
  const tables = database.as<Tables>();
  const { table } = options;
  const read = (row: { doc: string } | undefined): T | undefined =>
    row === undefined ? undefined : (JSON.parse(row.doc) as T);
  const columnOf = (field: string): string => {
    const column = Object.hasOwn(options.fields, field) ? options.fields[field] : undefined;
    if (column !== undefined) return column;
    throw unknownField(field, Object.keys(options.fields));
  };
  const rowOf = (tenant: string, record: T): Row => ({
    ...options.columns(record),
    tenant,
    id: record.id,
    doc: JSON.stringify(record),
  });
  const unique = async <R>(change: Promise<R>): Promise<R> => {
    try {
      return await change;
    } catch (error) {
      if (isUniqueViolation(error))
        throw new AppError('RECORD_EXISTS', `a record of ${table} with these values exists already`, {
          status: 422,
          cause: error,
        });
      throw error;
    }
  };

  return {
    list: async (tenant, page) => {
      const query = parseCql(page.query);
      const { join, values } = page.exactly ?? { join: 'and', values: [] };
      const matching = tables
        .selectFrom(table)
        .where('tenant', '=', tenant)
        .where((builder) => whereOf(builder as never, query.where, columnOf))
        .$if(values.length > 0, (rows) =>
          rows.where((builder) =>
            builder[join](values.map(([field, value]) => builder(columnOf(field) as 'id', '=', value))),
          ),
        );
      const [rows, total] = await Promise.all([
        ordered(matching.select('doc'), query, columnOf).limit(page.limit).offset(page.offset).execute(),
        matching.select((builder) => builder.fn.countAll().as('total')).executeTakeFirstOrThrow(),
      ]);
      return {
        records: rows.map((row) => JSON.parse((row as Row).doc) as T),
        totalRecords: Number((total as { total: number | string }).total),
      };
    },
    find: async (tenant, id) =>
      read(
        await tables
          .selectFrom(table)
          .select('doc')
          .where('tenant', '=', tenant)
          .where('id', '=', id)
          .executeTakeFirst(),
      ),
    findBy: async (tenant, field, value) =>
      read(
        await tables
          .selectFrom(table)
          .select('doc')
          .where('tenant', '=', tenant)
          .where(columnOf(field) as 'id', '=', value)
          .executeTakeFirst(),
      ),
    count: async (tenant) => {
      const row = await tables
        .selectFrom(table)
        .select((builder) => builder.fn.countAll().as('total'))
        .where('tenant', '=', tenant)
        .executeTakeFirstOrThrow();
      return Number(row.total);
    },
    add: async (tenant, record) => {
      await unique(tables.insertInto(table).values(rowOf(tenant, record)).execute());
    },
    replace: async (tenant, record) => {
      const change = tables
        .updateTable(table)
        .set(rowOf(tenant, record))
        .where('tenant', '=', tenant)
        .where('id', '=', record.id);
      const { numUpdatedRows } = await unique(change.executeTakeFirst());
      return numUpdatedRows > 0n;
    },
    remove: async (tenant, id) => {
      const { numDeletedRows } = await tables
        .deleteFrom(table)
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
};

type Builder = ExpressionBuilder<{ records: Record<string, unknown> }, 'records'>;

const whereOf = (builder: Builder, query: Cql, columnOf: (field: string) => string): Expression<SqlBool> => {
  switch (query.kind) {
    case 'all':
      return sql<SqlBool>`1 = 1`;
    case 'and':
      return builder.and([whereOf(builder, query.left, columnOf), whereOf(builder, query.right, columnOf)]);
    case 'or':
      return builder.or([whereOf(builder, query.left, columnOf), whereOf(builder, query.right, columnOf)]);
    case 'not':
      return builder.and([
        whereOf(builder, query.left, columnOf),
        builder.not(whereOf(builder, query.right, columnOf)),
      ]);
    case 'term':
      return termOf(builder, query, columnOf(query.field));
  }
};

const termOf = (
  builder: Builder,
  { relation, value }: Extract<Cql, { kind: 'term' }>,
  column: string,
): Expression<SqlBool> => {
  if (relation === '<>') return builder.or([builder(column, '<>', value), builder(column, 'is', null)]);
  if (relation === '==' && !value.includes('*')) return builder(column, '=', value);
  // `=` asks for words in any letter case; with `*` for a beginning or a part.
  const pattern = value
    .toLowerCase()
    .replaceAll(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%');
  return sql<SqlBool>`lower(${sql.ref(column)}) LIKE ${pattern} ESCAPE ${sql.lit('\\')}`;
};

const ordered = <Q extends { orderBy(column: never, direction: 'asc' | 'desc'): Q }>(
  rows: Q,
  { sortBy }: CqlQuery,
  columnOf: (field: string) => string,
): Q =>
  [
    ...sortBy.map(({ field, descending }) => [columnOf(field), descending] as const),
    ['id', false] as const,
  ].reduce(
    (query, [column, descending]) => query.orderBy(column as never, descending ? 'desc' : 'asc'),
    rows,
  );

const isUniqueViolation = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  // PostgreSQL says 23505; SQLite has extended codes for a unique index and for a primary key.
  if ('code' in error && error.code === '23505') return true;
  return 'errcode' in error && (error.errcode === 2067 || error.errcode === 1555);
};
