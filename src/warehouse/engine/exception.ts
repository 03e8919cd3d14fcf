/**
 * An error in ClickHouse's own form. `message` is the whole text
 * `Code: 60. DB::Exception: … (UNKNOWN_TABLE)`, without the version, which the answer adds.
 */
export class ClickhouseException extends Error {
  /** ClickHouse's number of the error. */
  readonly errorNumber: number;

  constructor(errorNumber: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ClickhouseException';
    this.errorNumber = errorNumber;
  }
}

/** Makes an error that the engine itself raises, with ClickHouse's number and name for it. */
export const clickhouseError = (errorNumber: number, message: string): ClickhouseException =>
  new ClickhouseException(
    errorNumber,
    `Code: ${errorNumber}. DB::Exception: ${message}. (${NAMES.get(errorNumber) ?? 'UNKNOWN_EXCEPTION'})`,
  );

/** Reads what chDB threw. An error without a ClickHouse number becomes 1002 UNKNOWN_EXCEPTION. */
export const toClickhouseException = (error: unknown): ClickhouseException => {
  if (error instanceof ClickhouseException) return error;
  const text = error instanceof Error ? error.message : String(error);
  const start = text.indexOf('Code: ');
  const errorNumber = start < 0 ? Number.NaN : Number.parseInt(text.slice(start + 6), 10);
  if (!Number.isInteger(errorNumber)) return clickhouseError(1002, text);
  return new ClickhouseException(errorNumber, text.slice(start).trim(), error);
};

/** The HTTP status that a ClickHouse server answers with for an error. */
export const statusOf = (errorNumber: number): number => STATUS.get(errorNumber) ?? 500;

const NAMES = new Map([
  [36, 'BAD_ARGUMENTS'],
  [48, 'NOT_IMPLEMENTED'],
  [62, 'SYNTAX_ERROR'],
  [89, 'UNKNOWN_COMPRESSION_METHOD'],
  [115, 'UNKNOWN_SETTING'],
  [159, 'TIMEOUT_EXCEEDED'],
  [164, 'READONLY'],
  [202, 'TOO_MANY_SIMULTANEOUS_QUERIES'],
  [216, 'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING'],
  [229, 'QUERY_IS_TOO_LARGE'],
  [236, 'ABORTED'],
  [243, 'NOT_ENOUGH_SPACE'],
  [271, 'CANNOT_DECOMPRESS'],
  [358, 'INTO_OUTFILE_NOT_ALLOWED'],
  [372, 'SESSION_NOT_FOUND'],
  [373, 'SESSION_IS_LOCKED'],
  [374, 'INVALID_SESSION_TIMEOUT'],
  [446, 'FUNCTION_NOT_ALLOWED'],
  [497, 'ACCESS_DENIED'],
  [516, 'AUTHENTICATION_FAILED'],
  [1002, 'UNKNOWN_EXCEPTION'],
]);

// The server's list (HTTPHandler, exceptionCodeToHTTPStatus): what the caller can repair is 4xx.
const BAD_REQUEST = [
  3, 6, 8, 15, 16, 25, 26, 27, 34, 35, 36, 37, 38, 41, 42, 43, 44, 53, 59, 62, 72, 117, 123, 124, 125, 167,
  168, 190, 223, 271, 306, 374, 376, 408, 427, 441, 456, 467, 675, 676,
];
const NOT_FOUND = [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 139, 152, 336, 372];
const FORBIDDEN = [192, 193, 291, 497, 512, 516];

const STATUS: ReadonlyMap<number, number> = new Map([
  ...BAD_REQUEST.map((errorNumber) => [errorNumber, 400] as const),
  ...NOT_FOUND.map((errorNumber) => [errorNumber, 404] as const),
  ...FORBIDDEN.map((errorNumber) => [errorNumber, 403] as const),
  [194, 401],
  [48, 501],
  [229, 413],
  [381, 411],
  [159, 408],
  [164, 500],
  [202, 503],
  [209, 503],
  [76, 503],
  [236, 503],
]);
