import { hash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, replaceFile } from '#core';
import type { SourceDay } from './sources.ts';

/** Remembers which source days of a replay are done, so that an interrupted one can go on. Losing it costs time, nothing else. */
export interface ReplayState {
  isDone(source: SourceDay): boolean;
  /** Writes down, durably, that everything of these is in its tables. */
  done(sources: readonly SourceDay[]): Promise<void>;
  /** The replay came to its end: the next one looks at everything again. */
  remove(): Promise<void>;
}

const schema = z.strictObject({ version: z.literal(1), done: z.array(z.string()) });

/** Opens the state of the replay that `question` (its options and the version of the users map) stands for, in `folder`. */
export const openReplayState = async (folder: string, question: unknown): Promise<ReplayState> => {
  const path = join(folder, `${hash('sha256', JSON.stringify(question)).slice(0, 16)}.json`);
  const done = new Set(await readDone(path));
  return {
    isDone: (source) => done.has(nameWithSize(source)),
    done: async (sources) => {
      if (sources.length === 0) return;
      for (const source of sources) done.add(nameWithSize(source));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await replaceFile(path, JSON.stringify({ version: 1, done: [...done] }));
    },
    remove: () => rm(path, { force: true }),
  };
};

/** A state that forgets everything: for a dry run. */
export const noReplayState: ReplayState = {
  isDone: () => false,
  done: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

/** A day that has grown since is another day. */
const nameWithSize = ({ name, files }: SourceDay): string =>
  `${name} ${files.reduce((sum, { bytes }) => sum + bytes, 0)}`;

const readDone = async (path: string): Promise<readonly string[]> => {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8'))).done;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError)
      return [];
    throw error;
  }
};
