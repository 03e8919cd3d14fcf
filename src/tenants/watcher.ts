import { type FSWatcher, watch } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

/** Calls back when something happens in the folders around a file. */
export interface FolderWatcher {
  /** Watches the folders again that were replaced or appeared since; cheap when nothing changed. */
  refresh(): Promise<void>;
  stop(): void;
}

/**
 * Watches the folder of a file and, when the file is a symbolic link, the folder it points into. Folders, because a file that
 * is replaced by a rename or a swapped link is another file, of which a watch on the old one hears nothing. Only a hint
 * that comes early: where the system has no watches, the caller's polling is enough.
 */
export const createFolderWatcher = (path: string, onChange: () => void): FolderWatcher => {
  // In a busy folder only these names matter; where links are followed, any name may be one of them.
  const names: ReadonlySet<string> = new Set([basename(path), `${basename(path)}.confirm`]);
  const watches = new Map<string, FSWatcher>();
  let stopped = false;
  const close = (identity: string): void => {
    watches.get(identity)?.close();
    watches.delete(identity);
  };
  return {
    refresh: async () => {
      const { folders, isLink } = await foldersOf(path);
      if (stopped) return;
      for (const identity of watches.keys()) if (!folders.has(identity)) close(identity);
      for (const [identity, folder] of folders) {
        if (watches.has(identity)) continue;
        try {
          const watcher = watch(folder, { persistent: false }, (_, name) => {
            if (isLink || name === null || names.has(name)) onChange();
          });
          watcher.on('error', () => close(identity));
          watches.set(identity, watcher);
        } catch {
          // Gone again, or no watches left on this system: the next refresh tries again.
        }
      }
    },
    stop: () => {
      stopped = true;
      for (const identity of watches.keys()) close(identity);
    },
  };
};

/** The folders by identity: one that was deleted and made again has the same name, and a watch that hears nothing. */
const foldersOf = async (
  path: string,
): Promise<{ readonly folders: ReadonlyMap<string, string>; readonly isLink: boolean }> => {
  const target = await realpath(path).catch(() => resolve(path));
  const folders = new Map<string, string>();
  for (const folder of new Set([dirname(path), dirname(target)])) {
    const stats = await stat(folder, { bigint: true }).catch(() => null);
    if (stats !== null) folders.set(`${stats.dev}:${stats.ino}:${stats.birthtimeNs}`, folder);
  }
  return { folders, isLink: basename(target) !== basename(path) || folders.size > 1 };
};
