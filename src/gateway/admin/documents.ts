import type { z } from 'zod';
import { errorText } from '#core';
import type { RequestBody } from '../contract.ts';
import { bad } from './answers.ts';

/** JSON may be nested so deep at most: what walks through it afterwards calls itself. */
const MAX_DEPTH = 32;
/** Bytes of a document at most; FOLIO's largest descriptor has about 200 kB. */
const MAX_BYTES = 1_048_576;
/** Bytes of a list of descriptors at most; those of a whole FOLIO release have about 10 MB. */
export const MAX_LIST_BYTES = 33_554_432;

/** Reads a JSON body. Errors: 400 with the reason when it is none or nested too deep, 413 above `maxBytes`. */
export const readDocument = async (body: RequestBody, maxBytes = MAX_BYTES): Promise<unknown> =>
  parseDocument(await body.bytes(maxBytes));

/** Reads a JSON body of a known shape. Errors: as `readDocument`, and 400 that names the wrong fields. */
export const readShape = async <Schema extends z.ZodType>(
  body: RequestBody,
  schema: Schema,
): Promise<z.output<Schema>> => shaped(await readDocument(body), schema);

/** As `readShape`; undefined: there is no body. */
export const readOptionalShape = async <Schema extends z.ZodType>(
  body: RequestBody,
  schema: Schema,
): Promise<z.output<Schema> | undefined> => {
  const bytes = await body.bytes(MAX_BYTES);
  return bytes.length === 0 ? undefined : shaped(parseDocument(bytes), schema);
};

const parseDocument = (bytes: Uint8Array): unknown => {
  if (isTooDeep(bytes)) throw bad(`the body is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch (error) {
    throw bad(`Failed to decode: ${errorText(error)}`);
  }
};

const shaped = <Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw bad(parsed.error.issues.map(issueText).join('. '));
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const issueText = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `Unrecognized field "${key.slice(0, 64)}"`).join('. ');
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.').slice(0, 100)}: ${issue.message}`;
};

/** Counts brackets outside of texts, before anything is parsed. */
const isTooDeep = (bytes: Uint8Array): boolean => {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isInText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInText = false;
    } else if (byte === QUOTE) isInText = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
  }
  return false;
};

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}');
