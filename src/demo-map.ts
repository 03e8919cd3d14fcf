import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, errorCode, errorText, type Log, replaceFile } from '#core';
import { demoUsersMap } from '#demo';

/** Where the demo's users map may be written. */
export interface DemoMapParts {
  /** The users map. */
  readonly path: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Writes the users map of the demo at the very first start: when there is no such file, and nothing in the data folder says that there ever was
 * another. A map that has gone missing is the registry's to report, with the last good one in force. A start does not fail because of it.
 */
export const writeDemoMap = async ({ path, dataDir, clock, log }: DemoMapParts): Promise<void> => {
  const traces = [path, join(dataDir, 'users-map.last-good.yaml'), join(dataDir, 'journal')];
  try {
    for (const trace of traces) if (!(await isMissing(trace))) return;
    await replaceFile(path, demoUsersMap(new Date(clock.now()).getUTCFullYear()), 0o644);
  } catch (error) {
    log.warn('demo_map_not_written', { path, err: errorText(error) });
  }
};

/** Only the system's plain no counts: a folder that cannot be looked into may hold anything. */
const isMissing = async (path: string): Promise<boolean> => {
  try {
    await access(path);
    return false;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw error;
  }
};
