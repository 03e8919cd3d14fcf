import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { AppError, errorCode } from '#core';
import { CLOSING_SUFFIX, HOUR_MS, MARKER_FILE, parseDay, parseHour } from './layout.ts';

/** A file with beacons. */
export interface SourceFile {
  readonly path: string;
  /** Size on disk, compressed or not. */
  readonly bytes: number;
  /** One JSON object in each line, or one JSON document (the PHP catcher's files). */
  readonly shape: 'lines' | 'document';
  /** Start of the hour, or of the day, that the path names, epoch ms; null: it names none. */
  readonly time: number | null;
}

/**
 * Files that are read one after the other and belong together: the hours of a day, a daily archive, or one loose file. Lines of
 * others get their identity from their number within it.
 */
export interface SourceDay {
  /** Stable name, relative to the source: `fashion_bg/2026-11-2`. */
  readonly name: string;
  /** Folder of the archive (prefix, `unknown`, `expired`; the Go front's host); '' when there is none. */
  readonly folder: string;
  /** First instant of the day, epoch ms; null: not known from the path. */
  readonly day: number | null;
  readonly files: readonly SourceFile[];
}

/** What a folder holds. */
export interface Sources {
  /** It lies in an archive that this program wrote: its lines are believed to be ours. */
  readonly own: boolean;
  /** By folder, then by day. */
  readonly days: readonly SourceDay[];
  /** Links and the like, which are not read. */
  readonly ignored: readonly string[];
}

/** Folders below the source are looked at down to this depth. */
const MAX_DEPTH = 6;

/** Finds the files with beacons in a folder (or the one file) `from`, in every layout that there is. Throws `ARCHIVE_NOT_FOUND`. */
export const findSources = async (from: string): Promise<Sources> => {
  const start = resolve(from);
  const kind = await kindOf(start);
  const marked = await markedFolder(kind === 'file' ? dirname(start) : start);
  const found: Found = { start: marked ?? (kind === 'file' ? dirname(start) : start), days: [], ignored: [] };
  // A file that is named is read, whatever its name ends with.
  if (kind === 'file') await addFile(found, start, 'lines');
  else await walk(found, start, 0);
  return {
    own: marked !== null,
    days: found.days.toSorted(inOrder),
    ignored: found.ignored,
  };
};

interface Found {
  /** Names and folders are relative to this. */
  readonly start: string;
  readonly days: SourceDay[];
  readonly ignored: string[];
}

const kindOf = async (path: string): Promise<'file' | 'folder'> => {
  try {
    const found = await lstat(path);
    if (found.isDirectory()) return 'folder';
    if (found.isFile()) return 'file';
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  throw new AppError('ARCHIVE_NOT_FOUND', `reading an archive: found no folder or file at ${path}`, {
    hint: 'give an archive folder, one of its folders, or a file with --from',
  });
};

/** The archive folder of this program that `folder` is or lies in; null: it lies in none. */
const markedFolder = async (folder: string): Promise<string | null> => {
  let place = folder;
  for (let up = 0; up < 3; up += 1) {
    try {
      if ((await lstat(join(place, MARKER_FILE))).isFile()) return place;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
    place = dirname(place);
  }
  return null;
};

const walk = async (found: Found, folder: string, depth: number): Promise<void> => {
  const day = parseDay(basename(folder).replace(CLOSING_SUFFIX, ''));
  const hours: SourceFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) await walk(found, path, depth + 1);
      else found.ignored.push(path);
    } else if (!entry.isFile()) found.ignored.push(path);
    else if (day !== null && hourOf(entry.name) !== null)
      hours.push(await fileAt(path, 'lines', day + (hourOf(entry.name) ?? 0) * HOUR_MS));
    else await addFile(found, path);
  }
  if (day === null || hours.length === 0) return;
  const files = hours.toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0));
  found.days.push({ ...namesOf(found, folder), day, files });
};

/** The hour of `7.json.lines`, compressed or not. */
const hourOf = (name: string): number | null => parseHour(name.replace(/\.(?:gz|zst)$/, ''));

const addFile = async (
  found: Found,
  path: string,
  otherwise: SourceFile['shape'] | null = null,
): Promise<void> => {
  const shape = shapeOf(basename(path)) ?? otherwise;
  if (shape === null) return;
  const hour = hourOf(basename(path));
  const folderDay = parseDay(basename(dirname(path)).replace(CLOSING_SUFFIX, ''));
  const day = hour === null ? parseDay(basename(path).split('.', 1)[0] ?? '') : folderDay;
  const time = day === null ? null : day + (hour ?? 0) * HOUR_MS;
  found.days.push({ ...namesOf(found, path), day, files: [await fileAt(path, shape, time)] });
};

const shapeOf = (name: string): SourceFile['shape'] | null => {
  const plain = name.replace(/\.(?:gz|zst)$/, '');
  if (plain.endsWith('.json.lines') || plain.endsWith('.jsonl') || plain.endsWith('.ndjson')) return 'lines';
  return plain.endsWith('.json') && name !== 'rounds.json' && name !== 'closing.json' ? 'document' : null;
};

const fileAt = async (
  path: string,
  shape: SourceFile['shape'],
  time: number | null,
): Promise<SourceFile> => ({ path, bytes: (await lstat(path)).size, shape, time });

const namesOf = ({ start }: Found, path: string): { readonly name: string; readonly folder: string } => {
  const name = relative(start, path).split(sep).join('/') || basename(path);
  const parts = name.split('/');
  // `host/2023-9-5/…`; a day without a host is directly in the source.
  return { name, folder: parts.length > 1 && parseDay(parts[0] ?? '') === null ? (parts[0] ?? '') : '' };
};

const inOrder = (a: SourceDay, b: SourceDay): number =>
  compare(a.folder, b.folder) || (a.day ?? 0) - (b.day ?? 0) || compare(a.name, b.name);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
