import { statfs } from 'node:fs/promises';

/** With less space than both on the disk of the journal, nothing is kept there that is loaded or in the archive. */
const LOW_SPACE_SHARE = 0.05;
const LOW_SPACE_BYTES = 1024 ** 3;

/** Is the disk of this folder nearly full? */
export const spaceIsLow = async (folder: string): Promise<boolean> => {
  const { bavail, blocks, bsize } = await statfs(folder);
  return bavail * bsize < Math.min(LOW_SPACE_BYTES, blocks * bsize * LOW_SPACE_SHARE);
};
