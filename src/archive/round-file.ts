import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, errorCode, replaceFile } from '#core';

/** A round of appending: which files it touches, and how long they were before it. */
export interface Round {
  /** Grows by one with each round of an archive, for ever. */
  readonly number: number;
  /** Length in bytes by relative path; 0: the file did not exist. */
  readonly before: Readonly<Record<string, number>>;
}

const ROUND_FILE = 'rounds.json';

/** A checkpoint may be this many rounds behind and the archive still knows how to go back to it. */
const KEPT_ROUNDS = 4;

const schema = z.strictObject({
  format: z.literal(1),
  rounds: z.array(
    z.strictObject({
      number: z.int().positive(),
      before: z.record(z.string(), z.int().nonnegative()),
    }),
  ),
});

/** The rounds that were begun last, oldest first; null: the file is missing or damaged, so nothing is known. */
export const readRounds = async (root: string): Promise<readonly Round[] | null> => {
  try {
    return schema.parse(JSON.parse(await readFile(join(root, ROUND_FILE), 'utf8'))).rounds;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError)
      return null;
    throw new AppError('ARCHIVE_UNREADABLE', `reading ${join(root, ROUND_FILE)}: ${errorCode(error)}`, {
      cause: error,
    });
  }
};

/** Writes the rounds down, durably, before the first byte of the last one is appended. Older ones are forgotten. */
export const writeRounds = async (root: string, rounds: readonly Round[]): Promise<readonly Round[]> => {
  const kept = rounds.slice(-KEPT_ROUNDS);
  await replaceFile(join(root, ROUND_FILE), JSON.stringify({ format: 1, rounds: kept }));
  return kept;
};
