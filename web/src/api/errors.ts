/** What a request may fail of, so that pages can say what to do. */
export type ApiErrorKind =
  | 'unreachable'
  | 'too-heavy'
  | 'session-ended'
  | 'forbidden'
  | 'not-found'
  | 'refused'
  | 'broken';

/** A request that failed. `message` is a sentence for people. */
export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** `code` of the first error of a JSON answer; '' without. */
  readonly code: string;
  /** What the answer said of parameters: key → message, for forms. */
  readonly fields: ReadonlyMap<string, string>;
  /** With which an operator finds the request. */
  readonly requestId: string | null;

  constructor(facts: {
    kind: ApiErrorKind;
    status: number;
    message: string;
    code?: string;
    fields?: ReadonlyMap<string, string>;
    requestId?: string | null;
  }) {
    super(facts.message);
    this.name = 'ApiError';
    this.kind = facts.kind;
    this.status = facts.status;
    this.code = facts.code ?? '';
    this.fields = facts.fields ?? new Map();
    this.requestId = facts.requestId ?? null;
  }
}

/** The error of an answer: JSON as `{"errors":[{"message","code","parameters"}]}`, or the gateway's plain text. */
export const errorOfAnswer = (status: number, body: string, requestId: string | null): ApiError => {
  const { message, code, fields } = readBody(body);
  return new ApiError({
    kind: code === TOO_HEAVY ? 'too-heavy' : kindOf(status),
    status,
    message: message === '' ? `The server answered ${status}` : sentence(message),
    code,
    fields,
    requestId,
  });
};

/** The error of a request that got no answer. */
export const unreachable = (): ApiError =>
  new ApiError({
    kind: 'unreachable',
    status: 0,
    message: navigator.onLine
      ? 'Rumbrella does not answer. It may be starting again.'
      : 'You are offline. What you see may be old.',
  });

/** A report that takes too long or too much: the server is there, and asking again does not help. */
const TOO_HEAVY = 'REPORT_TOO_HEAVY';

const kindOf = (status: number): ApiErrorKind => {
  if (status === 401) return 'session-ended';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 502 || status === 503 || status === 504) return 'unreachable';
  return status < 500 ? 'refused' : 'broken';
};

/** Longest text of an answer that is shown. */
const MOST_CHARACTERS = 500;

const readBody = (body: string): { message: string; code: string; fields: Map<string, string> } => {
  const fields = new Map<string, string>();
  const plain = { message: body.trim().slice(0, MOST_CHARACTERS), code: '', fields };
  if (!body.startsWith('{')) return plain;
  try {
    const errors = (JSON.parse(body) as { errors?: unknown }).errors;
    if (!Array.isArray(errors) || errors.length === 0) return plain;
    const read = errors.map(readError);
    for (const { message, keys } of read) for (const key of keys) fields.set(key, sentence(message));
    const message = read.map((error) => error.message).join('. ');
    return { message: message.slice(0, MOST_CHARACTERS), code: read[0]?.code ?? '', fields };
  } catch {
    return plain;
  }
};

const readError = (error: unknown): { message: string; code: string; keys: readonly string[] } => {
  const { message, code, parameters } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const keys = Array.isArray(parameters)
    ? parameters.map((one: unknown) => (one as { key?: unknown })?.key)
    : [];
  return {
    message: typeof message === 'string' ? message : '',
    code: typeof code === 'string' ? code : '',
    keys: keys.filter((key) => typeof key === 'string'),
  };
};

const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
