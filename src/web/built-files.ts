import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the build, in all forms in which it can be sent. */
export interface BuiltFile {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  /** As the build compressed it; null: too small to be worth it. */
  readonly br: Buffer | null;
  readonly gzip: Buffer | null;
}

/** The files of one build by path, `/index.html`. */
export type BuiltFiles = ReadonlyMap<string, BuiltFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** When the folder was built (epoch ms); null: it is not. */
export const buildTime = (folder: string): number | null =>
  statSync(join(folder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? null;

/** Reads a build into memory, about a megabyte. */
export const readBuild = (folder: string): BuiltFiles => {
  const names = globSync('**/*', { cwd: folder, withFileTypes: false });
  const known = new Set(names);
  const compressed = (name: string): Buffer | null =>
    known.has(name) ? readFileSync(join(folder, name)) : null;
  const files = new Map<string, BuiltFile>();
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const plain = readFileSync(join(folder, name));
    files.set(`/${name.replaceAll('\\', '/')}`, {
      type,
      etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
      plain,
      br: compressed(`${name}.br`),
      gzip: compressed(`${name}.gz`),
    });
  }
  return files;
};
