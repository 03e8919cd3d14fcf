import { type JournalFiles, systemFiles } from '#journal';

/** What happens at the one call that is chosen. */
export type Fault = 'EIO' | 'ENOSPC' | 'EROFS' | 'EMFILE' | 'short' | 'kill-before' | 'kill-after';

/** All faults. */
export const FAULTS: readonly Fault[] = [
  'EIO',
  'ENOSPC',
  'EROFS',
  'EMFILE',
  'short',
  'kill-before',
  'kill-after',
];

/** The real disk, except for one call. */
export interface FailingFiles extends JournalFiles {
  /** Did the fault happen? */
  fired(): boolean;
  /** Calls so far. */
  calls(): number;
  /** From now on every call fails: the process is dead. */
  kill(): void;
  isDead(): boolean;
}

/**
 * The fault happens at call number `at` (from 1). `short`: a write stops half-way without an error, and the next one says ENOSPC;
 * other calls have no such thing, they pass. `times`: so many calls in a row fail.
 */
export const createFailingFiles = (at: number, fault: Fault, times = 1): FailingFiles => {
  let count = 0;
  let fired = false;
  let dead = false;
  let full = false;

  const fail = (code: string): never => {
    throw Object.assign(new Error(`${code}: injected`), { code });
  };
  const guard = <A extends readonly unknown[], R>(call: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      if (dead) return fail('KILLED');
      count += 1;
      if (count < at || count >= at + times || fault === 'short') return call(...args);
      fired = true;
      if (fault === 'kill-before') dead = true;
      if (fault === 'kill-after') {
        call(...args);
        dead = true;
      }
      return fail(dead ? 'KILLED' : fault);
    };
  };
  const write = guard(systemFiles.write);
  return {
    makeFolder: guard(systemFiles.makeFolder),
    create: guard(systemFiles.create),
    write: (file, bytes, from, length, position) => {
      if (full) {
        full = false;
        return fail('ENOSPC');
      }
      if (dead || fault !== 'short' || count + 1 !== at) return write(file, bytes, from, length, position);
      fired = true;
      full = true;
      return write(file, bytes, from, Math.ceil(length / 2), position);
    },
    datasync: guard(systemFiles.datasync),
    datasyncLater: guard(async (file: number) => systemFiles.datasyncLater(file)),
    truncate: guard(systemFiles.truncate),
    close: guard(systemFiles.close),
    put: guard(systemFiles.put),
    remove: guard(systemFiles.remove),
    syncFolder: guard(systemFiles.syncFolder),
    list: guard(systemFiles.list),
    size: guard(systemFiles.size),
    space: guard(systemFiles.space),
    fired: () => fired,
    calls: () => count,
    kill: () => {
      dead = true;
    },
    isDead: () => dead,
  };
};
