import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, errorCode } from '#core';
import { ABANDONED_AFTER_MS, isAlive, ownOwner, parseOwner, TOUCH_EVERY_MS } from './owner.ts';

/** A claim on a folder. */
export interface FolderLock {
  /** Counts the holders since the folder was last free; a higher one overrules a lower one. */
  readonly number: number;
  /** False when somebody took the lock over because this holder seemed dead (it was stopped for long, on another machine). */
  isHeld(): Promise<boolean>;
  /** May be called twice. */
  release(): Promise<void>;
}

/**
 * Claims a folder for one process in a role (`loader`). The claim is a file `<role>.<number>.lock` that names its holder; one
 * of a dead holder is overruled by the next number, which only one process can create. Throws `JOURNAL_LOCKED` (409) while
 * another holder lives: by its process on the same machine, by the age of the file (60 s) in another container or machine.
 */
export const lockFolder = async (folder: string, role: string): Promise<FolderLock> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let attempts = 0; ; attempts++) {
    const before = await locksIn(folder, role);
    refuseWhenHeld(folder, role, before);
    const number = (before.at(-1)?.number ?? 0) + 1;
    const path = lockPath(folder, role, number);
    if (!(await createWithContent(path, JSON.stringify(ownOwner())))) continue;
    // Two that saw different locks may both have created one: whoever sees a living rival steps back.
    const rivals = (await locksIn(folder, role)).filter((lock) => lock.number !== number);
    if (!rivals.some((rival) => rival.alive)) {
      await Promise.all(rivals.map((rival) => removeIfThere(lockPath(folder, role, rival.number))));
      return holdLock(folder, role, number, path);
    }
    await removeIfThere(path);
    if (attempts >= 3) refuseWhenHeld(folder, role, rivals);
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
  }
};

interface LockFile {
  readonly number: number;
  readonly pid: number | null;
  readonly alive: boolean;
}

const refuseWhenHeld = (folder: string, role: string, locks: readonly LockFile[]): void => {
  const holder = locks.find((lock) => lock.alive);
  if (holder === undefined) return;
  throw new AppError(
    'JOURNAL_LOCKED',
    `claiming ${folder} as its ${role}, found that process ${holder.pid ?? '?'} holds it`,
    { status: 409, hint: `only one ${role} may work in a folder: stop the other one` },
  );
};

const holdLock = (folder: string, role: string, number: number, path: string): FolderLock => {
  const touching = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_EVERY_MS).unref();
  return {
    number,
    isHeld: async () => {
      const locks = await locksIn(folder, role);
      return locks.some((lock) => lock.number === number) && locks.every((lock) => lock.number <= number);
    },
    release: async () => {
      clearInterval(touching);
      await removeIfThere(path);
    },
  };
};

const locksIn = async (folder: string, role: string): Promise<readonly LockFile[]> => {
  const prefix = `${role}.`;
  const numbers = (await readdir(folder))
    .filter((name) => name.startsWith(prefix) && name.endsWith('.lock'))
    .map((name) => name.slice(prefix.length, -'.lock'.length))
    .filter((text) => /^\d{1,12}$/.test(text))
    .map(Number)
    .toSorted((a, b) => a - b);
  const locks = await Promise.all(numbers.map((number) => lookAt(folder, role, number)));
  return locks.filter((lock) => lock !== null);
};

const lookAt = async (folder: string, role: string, number: number): Promise<LockFile | null> => {
  const path = lockPath(folder, role, number);
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const owner = parseOwner(text);
    const touchedMsAgo = Date.now() - mtimeMs;
    const alive = owner === null ? touchedMsAgo < ABANDONED_AFTER_MS : isAlive(owner, touchedMsAgo);
    return { number, pid: owner?.pid ?? null, alive };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
};

const lockPath = (folder: string, role: string, number: number): string =>
  join(folder, `${role}.${number}.lock`);

/** Creates a file that appears with its content at once; false: it exists. */
const createWithContent = async (path: string, content: string): Promise<boolean> => {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await writeFile(temporary, content, { mode: 0o600, flag: 'wx' });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await removeIfThere(temporary);
  }
};

const removeIfThere = async (path: string): Promise<void> => {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
};
