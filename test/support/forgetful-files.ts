import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JournalFiles, systemFiles } from '#journal';

/** What becomes of bytes that were written and not synced. */
export type Loss = 'gone' | 'half' | 'zeros';

/** The real disk, which remembers what was synced. A stand-in for a machine whose power can be cut. */
export interface ForgetfulFiles extends JournalFiles {
  /** Brings the folder into a state that a power loss at this moment may leave behind. */
  losePower(folder: string, loss: Loss): void;
}

/** Creates it. Names count once their folder was synced, bytes once their file was. */
export const createForgetfulFiles = (): ForgetfulFiles => {
  const pathOf = new Map<number, string>();
  const syncedLength = new Map<string, number>();
  const syncedNames = new Set<string>();
  let created = new Set<string>();
  const datasync = (file: number): void => {
    systemFiles.datasync(file);
    const path = pathOf.get(file) ?? '';
    syncedLength.set(path, systemFiles.size(path));
  };
  return {
    ...systemFiles,
    create: (path) => {
      const file = systemFiles.create(path);
      pathOf.set(file, path);
      syncedLength.set(path, 0);
      created.add(path);
      return file;
    },
    datasync,
    datasyncLater: async (file) => {
      await systemFiles.datasyncLater(file);
      datasync(file);
    },
    syncFolder: (path) => {
      systemFiles.syncFolder(path);
      for (const name of created) syncedNames.add(name);
      created = new Set();
    },
    losePower: (folder, loss) => {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (!name.endsWith('.journal')) continue;
        if (syncedNames.has(path)) forget(path, syncedLength.get(path) ?? 0, loss);
        else rmSync(path);
      }
    },
  };
};

const forget = (path: string, length: number, loss: Loss): void => {
  const bytes = readFileSync(path);
  if (bytes.length <= length) return;
  if (loss === 'gone') truncateSync(path, length);
  else if (loss === 'half') truncateSync(path, length + Math.floor((bytes.length - length) / 2));
  else writeFileSync(path, bytes.fill(0, length));
};
