/** What an `AppError` is made of, besides its code and message. */
export interface ErrorFacts {
  /** HTTP status to answer with when the error reaches a client. Default 500. */
  readonly status?: number;
  /** One sentence that says what to do about it. */
  readonly hint?: string;
  /** The error underneath. */
  readonly cause?: unknown;
  /** Facts for the log and for tests; never shown to an anonymous client. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The one error class of the product. Match on `code` (SCREAMING_SNAKE, prefixed by its subsystem), never on the text.
 * The message is lower case without a full stop: what was being done, what was found, what was expected.
 */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: string, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = facts.status ?? 500;
    this.hint = facts.hint;
    this.details = facts.details;
  }
}

/** The code of an error: ours, Node's (`ENOSPC`), or `UNKNOWN`. */
export const errorCode = (error: unknown): string => {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'UNKNOWN';
};

/** A one-line text of anything that was thrown, with the hint when there is one. */
export const errorText = (error: unknown): string => {
  if (error instanceof AppError && error.hint !== undefined) return `${error.message} (${error.hint})`;
  return error instanceof Error ? error.message : String(error);
};
