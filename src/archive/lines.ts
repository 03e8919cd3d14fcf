import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Compression, compressionOf, decompressor, through } from './compression.ts';

/** A line of a file. */
export interface SourceLine {
  /** 1-based. */
  readonly number: number;
  /** Null: longer than the limit, skipped. */
  readonly text: string | null;
  /** No `\n` after it: the end of a file that is still being written, or that lost its end. */
  readonly unfinished: boolean;
}

/** Longest line that is read. Ours are at most about 16 times the longest body (escaped twice). */
export const MAX_LINE_BYTES = 8 * 1_048_576;

const CHUNK_BYTES = 262_144;
const LINE_END = 0x0a;

/**
 * The bytes of a file as they were before it was compressed, in pieces. Never follows a link at the end of the path. `onBytes` hears how many
 * bytes of the file itself were read. A truncated or damaged compressed file throws after the pieces that are good.
 */
export async function* plainBytes(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
  compression: Compression = compressionOf(path),
): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const raw = fileBytes(handle, onBytes);
    const unpack = decompressor(compression);
    yield* unpack === null ? raw : through(raw, unpack);
  } finally {
    await handle.close();
  }
}

async function* fileBytes(
  handle: Awaited<ReturnType<typeof open>>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
    if (bytesRead === 0) return;
    onBytes(bytesRead);
    yield buffer.subarray(0, bytesRead);
  }
}

/** The lines in pieces of bytes, one list for each piece. Empty lines are left out, but counted. Memory: one line and one piece. */
export async function* linesOf(
  pieces: AsyncIterable<Buffer>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<readonly SourceLine[], void, undefined> {
  let number = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let skipping = false;
  const hold = (piece: Buffer): void => {
    heldBytes += piece.length;
    if (heldBytes > maxBytes) skipping = true;
    if (skipping) held = [];
    else if (piece.length > 0) held.push(piece);
  };
  const take = (unfinished: boolean): SourceLine => {
    number += 1;
    const text = skipping ? null : textOf(held.length === 1 && held[0] ? held[0] : Buffer.concat(held));
    held = [];
    heldBytes = 0;
    skipping = false;
    return { number, text, unfinished };
  };
  for await (const piece of pieces) {
    const lines: SourceLine[] = [];
    let start = 0;
    for (let end = piece.indexOf(LINE_END); end !== -1; end = piece.indexOf(LINE_END, start)) {
      hold(piece.subarray(start, end));
      const line = take(false);
      if (line.text !== '') lines.push(line);
      start = end + 1;
    }
    hold(piece.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (heldBytes > 0) yield [take(true)];
}

const textOf = (bytes: Buffer): string => {
  const text = bytes.toString('utf8');
  return text.endsWith('\r') ? text.slice(0, -1) : text;
};
