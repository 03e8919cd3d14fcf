import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError, errorCode, replaceFile } from '#core';

/** Least length of a signing key, in bytes: as long as the digest it protects. */
export const minKeyBytes = 32;

/**
 * The key that signs tokens: the configured one, or the one kept in `file`, which is made at the first start (mode 0600).
 * Errors: `GATEWAY_KEY_TOO_SHORT`, `GATEWAY_KEY_UNREADABLE`; a gateway does not start without a good key.
 */
export const loadSigningKey = async (configured: string, file: string): Promise<Uint8Array> => {
  if (configured !== '') return longEnough(Buffer.from(configured, 'utf8'), 'the configured signing key');
  try {
    return longEnough(Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url'), file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (errorCode(error) !== 'ENOENT')
      throw new AppError('GATEWAY_KEY_UNREADABLE', `reading the signing key ${file} failed`, {
        cause: error,
      });
  }
  const key = randomBytes(minKeyBytes);
  await replaceFile(file, `${key.toString('base64url')}\n`, 0o600);
  return key;
};

const longEnough = (key: Buffer, where: string): Uint8Array => {
  if (key.length < minKeyBytes)
    throw new AppError(
      'GATEWAY_KEY_TOO_SHORT',
      `${where} has ${key.length} bytes, at least ${minKeyBytes} are needed`,
      { hint: 'remove it to have one made, or give a longer one' },
    );
  return key;
};
