import { createReadStream } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { syncFolder } from '#core';
import type { JournalRecord, Position } from '#journal';
import type { TenantId } from '#tenants';
import { positionKey } from './cursor.ts';

/** A beacon that the warehouse refuses, with everything that is needed to understand and repair it. */
export interface QuarantinedBeacon extends Position {
  readonly tenant: TenantId;
  /** ClickHouse's error number, or our code. */
  readonly code: string;
  readonly reason: string;
  readonly record: JournalRecord;
}

/** The folder of refused beacons: `<prefix>/<day of quarantine, UTC>.json.lines`, each position at most once. */
export interface Quarantine {
  /** Is the beacon at this position in quarantine? */
  has(position: Position): boolean;
  /** Writes and syncs those that are not there yet. */
  add(beacons: readonly QuarantinedBeacon[], now: number): Promise<void>;
}

/**
 * Opens the quarantine. Positions of segments in `segments` (those that may be read again) are remembered from the files, so that
 * a beacon that is met again after a crash is neither inserted nor written again.
 */
export const openQuarantine = async (folder: string, segments: ReadonlySet<string>): Promise<Quarantine> => {
  await mkdir(folder, { recursive: true });
  const known = new Set<string>();
  for (const path of await quarantineFiles(folder)) await readPositions(path, segments, known);

  return {
    has: (position) => known.has(positionKey(position)),
    add: async (beacons, now) => {
      const fresh = beacons.filter((beacon) => !known.has(positionKey(beacon)));
      const day = new Date(now).toISOString().slice(0, 10);
      for (const [tenant, group] of Map.groupBy(fresh, (beacon) => beacon.tenant)) {
        await appendLines(join(folder, tenant), `${day}.json.lines`, group.map(lineOf).join(''));
        for (const beacon of group) known.add(positionKey(beacon));
      }
    },
  };
};

const quarantineFiles = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json.lines'))
    .map((entry) => join(entry.parentPath, entry.name));
};

/** A line that a crash cut off is not counted: its beacon is met again. */
const readPositions = async (
  path: string,
  segments: ReadonlySet<string>,
  known: Set<string>,
): Promise<void> => {
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const position = positionOf(line);
    if (position !== null && segments.has(position.segment)) known.add(positionKey(position));
  }
};

const positionOf = (line: string): Position | null => {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('segment' in value) || !('offset' in value))
      return null;
    const { segment, offset } = value;
    return typeof segment === 'string' && typeof offset === 'number' ? { segment, offset } : null;
  } catch {
    return null;
  }
};

const lineOf = ({ segment, offset, tenant, code, reason, record }: QuarantinedBeacon): string => {
  const { body, ...rest } = record;
  const line = { segment, offset, tenant, code, reason: reason.slice(0, 2_000), ...rest };
  return `${JSON.stringify({ ...line, body_base64: Buffer.from(body).toString('base64') })}\n`;
};

const appendLines = async (folder: string, name: string, lines: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const file = await open(join(folder, name), 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    // After a torn line the next one begins on a line of its own.
    await file.writeFile(size > 0 && last[0] !== 10 ? `\n${lines}` : lines);
    await file.datasync();
  } finally {
    await file.close();
  }
  await syncFolder(folder);
};
