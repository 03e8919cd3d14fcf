import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, type Log } from '#core';
import { isClosed } from './archived-positions.ts';
import type { HourFiles } from './hour-files.ts';
import { isFolderName } from './layout.ts';
import type { ArchiveMark } from './mark.ts';
import { ROUND } from './mark.ts';
import type { Round } from './round-file.ts';

/** How the archive stands after going back. */
export interface WentBack {
  /** The rounds that remain, oldest first. */
  readonly rounds: readonly Round[];
  /** Number of the last round that there ever was. */
  readonly lastNumber: number;
  /** False: the mark and the files do not say what is archived and what is not. */
  readonly sure: boolean;
}

/**
 * Undoes the rounds that came after the mark (null: there is no checkpoint; `{}`: one from before the first round). What is not known well enough (no checkpoint, an older one than the rounds that are
 * remembered, files that were changed by others) is said, and nothing is guessed: no line is removed then.
 */
export const goBack = async (
  root: string,
  files: HourFiles,
  known: readonly Round[] | null,
  mark: ArchiveMark | null,
  log: Log,
): Promise<WentBack> => {
  const rounds = known ?? [];
  const newest = rounds.at(-1)?.number ?? 0;
  const oldest = rounds.at(0)?.number ?? 0;
  const saved = mark?.[ROUND] ?? 0;
  const lastNumber = Math.max(newest, saved);
  const isKnown = rounds.length > 0 ? saved >= oldest - 1 : saved === 0 && (await isEmpty(root));
  // Forgetting the rounds keeps the next start from undoing what nobody can say was not in an earlier checkpoint.
  if (mark === null || !isKnown) return { rounds: [], lastNumber, sure: await isEmpty(root) };
  let sure = true;
  for (const round of rounds.toReversed())
    if (round.number > saved && !(await undoRound(root, files, round))) sure = false;
  if (saved >= newest && !(await cutToMark(files, mark, log))) sure = false;
  return { rounds: rounds.filter(({ number }) => number <= saved), lastNumber, sure };
};

/** False: the day of a file that had to be cut was closed meanwhile, with lines of this round perhaps. */
const undoRound = async (root: string, files: HourFiles, round: Round): Promise<boolean> => {
  let complete = true;
  for (const [path, length] of Object.entries(round.before)) {
    const found = await files.cut(path, length);
    if (found < length || (found === 0 && (await isClosed(root, path)))) complete = false;
  }
  return complete;
};

/** Nothing of ours was written after the mark, so what is longer was added by somebody else, or is damage. */
const cutToMark = async (files: HourFiles, mark: ArchiveMark, log: Log): Promise<boolean> => {
  let complete = true;
  for (const [path, length] of Object.entries(mark)) {
    if (path === ROUND || !isHourPath(path)) continue;
    const found = await files.cut(path, length);
    // Length 0: the day was closed meanwhile, or never begun.
    if (found > 0 && found < length) {
      complete = false;
      log.error('archive_file_found_shorter', { file: path, bytes: found, expected_bytes: length });
    }
  }
  return complete;
};

/** The mark comes from a file; it must not lead out of the archive. */
const isHourPath = (path: string): boolean => {
  const [folder = '', day = '', hour = '', ...more] = path.split('/');
  return (
    isFolderName(folder) &&
    /^\d{1,4}-\d{1,2}-\d{1,2}$/.test(day) &&
    /^\d{1,2}\.json\.lines$/.test(hour) &&
    more.length === 0
  );
};

const isEmpty = async (root: string): Promise<boolean> =>
  (await readdir(root, { withFileTypes: true })).every((entry) => !entry.isDirectory());

/** Cuts off a last line that has no end: a write that was torn by a power loss. */
export const cutUnfinished = async (root: string, files: HourFiles, path: string): Promise<void> => {
  const length = await files.lengthOf(path);
  if (length === 0) return;
  const end = await endOfLastLine(join(root, path), length);
  if (end < length) await files.cut(path, end);
};

const PIECE_BYTES = 65_536;

const endOfLastLine = async (place: string, length: number): Promise<number> => {
  const handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for (let end = length; end > 0; ) {
      const start = Math.max(0, end - PIECE_BYTES);
      const piece = Buffer.alloc(end - start);
      await handle.read(piece, 0, piece.length, start);
      const found = piece.lastIndexOf(0x0a);
      if (found !== -1) return start + found + 1;
      end = start;
    }
    return 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return length;
    throw error;
  } finally {
    await handle.close();
  }
};
