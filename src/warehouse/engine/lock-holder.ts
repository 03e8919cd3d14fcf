import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const ATTEMPTS = 10;
const PAUSE_MS = 100;

/**
 * The process that has the engine's data open, when it is another one: chDB only says that it cannot connect. It writes the id
 * of the process that holds the lock into the file `status`, right after taking the lock.
 */
export const lockHolder = async (data: string): Promise<number | undefined> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const pid = await readPid(join(data, 'status'));
    if (pid !== undefined && pid !== process.pid) return isAlive(pid) ? pid : undefined;
    await setTimeout(PAUSE_MS);
  }
  return undefined;
};

const readPid = async (path: string): Promise<number | undefined> => {
  try {
    const line = (await readFile(path, 'utf8')).split('\n').find((text) => text.startsWith('PID: '));
    return line === undefined ? undefined : Number.parseInt(line.slice(5), 10);
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
