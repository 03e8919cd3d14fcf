import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, replaceFile } from '#core';

/** The operator's token and whether it was made just now, and so has to be shown once. */
export interface OperatorToken {
  readonly token: string;
  readonly isNew: boolean;
}

/** The token of the configuration, else the one kept in the data folder, else a new one that is kept there (mode 0600). */
export const openOperatorToken = async (configured: string, dataDir: string): Promise<OperatorToken> => {
  if (configured !== '') return { token: configured, isNew: false };
  const path = join(dataDir, 'operator-token');
  try {
    return { token: (await readFile(path, 'utf8')).trim(), isNew: false };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const token = randomBytes(24).toString('base64url');
  await replaceFile(path, `${token}\n`);
  return { token, isNew: true };
};
