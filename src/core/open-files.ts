import { readFileSync } from 'node:fs';

/** Files that this process may have open, connections included (`ulimit -n`); null: the system does not tell, or has no bound. */
export const openFilesLimit = (): number | null => {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
};

/** Journal, archive, engine, the control database and modules need files, too. */
const KEPT_FILES = 512;

/** How many connections may be open: `wanted`, unless too few files were left for everything else. Of a very low limit half. */
export const connectionsFor = (wanted: number, limit: number | null): number =>
  limit === null ? wanted : Math.min(wanted, limit - Math.min(KEPT_FILES, Math.floor(limit / 2)));
