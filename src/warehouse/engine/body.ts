import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { clickhouseError } from './exception.ts';
import { readForm } from './form.ts';
import { type Call, bodyEncodingOf } from './request.ts';
import { decoded } from './spool.ts';
import { type InsertStatement, parseStatement, type Statement } from './statement.ts';

/** A call's statement, and behind an INSERT its data: the bytes that were read already, and the stream of the rest. */
export interface Question {
  readonly statement: Statement;
  readonly parameters: ReadonlyMap<string, string>;
  readonly data: { readonly before: Buffer; readonly rest: Readable | undefined } | undefined;
}

/** The statement before an INSERT's data must lie within this; the same limit as the server's `max_query_size`. */
const MAX_HEAD_BYTES = 262_144;
/** A statement without data may be this long altogether. */
const MAX_STATEMENT_BYTES = 16 * 1_048_576;

/**
 * Puts the question together from `?query=` and the body (which continues it after a line end), or from a form.
 * Errors: 62 for a text that is not one statement, 229 for a longer one than the limits, 271 and 89 for the coding.
 */
export const readQuestion = async (call: Call, request: IncomingMessage): Promise<Question> => {
  const type = request.headers['content-type'] ?? '';
  if (type.toLowerCase().startsWith('multipart/form-data')) {
    const { text, parameters } = await readStatementText(call, request, MAX_STATEMENT_BYTES);
    return { statement: parseStatement(text), parameters, data: undefined };
  }
  const body = decoded(request, bodyEncodingOf(request.headers));
  const query = call.query === '' ? Buffer.alloc(0) : Buffer.from(`${call.query}\n`);
  const inQuery = call.query === '' ? undefined : insertIn(query);
  if (inQuery !== undefined) return insertQuestion(inQuery, query, body);

  const head = await readUpTo(body, MAX_HEAD_BYTES, query);
  const inHead = insertIn(head.bytes);
  if (inHead !== undefined) return insertQuestion(inHead, head.bytes, head.isAll ? undefined : body);
  const whole = head.isAll ? head : await readUpTo(body, MAX_STATEMENT_BYTES, head.bytes);
  if (!whole.isAll) {
    throw clickhouseError(229, `Query is too large: more than ${MAX_STATEMENT_BYTES} bytes without data`);
  }
  const statement = parseStatement(whole.bytes.toString('utf8'));
  if (statement.kind === 'insert-data') {
    throw clickhouseError(
      229,
      `Query is too large: the data of an INSERT must begin within ${MAX_HEAD_BYTES} bytes`,
    );
  }
  return { statement, parameters: call.parameters, data: undefined };

  function insertQuestion(insert: InsertStatement, text: Buffer, rest: Readable | undefined): Question {
    const before = text.subarray(Math.min(insert.dataStart, text.length));
    return { statement: insert, parameters: call.parameters, data: { before, rest } };
  }
};

/** The INSERT with data that the bytes begin with. They are read as Latin-1, so offsets count bytes. */
const insertIn = (bytes: Buffer): InsertStatement | undefined => {
  const text = bytes.subarray(0, MAX_HEAD_BYTES).toString('latin1');
  if (!mayBeInsert(text)) return undefined;
  let statement: Statement;
  try {
    statement = parseStatement(text);
  } catch {
    return undefined; // The text may go on; the whole of it is judged later.
  }
  if (statement.kind !== 'insert-data') return undefined;
  return {
    ...statement,
    fromFile: (path, comment) =>
      Buffer.from(statement.fromFile(Buffer.from(path).toString('latin1'), comment), 'latin1').toString(
        'utf8',
      ),
  };
};

const mayBeInsert = (text: string): boolean => text.toUpperCase().includes('INSERT');

const readUpTo = async (
  body: Readable,
  limit: number,
  before: Buffer,
): Promise<{ readonly bytes: Buffer; readonly isAll: boolean }> => {
  const chunks: Buffer[] = [before];
  let size = before.length;
  // Not `for await`: leaving that loop early would destroy the stream, and the rest of it is still needed.
  while (size < limit) {
    const chunk = body.read() as Buffer | null;
    if (chunk !== null) {
      chunks.push(chunk);
      size += chunk.length;
    } else if (body.readableEnded || (await moreOf(body)) === 'ended') {
      return { bytes: Buffer.concat(chunks), isAll: true };
    }
  }
  return { bytes: Buffer.concat(chunks), isAll: false };
};

const moreOf = (body: Readable): Promise<'readable' | 'ended'> =>
  new Promise((resolve, reject) => {
    if (body.errored !== null && body.errored !== undefined) return reject(body.errored);
    const settle = (done: () => void): void => {
      body.off('readable', onReadable).off('end', onEnd).off('error', onError).off('close', onClose);
      done();
    };
    const onReadable = (): void => settle(() => resolve('readable'));
    const onEnd = (): void => settle(() => resolve('ended'));
    const onError = (error: Error): void => settle(() => reject(error));
    const onClose = (): void =>
      settle(() => (body.readableEnded ? resolve('ended') : reject(new Error('the body ended early'))));
    body.on('readable', onReadable).on('end', onEnd).on('error', onError).on('close', onClose);
  });

/**
 * The whole text of a call that sends no data, with its parameters: for those who must judge it before it is run.
 * Errors: 229 when it is longer than `maxBytes`; 36, 48, 89, 271 as above.
 */
export const readStatementText = async (
  call: Call,
  request: IncomingMessage,
  maxBytes: number,
): Promise<{ readonly text: string; readonly parameters: ReadonlyMap<string, string> }> => {
  const body = decoded(request, bodyEncodingOf(request.headers));
  const type = request.headers['content-type'] ?? '';
  const isForm = type.toLowerCase().startsWith('multipart/form-data');
  const before = call.query === '' || isForm ? '' : `${call.query}\n`;
  const whole = await readUpTo(body, maxBytes, Buffer.from(before));
  if (!whole.isAll) throw clickhouseError(229, `Query is too large: more than ${maxBytes} bytes`);
  if (!isForm) return { text: whole.bytes.toString('utf8'), parameters: call.parameters };
  const parameters = new Map(call.parameters);
  let text = call.query;
  for (const [name, value] of readForm(whole.bytes, type)) {
    if (name === 'query') text += value;
    else if (name.startsWith('param_')) parameters.set(name.slice(6), value);
    else throw clickhouseError(48, `external tables are not implemented (form field '${name}')`);
  }
  return { text, parameters };
};
