import { chmod, chown, realpath, stat } from 'node:fs/promises';
import { AppError, replaceFile } from '#core';
import { compareMaps, isSuspicious } from './map-change.ts';
import { mapFile, readMapFile } from './map-file.ts';
import { type ParsedMap, parseUsersMap } from './parse.ts';
import { problemText } from './problem.ts';
import { createSnapshot } from './snapshot.ts';

/** A change of the text of a users map; `null`: there is no file yet. */
export type MapEdit = (text: string | null) => string;

/**
 * Changes the users map on disk: reads it, edits the text, checks the result as the registry would, and replaces the file at
 * once, keeping mode and owner (and the link, when it is one). A map that gets much smaller this way is confirmed at once.
 * @param version SHA-256 (hex) of the file that the edit is meant for; without it, any
 * @returns the new map
 * Errors: `TENANTS_MAP_INVALID` (before or after the edit; `details.problems`), `TENANTS_MAP_CHANGED` (409; somebody else wrote
 * meanwhile, or the file has another version), those of the edit and of reading.
 */
export const editUsersMap = async (path: string, edit: MapEdit, version?: string): Promise<ParsedMap> => {
  const before = await readMapFile(path).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'TENANTS_MAP_MISSING') return null;
    throw error;
  });
  const old = before === null ? null : checked(before.bytes, `the users map ${path} is not valid as it is`);
  if (version !== undefined && before?.version !== version) throw changedMeanwhile();
  const text = before === null ? null : Buffer.from(before.bytes).toString('utf8');
  const mark = text?.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const bytes = Buffer.from(mark + edit(text === null ? null : text.slice(mark.length)));
  const map = checked(bytes, 'the change would make the users map invalid');

  const now = await readMapFile(path).catch(() => null);
  if (now?.version !== before?.version) throw changedMeanwhile();
  if (old !== null) await confirmShrinking(path, old, map, bytes);
  await replaceKeeping(path, bytes);
  return map;
};

const changedMeanwhile = (): AppError =>
  new AppError('TENANTS_MAP_CHANGED', 'the users map was changed by somebody else meanwhile', {
    status: 409,
    hint: 'run the command again',
  });

const BYTE_ORDER_MARK = '\uFEFF';

const checked = (bytes: Uint8Array, what: string): ParsedMap => {
  const map = parseUsersMap(bytes);
  if (map.problems.length === 0) return map;
  const problems = map.problems.map(problemText);
  throw new AppError('TENANTS_MAP_INVALID', [`${what}:`, ...problems].join('\n  '), {
    details: { problems },
  });
};

/** Written before the map: when the registry sees the smaller map, it finds that it is meant. */
const confirmShrinking = async (
  path: string,
  old: ParsedMap,
  map: ParsedMap,
  bytes: Uint8Array,
): Promise<void> => {
  const previous = createSnapshot('', 0, old.tenants, old.relations);
  if (!isSuspicious(previous, compareMaps(previous, map.tenants))) return;
  await replaceFile(`${path}.confirm`, `${mapFile(bytes).version}\n`, 0o644);
};

const replaceKeeping = async (path: string, bytes: Uint8Array): Promise<void> => {
  const target = await realpath(path).catch(() => path);
  const stats = await stat(target).catch(() => null);
  await replaceFile(target, bytes, stats === null ? 0o644 : stats.mode & 0o777);
  if (stats === null) return;
  // The creation mask may have taken bits away; and a service must still be able to read a file that root edited.
  await chmod(target, stats.mode & 0o777);
  await chown(target, stats.uid, stats.gid).catch(() => undefined);
};
