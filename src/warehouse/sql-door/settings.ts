/** Limits of one statement that comes through the door. */
export interface SqlDoorLimits {
  /** Seconds. */
  readonly maxExecutionSeconds: number;
  readonly maxResultRows: number;
  readonly maxResultBytes: number;
  /** Memory of one statement, bytes. */
  readonly maxMemoryBytes: number;
  /** Statements that run at the same time; more wait. */
  readonly parallel: number;
  /** Statements that may wait; more are refused with 202. */
  readonly waiting: number;
  /** Length of a statement with its parameters, bytes. */
  readonly maxTextBytes: number;
}

/** The limits unless the composition root says otherwise. */
export const DEFAULT_SQL_DOOR_LIMITS: SqlDoorLimits = {
  maxExecutionSeconds: 60,
  maxResultRows: 1_000_000,
  maxResultBytes: 512 * 2 ** 20,
  maxMemoryBytes: 256 * 2 ** 20,
  parallel: 4,
  waiting: 64,
  maxTextBytes: 1_048_576,
};

/** Settings that change how an answer looks, or narrow it; others that a tool sends are left out. */
const PASSED = new Set([
  'limit',
  'offset',
  'max_block_size',
  'session_timezone',
  'date_time_output_format',
  'date_time_input_format',
  'join_use_nulls',
  'group_by_use_nulls',
  'extremes',
  'aggregate_functions_null_for_empty',
  'union_default_mode',
  'result_overflow_mode',
  'prefer_column_name_to_alias',
  'enable_analyzer',
  'allow_experimental_analyzer',
  'transform_null_in',
  'cast_keep_nullable',
  'final',
  'log_comment',
  'low_cardinality_allow_in_native_format',
]);

const isPassed = (name: string): boolean =>
  PASSED.has(name) || (name.startsWith('output_format_') && !name.includes('schema'));

/** The settings that go to ClickHouse for the ones a caller sent: `readonly` and the limits are always ours. */
export const settingsFor = (
  given: ReadonlyMap<string, string>,
  limits: SqlDoorLimits,
): ReadonlyMap<string, string> =>
  new Map([
    ...[...given].filter(([name]) => isPassed(name)),
    ['max_execution_time', atMost(given.get('max_execution_time'), limits.maxExecutionSeconds)],
    ['timeout_overflow_mode', 'throw'],
    ['max_result_rows', atMost(given.get('max_result_rows'), limits.maxResultRows)],
    ['max_result_bytes', atMost(given.get('max_result_bytes'), limits.maxResultBytes)],
    ['max_memory_usage', atMost(given.get('max_memory_usage'), limits.maxMemoryBytes)],
    ['readonly', '1'],
  ]);

/** 0 means "no limit" to ClickHouse, so it becomes ours like everything that is no number. */
const atMost = (given: string | undefined, limit: number): string => {
  const value = Number(given);
  return String(Number.isFinite(value) && value > 0 ? Math.min(value, limit) : limit);
};
