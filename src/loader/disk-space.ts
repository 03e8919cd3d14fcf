import { statfs } from 'node:fs/promises';
import { LOW_RESERVES, type Reserve, reservedBytes, reservedFiles } from '#journal';

/** How the disk of the journal is. */
export interface DiskSpace {
  /** Nearly full, before beacons are refused: nothing is kept that is loaded. */
  isLow(): Promise<boolean>;
  /** Beacons are refused: the backlog of organizations that lag is left to the archive. */
  isShort(): Promise<boolean>;
}

/** Looks at the disk of this folder. A journal without a reserve is emptied as if it had the usual one. */
export const createDiskSpace = (folder: string, reserve: Reserve): DiskSpace => {
  const hasLess = async (reserves: number): Promise<boolean> => {
    const { bavail, blocks, bsize, ffree, files } = await statfs(folder);
    if (files > 0 && ffree < reserves * reservedFiles(files)) return true;
    return bavail * bsize < reserves * reservedBytes(reserve === 0 ? 'auto' : reserve, blocks * bsize);
  };
  return { isLow: () => hasLess(LOW_RESERVES), isShort: () => hasLess(1) };
};
