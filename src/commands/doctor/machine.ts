import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#config';
import { connectionsFor, errorText, openFilesLimit } from '#core';
import { LOW_RESERVES, type Reserve, reservedBytes } from '#journal';
import type { Finding } from './finding.ts';

const OLDEST_NODE = 24;
const SLOW_SYNC_MS = 10;

/** Is this Node recent enough? */
export const examineNode = (): Finding => {
  const found = `Node ${process.versions.node}`;
  const isOld = Number.parseInt(process.versions.node, 10) < OLDEST_NODE;
  return isOld
    ? { state: 'bad', what: 'runtime', found, hint: `Node ${OLDEST_NODE} or later is needed` }
    : { state: 'good', what: 'runtime', found };
};

/** Can the data folder be made and written, by its owner only? */
export const examineFolder = async (folder: string): Promise<Finding> => {
  const what = 'data folder';
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
    const { mode } = await stat(folder);
    const isOpen = (mode & 0o077) !== 0;
    return isOpen
      ? { state: 'note', what, found: `${folder} can be entered by others`, hint: `chmod 700 ${folder}` }
      : { state: 'good', what, found: folder };
  } catch (error) {
    return {
      state: 'bad',
      what,
      found: errorText(error),
      hint: 'choose another one with RUMBRELLA_DATA_DIR',
    };
  }
};

/**
 * Room for beacons, as the journal (`reserve`: journal.reserve_bytes) and the loader judge it, and how long a small durable write takes: each answer of
 * the collector waits for one.
 */
export const examineDisk = async (folder: string, reserve: Reserve): Promise<Finding> => {
  const what = 'disk';
  const path = join(folder, `.doctor-${randomBytes(4).toString('hex')}`);
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    const file = await open(path, 'wx', 0o600);
    const begun = performance.now();
    for (let write = 0; write < 10; write += 1) {
      await file.write(Buffer.alloc(4_096));
      await file.datasync();
    }
    const syncMs = (performance.now() - begun) / 10;
    await file.close();
    const free = bavail * bsize;
    const found = `${gibibytes(free)} GiB free, a durable write takes ${syncMs.toFixed(1)} ms`;
    const room = judgeRoom(free, blocks * bsize, reserve);
    if (room !== null) return { ...room, what, found };
    if (syncMs > SLOW_SYNC_MS)
      return {
        state: 'note',
        what,
        found,
        hint: 'slow: answers wait for it; journal.sync: interval trades safety for speed',
      };
    return { state: 'good', what, found };
  } catch (error) {
    return { state: 'bad', what, found: errorText(error) };
  } finally {
    await rm(path, { force: true });
  }
};

/**
 * What is wrong with `free` of `total` bytes; null: nothing. Below the reserve beacons are refused, below twice the reserve nothing is kept that is
 * loaded. Without a reserve (0), only a full disk is bad, and the loader works as with the usual one. Pure.
 */
export const judgeRoom = (
  free: number,
  total: number,
  reserve: Reserve,
): Pick<Finding, 'state' | 'hint'> | null => {
  const kept = reservedBytes(reserve, total);
  if (free <= 0 || free < kept)
    return {
      state: 'bad',
      hint: `beacons are refused below ${gibibytes(kept)} GiB (journal.reserve_bytes): make room`,
    };
  const low = LOW_RESERVES * reservedBytes(reserve === 0 ? 'auto' : reserve, total);
  return free < low
    ? { state: 'note', hint: `below ${gibibytes(low)} GiB loaded beacons are not kept in the journal` }
    : null;
};

const gibibytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);

/** Connections are open files: above the system's limit the server would have none left for the journal. */
export const examineOpenFiles = ({ collector }: Config): Finding => {
  const what = 'open files';
  const limit = openFilesLimit();
  const connections = connectionsFor(collector.maxConnections, limit);
  const found = `${limit ?? 'any number'} at most: ${connections} connections`;
  if (connections === collector.maxConnections) return { state: 'good', what, found };
  return {
    state: 'note',
    what,
    found,
    hint: `collector.max_connections is ${collector.maxConnections}: allow ${collector.maxConnections + 512} open files (ulimit -n, LimitNOFILE)`,
  };
};

/** Is the port free? */
export const examinePort = async ({ port, tls }: Config): Promise<Finding> => {
  const what = 'port';
  if (port === 0) return { state: 'good', what, found: 'any free one' };
  try {
    const scheme = tls.mode === 'off' ? 'http' : 'https';
    const answer = await fetch(`${scheme}://localhost:${port}/health`, {
      signal: AbortSignal.timeout(2_000),
    });
    const isOurs = (await answer.text()) === 'ok';
    return isOurs
      ? { state: 'note', what, found: `a collector is running on ${port}` }
      : {
          state: 'bad',
          what,
          found: `something else answers on ${port}`,
          hint: 'choose another one with RUMBRELLA_PORT',
        };
  } catch {
    return { state: 'good', what, found: `${port} is free` };
  }
};
