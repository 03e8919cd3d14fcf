import { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import type { TenantId } from '#tenants';
import { quoteIdentifier, tableNames } from './identifier.ts';
import { EVENT_COLUMNS } from './schema.ts';
import { type Trouble, troubleOf } from './trouble.ts';

/** Rows that are inserted as one statement. */
export interface InsertBatch {
  /** In every row (`batch_id`, UInt64) and in a comment of the statement; never used twice. */
  readonly batchId: bigint;
  /** Native blocks of `EVENT_COLUMNS` with this id in every row (`nativeBlock`), in pieces. */
  readonly native: readonly Uint8Array[];
  readonly rowCount: number;
}

/**
 * What is known after an insert. `done`: all rows are in. `rejected`: none is in, and the same bytes will be refused again; `because` says
 * whether the rows are at fault or the table (missing, other schema, read-only). `unavailable`: none is in, and a later try makes
 * sense; `scope` tells one table's trouble from the server's. `uncertain`: some, all or none may be in, or get in later: make sure
 * that no such insert runs (`waitUntilNoInsertRuns`), then look (`existingPositions`).
 */
export type InsertOutcome =
  | { readonly kind: 'done' }
  | ({ readonly kind: 'rejected'; readonly because: 'rows' | 'table' } & InsertTrouble)
  | ({ readonly kind: 'unavailable'; readonly scope: 'table' | 'server' } & InsertTrouble)
  | ({ readonly kind: 'uncertain' } & InsertTrouble);

/** Why an insert did not work, when it did not: see `Trouble`. */
export type InsertTrouble = Pick<Trouble, 'code' | 'reason'>;

/** How an insert is made. */
export interface InsertOptions {
  /** No answer within this time is `uncertain`; the server is told to give up then, too. */
  readonly timeoutMs: number;
}

/**
 * Inserts rows into a tenant's events table and says what is known afterwards; it never rejects for what the server or the network
 * does. The statement's text carries `batchComment`, so that it can be found while it runs.
 */
export const insertRows = async (
  client: ClickHouseClient,
  tenantId: TenantId,
  batch: InsertBatch,
  options: InsertOptions,
): Promise<InsertOutcome> => {
  try {
    const result = await client.exec({
      query: `INSERT INTO ${quoteIdentifier(tableNames(tenantId).events)} (${COLUMN_LIST}) ${batchComment(batch.batchId)} FORMAT Native`,
      values: Readable.from(batch.native, { objectMode: false }),
      clickhouse_settings: {
        ...INSERT_SETTINGS,
        max_execution_time: Math.max(1, Math.ceil(options.timeoutMs / 1_000)),
      },
      abort_signal: AbortSignal.timeout(options.timeoutMs),
    });
    result.stream.resume();
    return outcomeOfSummary(batch.rowCount, result.summary?.written_rows);
  } catch (error) {
    return outcomeOf(troubleOf(error));
  }
};

/** The comment by which an insert is found in `system.processes`. */
const batchComment = (batchId: bigint): string => `/* rumbrella batch ${batchId} */`;

const COLUMN_LIST = EVENT_COLUMNS.map((column) => quoteIdentifier(column.name)).join(', ');

/**
 * One block per insert, written when all of it was parsed: so a parse error leaves nothing behind, and all rows of a partition
 * appear at once. No deduplication by the server (its log does not survive a crash; positions do). `wait_end_of_query`: an error
 * comes as a status, never after a 200. Partitions are ours to choose: a replay may touch many months.
 */
const INSERT_SETTINGS = {
  async_insert: 0,
  insert_deduplicate: 0,
  wait_end_of_query: 1,
  input_format_parallel_parsing: 0,
  input_format_allow_errors_num: '0',
  max_insert_block_size: '1048576',
  min_insert_block_size_rows: '1048576',
  min_insert_block_size_bytes: '1073741824',
  max_partitions_per_insert_block: '0',
  insert_distributed_sync: 1,
} as const;

const outcomeOfSummary = (expected: number, written: string | undefined): InsertOutcome => {
  // Not every server tells; one that tells another number has not done what it was asked.
  if (written === undefined || written === '0' || Number(written) >= expected) return { kind: 'done' };
  return {
    kind: 'uncertain',
    code: 'ROW_COUNT',
    reason: `the server wrote ${written} rows, expected ${expected}`,
  };
};

/** Grants are given for single tables: that it is missing for one says nothing about the others. */
const ACCESS_DENIED = '497';

const outcomeOf = ({ at, code, reason }: Trouble): InsertOutcome => {
  switch (at) {
    case 'rows':
    case 'table':
      return { kind: 'rejected', because: at, code, reason };
    case 'table-busy':
      return { kind: 'unavailable', scope: 'table', code, reason };
    case 'server':
      return { kind: 'unavailable', scope: code === ACCESS_DENIED ? 'table' : 'server', code, reason };
    case 'unknown':
      return { kind: 'uncertain', code, reason };
  }
};
