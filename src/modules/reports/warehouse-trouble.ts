import { AppError } from '#core';
import { troubleOf } from '#warehouse';
import { refusal } from './faults.ts';

/**
 * What a failed statement is to who asked. Too heavy: 503 with what to do about it. Not reachable: 503. All else stays as it is, for the
 * log; its text may hold SQL and is not the caller's.
 */
export const warehouseRefusal = (error: unknown, seconds: number, signal: AbortSignal): unknown => {
  if (error instanceof AppError) return error;
  if (signal.aborted) return givenUp();
  const { at, code } = troubleOf(error);
  if (TOO_HEAVY.has(code))
    return refusal(503, {
      message: `the report takes more than the ${seconds} seconds or the memory that one may take: ask for a shorter period, fewer filters or a dimension with fewer values`,
      code: 'REPORT_TOO_HEAVY',
    });
  if (at === 'server' || GONE.has(code))
    return refusal(503, {
      message: 'the warehouse cannot be asked at the moment: try again in a while',
      code: 'WAREHOUSE_UNAVAILABLE',
    });
  return new AppError('REPORTS_FAILED', `the warehouse refused a report (code ${code})`, {
    status: 500,
    cause: error,
  });
};

/** Nobody waits for the report any more. */
export const givenUp = (): AppError =>
  refusal(503, { message: 'the report was given up before it was made', code: 'REPORT_GIVEN_UP' });

/** Time-outs 159 and 160, memory 241, too many rows or bytes 158, 307 and 396. */
const TOO_HEAVY: ReadonlySet<string> = new Set(['159', '160', '241', '158', '307', '396']);

const GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'TIMEOUT', '209', '210', '394']);
