/** An answer of the gateway itself instead of a module's: plain text, as Okapi's are. */
export interface Refusal {
  readonly kind: 'refused';
  readonly status: number;
  /** What the client reads. */
  readonly message: string;
  /** SCREAMING_SNAKE, for the trace, the log and the metrics. */
  readonly code: string;
  /** What the operator reads in the trace; default the message. */
  readonly why?: string;
}

/** Creates a refusal. */
export const refuse = (status: number, code: string, message: string, why?: string): Refusal =>
  why === undefined
    ? { kind: 'refused', status, code, message }
    : { kind: 'refused', status, code, message, why };

/** Text of a client's, safe to be repeated in an answer: printable ASCII, at most 64 characters. */
export const quoted = (text: string): string => text.slice(0, 64).replaceAll(/[^ -~]/g, '?');
