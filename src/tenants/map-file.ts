import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AppError, errorCode } from '#core';
import { MAX_MAP_BYTES } from './parse.ts';

/** The bytes of a users map, and their SHA-256 in hex (as `sha256sum` prints it), which is the map's version. */
export interface MapFile {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/**
 * Reads the file whole, without ever hanging on something that is no file.
 * Errors: `TENANTS_MAP_MISSING`, `TENANTS_MAP_UNREADABLE` (permissions, a folder, a pipe, a device), `TENANTS_MAP_TOO_LARGE`.
 */
export const readMapFile = async (path: string): Promise<MapFile> => {
  let file: FileHandle;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for somebody who writes.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const missing = errorCode(error) === 'ENOENT';
    throw new AppError(
      missing ? 'TENANTS_MAP_MISSING' : 'TENANTS_MAP_UNREADABLE',
      missing ? 'no file' : `a file that cannot be opened (${errorCode(error)})`,
      { cause: error },
    );
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new AppError('TENANTS_MAP_UNREADABLE', 'something that is no regular file');
    return mapFile(await readBounded(file));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('TENANTS_MAP_UNREADABLE', `a file that cannot be read (${errorCode(error)})`, {
      cause: error,
    });
  } finally {
    await file.close();
  }
};

/** A users map of these bytes. */
export const mapFile = (bytes: Uint8Array): MapFile => ({
  bytes,
  version: createHash('sha256').update(bytes).digest('hex'),
});

/** The size that `stat` tells may be wrong a moment later (or always, in /proc), so the reading itself is bounded. */
const readBounded = async (file: FileHandle): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(262_144), 0, 262_144, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
    if (total > MAX_MAP_BYTES)
      throw new AppError('TENANTS_MAP_TOO_LARGE', `a file of more than ${MAX_MAP_BYTES} bytes`);
  }
};
