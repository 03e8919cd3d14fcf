import { z } from 'zod';
import { json, type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import { AppError, errorCode } from '#core';
import type { PageRequest } from './records.ts';

/** One thing that is wrong with what a client sent, in the form of FOLIO's `errors` schema. */
export interface Fault {
  readonly message: string;
  readonly code: string;
  readonly parameters?: readonly { readonly key: string; readonly value: string }[];
}

/** 422 with FOLIO's `{errors: [...]}`. */
export const unprocessable = (...faults: readonly Fault[]): ModuleResponse =>
  json(422, {
    errors: faults.map(({ message, code, parameters = [] }) => ({ message, type: '-1', code, parameters })),
    total_records: faults.length,
  });

/** 404 in plain text, as FOLIO's storage modules answer. */
export const notFound = (what: string): ModuleResponse => text(404, `${what} was not found`);

/** Largest page of a list, and the default. */
const MOST_RECORDS = 10_000;
const DEFAULT_RECORDS = 10;

/** `query`, `offset` and `limit` of a list. Errors: `PAGE_INVALID` (400). */
export const readPage = ({ query }: ModuleRequest): PageRequest => {
  const number = (name: string, fallback: number): number => {
    const given = query.get(name);
    if (given === null) return fallback;
    const value = Number(given);
    if (given !== '' && Number.isSafeInteger(value) && value >= 0) return value;
    throw new AppError(
      'PAGE_INVALID',
      `the parameter ${name} is "${given.slice(0, 40)}", expected a number from 0`,
      { status: 400 },
    );
  };
  return {
    query: query.get('query') ?? '',
    offset: number('offset', 0),
    limit: Math.min(number('limit', DEFAULT_RECORDS), MOST_RECORDS),
  };
};

/** The body of a request by a schema, or the 422 that says what is wrong with it, field by field. */
export const readRecord = async <S extends z.ZodType>(
  request: ModuleRequest,
  schema: S,
): Promise<{ readonly record: z.infer<S> } | { readonly refusal: ModuleResponse }> => {
  const parsed = schema.safeParse(await request.body.json(), { reportInput: true });
  if (parsed.success) return { record: parsed.data };
  return {
    refusal: unprocessable(
      ...parsed.error.issues.map((issue) => ({
        message: issue.message,
        code: 'VALIDATION_ERROR',
        parameters: [{ key: issue.path.join('.'), value: shown(issue.input) }],
      })),
    ),
  };
};

/** What was found, as FOLIO shows it: texts as they are, `null` for what is missing. */
const shown = (found: unknown): string =>
  (typeof found === 'string' ? found : (JSON.stringify(found) ?? 'null')).slice(0, 100);

/** Who made and changed a record, and when. */
export interface Metadata {
  readonly createdDate: string;
  readonly createdByUserId?: string;
  readonly updatedDate: string;
  readonly updatedByUserId?: string;
}

/** Metadata of a new record, or of a changed one when the old is given. */
export const stamp = (request: ModuleRequest, now: number, old?: Metadata): Metadata => {
  const date = new Date(now).toISOString();
  const by = request.userId;
  return {
    createdDate: old?.createdDate ?? date,
    ...(old === undefined
      ? by !== null && { createdByUserId: by }
      : old.createdByUserId !== undefined && { createdByUserId: old.createdByUserId }),
    updatedDate: date,
    ...(by !== null && { updatedByUserId: by }),
  };
};

/** A part of the path, with its percent signs read. Errors: `PATH_PART` (400) for one that is not UTF-8 in percent signs. */
export const pathPart = ({ params }: ModuleRequest, name: string): string => {
  const part = params[name] ?? '';
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new AppError('PATH_PART', `${name} in the path: expected UTF-8 in percent signs`, {
      status: 400,
      cause,
    });
  }
};

/** An id as FOLIO has them. */
export const uuid = z.guid();

/** The answer of a change, or 422 with `fault` when it meets a record that has a unique value already. */
export const unlessTaken = async (
  fault: Fault,
  change: () => Promise<ModuleResponse>,
): Promise<ModuleResponse> => {
  try {
    return await change();
  } catch (error) {
    if (errorCode(error) === 'RECORD_EXISTS') return unprocessable(fault);
    throw error;
  }
};
