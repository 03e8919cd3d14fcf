import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { QuarantineAnswer, QuarantineLine } from '#modules';
import { addressOf } from './scan-unclaimed.ts';

/** Of a file, so much of its end is read: the newest beacons are there. */
const TAIL_BYTES = 1_048_576;
const MOST_FILES = 500;

/** The files of a quarantine, newest day first, and the last `limit` beacons in them. `tenant` null: of all. */
export const listQuarantine = async (
  folder: string,
  tenant: string | null,
  limit: number,
): Promise<QuarantineAnswer> => {
  const files = (await filesIn(folder))
    .filter((file) => tenant === null || file.tenant === tenant)
    .toSorted((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : a.tenant < b.tenant ? -1 : 1))
    .slice(0, MOST_FILES);
  const beacons: QuarantineLine[] = [];
  for (const file of files) {
    if (beacons.length >= limit) break;
    const lines = (await tailOf(join(folder, file.tenant, `${file.day}.json.lines`))).toReversed();
    for (const line of lines) {
      if (beacons.length >= limit) break;
      const beacon = beaconOf(line, file);
      if (beacon !== null) beacons.push(beacon);
    }
  }
  return { files, beacons };
};

type QuarantineFile = QuarantineAnswer['files'][number];

const filesIn = async (folder: string): Promise<readonly QuarantineFile[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files: QuarantineFile[] = [];
  for (const entry of entries) {
    const day = /^(\d{4}-\d{2}-\d{2})\.json\.lines$/.exec(entry.name)?.[1];
    const tenant = entry.parentPath.slice(folder.length + 1);
    if (!entry.isFile() || day === undefined || !/^[a-z][a-z0-9_]{0,30}$/.test(tenant)) continue;
    const { size } = await lstat(join(entry.parentPath, entry.name));
    files.push({ tenant, day, bytes: size });
  }
  return files;
};

const tailOf = async (path: string): Promise<readonly string[]> => {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, TAIL_BYTES)), 0, null, start);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    // The first one was cut, unless it is the file's first.
    return (start > 0 ? lines.slice(1) : lines).filter((line) => line !== '');
  } finally {
    await file.close();
  }
};

const beaconOf = (line: string, { tenant, day }: QuarantineFile): QuarantineLine | null => {
  try {
    const value = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const text = (name: string): string => (typeof value[name] === 'string' ? value[name] : '');
    const receivedAt = value['receivedAt'];
    const body = Buffer.from(text('body_base64'), 'base64');
    return {
      tenant,
      day,
      code: text('code').slice(0, 100),
      reason: text('reason').slice(0, 500),
      receivedAt: typeof receivedAt === 'number' ? new Date(receivedAt).toISOString() : null,
      address: addressOf({ body, query: text('query') })?.text ?? '',
      segment: text('segment'),
      offset: typeof value['offset'] === 'number' ? value['offset'] : 0,
    };
  } catch {
    return null;
  }
};
