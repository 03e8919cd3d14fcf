import { readFileSync, readlinkSync } from 'node:fs';
import { errorCode } from '#core';

/** Who holds a lock file or writes segments: enough to tell later whether that process is still alive. */
export interface Owner {
  readonly pid: number;
  /** When the process began, in the kernel's ticks since boot; '' where the system does not tell. */
  readonly began: string;
  /** Boot and process-id namespace; process ids mean something only within the same one. */
  readonly machine: string;
}

/** A lock of another machine or container counts as abandoned when it was not touched for so long. */
export const ABANDONED_AFTER_MS = 60_000;
/** How often a holder touches its lock. */
export const TOUCH_EVERY_MS = 10_000;

/** This process. */
export const ownOwner = (): Owner => ({
  pid: process.pid,
  began: beginningOf(process.pid) ?? '',
  machine: ownMachine(),
});

/** Is the owner alive? `touchedMsAgo`: age of its lock file, which decides when its process cannot be looked at from here. */
export const isAlive = (owner: Owner, touchedMsAgo: number): boolean => {
  if (owner.machine !== ownMachine()) return touchedMsAgo < ABANDONED_AFTER_MS;
  const began = beginningOf(owner.pid);
  if (began !== null && owner.began !== '') return began === owner.began;
  try {
    process.kill(owner.pid, 0);
    return began === null && owner.began === '';
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
};

/** Reads what `JSON.stringify(owner)` wrote; null: it is something else. */
export const parseOwner = (text: string): Owner | null => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    if (!('pid' in value && 'began' in value && 'machine' in value)) return null;
    const { pid, began, machine } = value;
    if (typeof pid !== 'number' || typeof began !== 'string' || typeof machine !== 'string') return null;
    return { pid, began, machine };
  } catch {
    return null;
  }
};

const ownMachine = (): string =>
  `${tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())} ${tryRead(() => readlinkSync('/proc/self/ns/pid'))}`;

/** Field 22 of /proc/<pid>/stat; null: no such process, or no such file system. */
const beginningOf = (pid: number): string | null => {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === '') return null;
  // The name of the program stands in parentheses and may hold spaces: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie holds nothing any more.
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
};

const tryRead = (read: () => string): string => {
  try {
    return read();
  } catch {
    return '';
  }
};
