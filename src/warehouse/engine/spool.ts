import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { errorCode, errorText } from '#core/errors';
import { clickhouseError } from './exception.ts';
import type { Encoding } from './request.ts';

/** Temporary files of the engine. */
export interface Spool {
  readonly folder: string;
  /**
   * Runs `work` with a path that is free, and removes the file afterwards. Everything that is left of a former
   * process was removed at start.
   */
  use<T>(work: (path: string) => Promise<T>): Promise<T>;
}

/** Creates the spool in `folder`, emptying it. */
export const createSpool = async (folder: string): Promise<Spool> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let next = 0;
  return {
    folder,
    use: async (work) => {
      next += 1;
      const path = join(folder, `${next}.spool`);
      try {
        return await work(path);
      } finally {
        await rm(path, { force: true });
      }
    },
  };
};

/** Bytes still to come: a stream, or something that writes them. */
export type Bytes = Readable | ((write: (chunk: Buffer) => Promise<void>) => Promise<void>) | undefined;

/**
 * Writes bytes that are there and bytes still to come into a new file, no faster than the disk takes them.
 * Errors: 243 when the disk is full; what the source throws.
 */
export const writeToFile = async (path: string, before: readonly Buffer[], rest: Bytes): Promise<void> => {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 1 << 20 });
  // Errors are seen where the writing waits; one that comes behind it (a write that the end cut off) must not end the process.
  file.on('error', () => undefined);
  try {
    for (const chunk of before) if (chunk.length > 0) file.write(chunk);
    if (typeof rest === 'object') return await pipeline(rest, file);
    if (rest !== undefined) {
      await rest(async (chunk) => {
        if (!file.write(chunk)) await once(file, 'drain');
      });
    }
    await new Promise<void>((resolve, reject) => file.once('error', reject).end(resolve));
  } catch (error) {
    file.destroy();
    if (errorCode(error) === 'ENOSPC' || errorCode(error) === 'EDQUOT') {
      throw clickhouseError(243, `Cannot write to the temporary file of the statement: ${errorText(error)}`);
    }
    throw error;
  }
};

/** Undoes a content coding. Errors of the coding become 271 CANNOT_DECOMPRESS. */
export const decoded = (body: Readable, encoding: Encoding | undefined): Readable => {
  if (encoding === undefined) return body;
  const decoder = DECODERS[encoding]();
  const checked = new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
  });
  body.on('error', (error) => decoder.destroy(error));
  body.on('close', () => {
    if (!body.readableEnded) decoder.destroy(new Error('the body ended early'));
  });
  decoder.on('error', (error) =>
    checked.destroy(clickhouseError(271, `Cannot decompress the body (${encoding}): ${error.message}`)),
  );
  return body.pipe(decoder).pipe(checked);
};

const DECODERS = {
  gzip: () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};
