import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '#core';
import type { Destination } from '#tenants';
import type { ArchivedBeacon } from './beacon.ts';
import { HOUR_MS, hourPath } from './layout.ts';
import { readLine } from './read-line.ts';

/** Which lines are read. */
export interface NewestOptions {
  /** Only lines that hold this text somewhere; the others are not parsed. Not empty. */
  readonly containing: string;
  /** So much is read of the end of an hour's file. */
  readonly maxBytes: number;
}

const LINE_END = 0x0a;

/**
 * The beacons at the end of a folder's files of this hour and the one before, as our own lines tell them, oldest first. For a look at what has just come in;
 * it costs no more when the folder is large. Lines that are still being written, and those of others, are left out.
 */
export const readNewest = async (
  root: string,
  folder: Destination,
  now: number,
  options: NewestOptions,
): Promise<readonly ArchivedBeacon[]> => {
  const paths = [now - HOUR_MS, now].map((at) => join(root, hourPath(folder, at)));
  const ends = await Promise.all(paths.map((path) => readEnd(path, options.maxBytes)));
  return ends.flatMap((end) => beaconsOf(end, options.containing));
};

/** Whole lines at the end of a file; nothing when there is no such file. */
const readEnd = async (path: string, maxBytes: number): Promise<Buffer> => {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const bytes = buffer.subarray(0, bytesRead);
    const first = from === 0 ? 0 : bytes.indexOf(LINE_END) + 1;
    return bytes.subarray(first, bytes.lastIndexOf(LINE_END) + 1);
  } finally {
    await handle.close();
  }
};

const beaconsOf = (lines: Buffer, containing: string): readonly ArchivedBeacon[] => {
  const beacons: ArchivedBeacon[] = [];
  for (let at = lines.indexOf(containing); at !== -1; ) {
    const start = lines.lastIndexOf(LINE_END, at) + 1;
    const end = lines.indexOf(LINE_END, at);
    const reading = readLine(lines.toString('utf8', start, end), OWN);
    if (reading.kind === 'own') beacons.push(reading.beacon);
    at = lines.indexOf(containing, end);
  }
  return beacons;
};

const OWN = {
  own: true,
  traceParameters: [],
  fallbackTime: null,
  latestTime: Number.MAX_SAFE_INTEGER,
} as const;
