import { createHash } from 'node:crypto';
import { lstat, open, rm } from 'node:fs/promises';
import { type Compression, compressor, through } from './compression.ts';
import { plainBytes } from './lines.ts';

/** What was written into a daily archive. */
export interface WrittenDay {
  readonly lines: number;
  /** Lines that the daily archive had before. */
  readonly before: number;
  /** Hash of the lines. */
  readonly plain: string;
  /** Hour, first line, last line (1-based, inclusive). */
  readonly parts: readonly (readonly [hour: number, first: number, last: number])[];
}

/** Where the lines of a daily archive come from. */
export interface DayParts {
  /** Paths of the daily archives that there are already; their lines come first. */
  readonly earlier: readonly string[];
  /** The hours in their order. */
  readonly hours: readonly { readonly hour: number; readonly path: string }[];
}

/** Writes a daily archive into a new file and syncs it. Ends with the signal's reason when that is aborted. */
export const writeDay = async (
  path: string,
  { earlier, hours }: DayParts,
  { compression, level }: { readonly compression: Compression; readonly level: number },
  signal: AbortSignal,
): Promise<WrittenDay> => {
  const hash = createHash('sha256');
  const parts: [number, number, number][] = [];
  let lines = 0;
  let before = 0;
  const pieces = async function* (): AsyncGenerator<Buffer, void, undefined> {
    for (const archive of earlier)
      for await (const piece of wholeLines(archive)) {
        lines += countLines(piece);
        hash.update(piece);
        yield piece;
      }
    before = lines;
    for (const { hour, path: from } of hours) {
      const first = lines + 1;
      for await (const piece of wholeLines(from)) {
        lines += countLines(piece);
        hash.update(piece);
        yield piece;
      }
      if (lines >= first) parts.push([hour, first, lines]);
    }
  };
  await rm(path, { force: true });
  const handle = await open(path, 'wx', 0o600);
  try {
    const pack = compressor(compression, level);
    for await (const piece of pack === null ? pieces() : through(pieces(), pack)) {
      signal.throwIfAborted();
      await handle.appendFile(piece);
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return { lines, before, plain: hash.digest('hex'), parts };
};

/** The bytes of a file, with an end of line after the last one, should it have lost it. */
async function* wholeLines(path: string): AsyncGenerator<Buffer, void, undefined> {
  let last = 0x0a;
  for await (const piece of plainBytes(path)) {
    last = piece.at(-1) ?? last;
    yield piece;
  }
  if (last !== 0x0a) yield Buffer.from('\n');
}

const countLines = (piece: Buffer): number => {
  let lines = 0;
  for (let at = piece.indexOf(0x0a); at !== -1; at = piece.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
};

/** Reads a daily archive back. */
export const digestOf = async (
  path: string,
  compression: Compression,
): Promise<{
  readonly lines: number;
  readonly plain: string;
  readonly packed: string;
  readonly bytes: number;
}> => {
  const plain = createHash('sha256');
  let lines = 0;
  for await (const piece of plainBytes(path, undefined, compression)) {
    plain.update(piece);
    lines += countLines(piece);
  }
  const { size } = await lstat(path);
  return { lines, plain: plain.digest('hex'), packed: await hashOf(path), bytes: size };
};

/** SHA-256 of the bytes of a file as they are. */
export const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of plainBytes(path, undefined, 'none')) hash.update(piece);
  return hash.digest('hex');
};
