import { readFile } from 'node:fs/promises';

/** Identifies this start of the machine (a UUID of Linux, the same in all containers); '' where there is none. */
export const readBootId = async (): Promise<string> => {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch {
    return '';
  }
};
