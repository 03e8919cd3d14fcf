import { lstat, readdir, readFile, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, errorCode, replaceFile, syncFolder } from '#core';
import { type Compression, EXTENSIONS } from './compression.ts';
import { digestOf, hashOf, writeDay } from './day-file.ts';
import { CLOSING_SUFFIX, LINES_SUFFIX, parseHour } from './layout.ts';

/** What closing a day came to. */
export interface ClosedDay {
  /** Name of the daily archive. */
  readonly file: string;
  /** Lines in all, and those that the day's hours added. */
  readonly lines: number;
  readonly added: number;
  /** Size of the daily archive. */
  readonly bytes: number;
}

/** Moments of closing a day, in order, for failpoints: a kill at any of them loses nothing and doubles nothing. */
export type CloseStep =
  | 'begun'
  | 'written'
  | 'verified'
  | 'manifest_saved'
  | 'renamed'
  | 'meta_saved'
  | 'hour_removed'
  | 'done';

/** What is to be done once the daily archive is in its place; written beside the hours before the rename. */
const manifestSchema = z.strictObject({
  file: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
  lines: z.int().nonnegative(),
  added: z.int().nonnegative(),
  meta: z.string(),
  replaces: z.array(z.string()),
});
type Manifest = z.infer<typeof manifestSchema>;

const MANIFEST = 'closing.json';
const TEMPORARY = '.tmp';

/**
 * Puts the hours that were set aside (`<day>.closing/<hour>.json.lines`) behind what the daily archive `<day>.json.lines[.gz|.zst]` holds
 * already: written aside, synced, read back and compared, renamed; the hours go last. Null: there were no lines. May be
 * killed at any point and called again. Memory does not grow with the day.
 */
export const closeDay = async (
  folder: string,
  day: string,
  options: { readonly compression: Compression; readonly level: number },
  signal: AbortSignal,
  onStep: (step: CloseStep) => void | Promise<void> = () => undefined,
): Promise<ClosedDay | null> => {
  const aside = join(folder, `${day}${CLOSING_SUFFIX}`);
  await onStep('begun');
  let manifest = await readManifest(aside);
  if (manifest === null || !(await isInPlace(folder, manifest))) {
    const hours = await hoursOf(aside);
    if (hours.length === 0) {
      await rmdir(aside);
      await syncFolder(folder);
      return null;
    }
    manifest = await build(folder, day, aside, hours, options, signal, onStep);
  }
  await finish(folder, day, aside, manifest, onStep);
  const { file, lines, added, bytes } = manifest;
  return { file, lines, added, bytes };
};

const build = async (
  folder: string,
  day: string,
  aside: string,
  hours: readonly number[],
  options: { readonly compression: Compression; readonly level: number },
  signal: AbortSignal,
  onStep: (step: CloseStep) => void | Promise<void>,
): Promise<Manifest> => {
  const { compression } = options;
  const file = `${day}${LINES_SUFFIX}${EXTENSIONS[compression]}`;
  const temporary = join(folder, `${file}${TEMPORARY}`);
  const earlier = await earlierOf(folder, day);
  try {
    const written = await writeDay(
      temporary,
      {
        earlier: earlier.map((name) => join(folder, name)),
        hours: hours.map((hour) => ({ hour, path: join(aside, `${hour}${LINES_SUFFIX}`) })),
      },
      options,
      signal,
    );
    await onStep('written');
    const found = await digestOf(temporary, compression);
    if (found.lines !== written.lines || found.plain !== written.plain)
      throw new AppError(
        'ARCHIVE_VERIFY_FAILED',
        `reading ${temporary} back: found ${found.lines} lines, expected ${written.lines} and the same content`,
        { hint: 'the hourly files stay where they are; look at the disk' },
      );
    await onStep('verified');
    const { parts } = written;
    const manifest: Manifest = {
      file,
      bytes: found.bytes,
      sha256: found.packed,
      lines: written.lines,
      added: written.lines - written.before,
      meta: `${await metaBefore(folder, day)}${parts.map((part) => `${part.join(',')}\n`).join('')}`,
      replaces: earlier.filter((name) => name !== file),
    };
    await replaceFile(join(aside, MANIFEST), JSON.stringify(manifest));
    await onStep('manifest_saved');
    await rename(temporary, join(folder, file));
    await syncFolder(folder);
    await onStep('renamed');
    return manifest;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
};

/** From here on the daily archive has everything, and what remains can be done again and again. */
const finish = async (
  folder: string,
  day: string,
  aside: string,
  manifest: Manifest,
  onStep: (step: CloseStep) => void | Promise<void>,
): Promise<void> => {
  await replaceFile(join(folder, metaFile(day)), manifest.meta);
  await onStep('meta_saved');
  for (const name of manifest.replaces) await rm(join(folder, name), { force: true });
  for (const name of await readdir(aside))
    if (parseHour(name) !== null) {
      await unlink(join(aside, name));
      await onStep('hour_removed');
    }
  // The manifest is the last to go: without it the hours that are left would be added once more.
  await syncFolder(aside);
  await rm(join(aside, MANIFEST), { force: true });
  await rmdir(aside);
  await syncFolder(folder);
  await onStep('done');
};

const isInPlace = async (folder: string, manifest: Manifest): Promise<boolean> => {
  try {
    const found = await lstat(join(folder, manifest.file));
    return found.size === manifest.bytes && (await hashOf(join(folder, manifest.file))) === manifest.sha256;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
};

const readManifest = async (aside: string): Promise<Manifest | null> => {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(aside, MANIFEST), 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError)
      return null;
    throw error;
  }
};

/** Hours that have a file with something in it. */
const hoursOf = async (aside: string): Promise<number[]> => {
  const hours: number[] = [];
  for (const name of await readdir(aside)) {
    const hour = parseHour(name);
    if (hour === null) continue;
    if ((await lstat(join(aside, name))).size > 0) hours.push(hour);
    else await unlink(join(aside, name));
  }
  return hours.toSorted((a, b) => a - b);
};

/** Daily archives that there are of this day, of whatever compression; more than one only when the setting was changed. */
const earlierOf = async (folder: string, day: string): Promise<string[]> => {
  const names = new Set(await readdir(folder));
  return Object.values(EXTENSIONS)
    .map((extension) => `${day}${LINES_SUFFIX}${extension}`)
    .filter((name) => names.has(name));
};

const metaFile = (day: string): string => `${day}-parts-meta.txt`;

const metaBefore = async (folder: string, day: string): Promise<string> => {
  try {
    const text = await readFile(join(folder, metaFile(day)), 'utf8');
    return text === '' || text.endsWith('\n') ? text : `${text}\n`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
};

/** Removes what an interrupted pass left half-written. */
export const sweepTemporary = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder))
    if (isTemporary(name)) await rm(join(folder, name), { force: true });
};

const isTemporary = (name: string): boolean =>
  /^\d{4}-\d{1,2}-\d{1,2}\.json\.lines(?:\.gz|\.zst)?\.tmp$/.test(name);
