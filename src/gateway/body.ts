import { PassThrough, Readable } from 'node:stream';
import { AppError } from '#core';
import type { RequestBody } from './contract.ts';

/** A body under way: nothing, all of it, or as it arrives. A stream is read once. */
export type Body = null | string | Uint8Array | Readable;

/**
 * Makes a stream safe to be left alone for a while: it may fail before somebody reads it, and then its reader finds it
 * destroyed instead of the process dying of an error that nobody heard.
 */
export const guardedStream = <T extends Readable>(stream: T): T => stream.on('error', () => undefined);

/**
 * Reads all of a body. `announced`: its length as the head states it; null: unknown. Errors: `GATEWAY_BODY_TOO_LARGE` (413) above `maxBytes`, without
 * reading when that much is announced; `GATEWAY_BODY_READ` (500) for a stream that somebody has read before, and those of the stream.
 */
export const collectBody = (
  body: Body,
  maxBytes: number,
  announced: number | null = null,
): Promise<Uint8Array> | Uint8Array => {
  if (body === null) return empty;
  // Who announces too much may wait to be told to go on (`Expect: 100-continue`).
  if (announced !== null && announced > maxBytes) return Promise.reject(tooLarge(maxBytes));
  if (!(body instanceof Readable)) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    return bytes.length > maxBytes ? Promise.reject(tooLarge(maxBytes)) : bytes;
  }
  if (isBroken(body)) return Promise.reject(body.errored ?? bodyCut());
  if (body.readableEnded) return Promise.reject(readBefore());
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const stop = (error: Error | null): void => {
      body.off('data', onData).off('end', onEnd).off('error', stop).off('close', onClose);
      if (error === null) resolve(chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks, length));
      else reject(error);
    };
    const onData = (chunk: Uint8Array): void => {
      length += chunk.length;
      if (length > maxBytes) {
        body.pause();
        stop(tooLarge(maxBytes));
      } else chunks.push(chunk);
    };
    const onEnd = (): void => stop(null);
    const onClose = (): void => stop(bodyCut());
    body.on('data', onData).on('end', onEnd).on('error', stop).on('close', onClose);
  });
};

/** The body as a stream. */
const streamOf = (body: Body): Readable => {
  if (body instanceof Readable) return body;
  return Readable.from(body === null ? [] : [typeof body === 'string' ? Buffer.from(body) : body], {
    objectMode: false,
  });
};

/** The length that a head states; null: none, as with chunks. */
export const announcedLength = (headers: {
  readonly 'content-length'?: string | undefined;
}): number | null => {
  const value = headers['content-length'];
  return value === undefined ? null : Number(value);
};

/** Throws a body away that nobody is going to read. */
export const discardBody = (body: Body): void => {
  if (body instanceof Readable && !body.readableEnded) {
    body.on('error', () => undefined);
    body.resume();
  }
};

/** Ends the source of a body: the rest is neither read nor waited for. */
export const destroyBody = (body: Body): void => {
  if (body instanceof Readable && !body.destroyed) {
    body.on('error', () => undefined);
    body.destroy();
  }
};

/**
 * Doubles a stream with the back-pressure of both readers. The second may fail or be destroyed at any time; then the first
 * goes on alone. So it does when the second has not read for `patienceMs` what it was given.
 */
export const teeBody = (source: Readable, patienceMs: number): readonly [Readable, Readable] => {
  const main = guardedStream(new PassThrough());
  const copy = guardedStream(new PassThrough());
  if (isBroken(source)) main.destroy(bodyCut());
  const resume = (): void => {
    if (!main.writableNeedDrain && (copy.destroyed || !copy.writableNeedDrain)) source.resume();
  };
  let patience: NodeJS.Timeout | null = null;
  const moves = (): void => {
    if (patience !== null) clearTimeout(patience);
    patience = null;
    resume();
  };
  copy.on('close', moves).on('drain', moves);
  main.on('drain', resume).on('close', () => {
    if (!source.readableEnded) source.destroy();
  });
  source.on('data', (chunk: Uint8Array) => {
    const mainFull = !main.write(chunk);
    const copyFull = !copy.destroyed && !copy.write(chunk);
    if (copyFull) patience ??= setTimeout(() => copy.destroy(copyStalled(patienceMs)), patienceMs);
    if (mainFull || copyFull) source.pause();
  });
  source.on('end', () => {
    // Nobody waits for the copy any more.
    if (patience !== null) clearTimeout(patience);
    main.end();
    copy.end();
  });
  source.on('error', (error) => {
    main.destroy(error);
    copy.destroy(error);
  });
  source.on('close', () => {
    if (source.readableEnded) return;
    main.destroy(bodyCut());
    copy.destroy();
  });
  return [main, copy];
};

/** The body as a module in process sees it. `announced`: as for `collectBody`. */
export const requestBodyOf = (
  body: Body,
  defaultMaxBytes: number,
  announced: number | null = null,
): RequestBody => ({
  bytes: async (maxBytes = defaultMaxBytes) => collectBody(body, maxBytes, announced),
  json: async (maxBytes = defaultMaxBytes) => parseJsonBody(await collectBody(body, maxBytes, announced)),
  stream: () => streamOf(body),
});

/** Parses a JSON body. Errors: `GATEWAY_BODY_NOT_JSON` (400). */
export const parseJsonBody = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new AppError('GATEWAY_BODY_NOT_JSON', 'the body is not JSON in UTF-8', { status: 400, cause });
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });
const empty = new Uint8Array(0);

/** Has the stream ended before its end? */
export const isBroken = (body: Readable): boolean => body.destroyed && !body.readableEnded;

const bodyCut = (): AppError =>
  new AppError('GATEWAY_BODY_CUT', 'the body ended before it was complete', { status: 400 });

const copyStalled = (patienceMs: number): AppError =>
  new AppError('GATEWAY_COPY_STALLED', `the copy of the body was not read for ${patienceMs} ms`, {
    status: 504,
  });

const readBefore = (): AppError =>
  new AppError('GATEWAY_BODY_READ', 'the body has been read before', { status: 500 });

const tooLarge = (maxBytes: number): AppError =>
  new AppError('GATEWAY_BODY_TOO_LARGE', `the body has more than ${maxBytes} bytes`, { status: 413 });
