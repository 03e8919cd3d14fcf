import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AppError, type Clock, errorText, type Log } from '#core';
import type { JournalFiles } from './files.ts';
import { createDiskRoom, type DiskRoom } from './disk-room.ts';
import { ownOwner, TOUCH_EVERY_MS } from './owner.ts';
import { segmentOfFile } from './segment-name.ts';
import { writerFile } from './writer-file.ts';
import type { Reserve } from './writer-contract.ts';
import { abandonSegment, createSegment, type WriterSegment } from './writer-segment.ts';

/** What segments are made with. */
export interface SegmentSourceOptions {
  readonly folder: string;
  readonly files: JournalFiles;
  readonly clock: Clock;
  readonly log: Log;
  /** A segment that has so many bytes is followed by another one. */
  readonly segmentBytes: number;
  /** No segment is given out while all of them together are larger; 0: no bound. */
  readonly maxBytes: number;
  /** No segment is given out while less than this is free on the disk. */
  readonly reserveBytes?: Reserve;
  /** Called with a segment that was followed by another one. */
  readonly onFollowed: (segment: WriterSegment) => void;
}

/** Decides into which segment the next group goes. */
export interface SegmentSource {
  /** The current segment, or a new one when that is large, old, gone or given up; null: there is none now. */
  next(): WriterSegment | null;
  current(): WriterSegment | null;
  /** After a failure: the segment is never given out again; a new one is tried after a pause, by itself. */
  giveUp(segment: WriterSegment, cause: unknown): void;
  /** Why `next` would give none; null: it would give one. */
  trouble(): string | null;
  figures(): { readonly segments: number; readonly failures: number; readonly freeBytes: number | null };
  /** Forgets the current segment and says that this writer works no more. */
  stop(): void;
}

const MAX_AGE_MS = 3_600_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const LOOK_EVERY_MS = 1_000;

/** Creates the source and tries to open the first segment. A disk that refuses is trouble, never an error. */
export const createSegmentSource = (options: SegmentSourceOptions): SegmentSource => {
  const { folder, files, clock, log, segmentBytes, maxBytes } = options;
  const writer = randomBytes(16).toString('hex');
  const announcement = join(folder, writerFile(writer));
  const stopping = new AbortController();
  let current: WriterSegment | null = null;
  let newestId = '';
  let announced = false;
  let problem: string | null = null;
  let pauseMs = 0;
  let openAgainAt = -Infinity;
  const room: DiskRoom = createDiskRoom(files, folder, options.reserveBytes ?? 0);
  let lookAgainAt = -Infinity;
  let otherBytes = 0;
  let plannedAtLook = 0;
  let segments = 0;
  let failures = 0;

  const next = (): WriterSegment | null => {
    const now = clock.monotonic();
    if (now >= lookAgainAt) look(now);
    if (fullness() !== null) return null;
    if (current !== null && current.planned < segmentBytes && now - current.openedAt < MAX_AGE_MS)
      return current;
    return now < openAgainAt ? stillGood() : open(now);
  };

  /** Why the journal may not grow; null: it may. */
  const fullness = (): string | null => {
    if (maxBytes > 0 && otherBytes + (current?.planned ?? 0) > maxBytes)
      return `the journal is larger than ${maxBytes} bytes (journal.max_bytes)`;
    return room.trouble(current === null ? 0 : current.planned - plannedAtLook);
  };

  /** When no new one can be had, a little too large is better than refused. */
  const stillGood = (): WriterSegment | null =>
    current !== null && current.planned < segmentBytes * 2 ? current : null;

  const open = (now: number): WriterSegment | null => {
    try {
      if (!announced) {
        files.makeFolder(folder);
        files.put(announcement, JSON.stringify(ownOwner()));
        announced = true;
      }
      const shortage = room.troubleWithFiles();
      if (shortage !== null) throw new AppError('JOURNAL_NO_FILES', shortage);
      const previous = current;
      current = createSegment(files, { folder, writer, now: clock.now(), monotonic: now, after: newestId });
      if (previous !== null) options.onFollowed(previous);
    } catch (error) {
      failures += 1;
      pause(error);
      log.error('segment_refused', { err: errorText(error) });
      return stillGood();
    }
    newestId = current.id;
    segments += 1;
    if (problem !== null) log.info('journal_recovered', { segment: current.id });
    problem = null;
    pauseMs = 0;
    lookAgainAt = -Infinity;
    return current;
  };

  const pause = (cause: unknown): void => {
    problem = withoutPaths(errorText(cause));
    pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
    openAgainAt = clock.monotonic() + pauseMs;
    void recoverLater(pauseMs);
  };

  /** Tries again by itself: while health says no, nobody sends beacons that would try. */
  const recoverLater = async (ms: number): Promise<void> => {
    await clock.sleep(ms, stopping.signal);
    const now = clock.monotonic();
    if (!stopping.signal.aborted && current === null && now >= openAgainAt) open(now);
  };

  const giveUp = (segment: WriterSegment, cause: unknown): void => {
    failures += 1;
    abandonSegment(files, folder, segment);
    if (segment === current) current = null;
    pause(cause);
    log.error('segment_abandoned', {
      segment: segment.id,
      good_bytes: segment.length,
      err: errorText(cause),
    });
  };

  /** Once a second: is the segment still there, and how large is the journal? */
  const look = (now: number): void => {
    lookAgainAt = now + LOOK_EVERY_MS;
    try {
      if (current !== null && files.size(current.path) === -1) {
        log.error('segment_vanished', { segment: current.id });
        abandonSegment(files, folder, current);
        current = null;
      }
      // What is planned and not written yet is still free on the disk.
      plannedAtLook = current?.length ?? 0;
      room.look();
      if (maxBytes === 0) return;
      const others = files.list(folder).filter((name) => {
        const id = segmentOfFile(name);
        return id !== null && id !== current?.id;
      });
      otherBytes = others.reduce((sum, name) => sum + Math.max(0, files.size(join(folder, name))), 0);
    } catch (error) {
      log.warn('journal_not_measured', { err: errorText(error) });
    }
  };

  const trouble = (): string | null => {
    const now = clock.monotonic();
    if (now >= lookAgainAt) look(now);
    return fullness() ?? problem;
  };

  const touching = setInterval(() => {
    try {
      if (announced) files.put(announcement, JSON.stringify(ownOwner()));
    } catch (error) {
      log.warn('writer_file_not_touched', { err: errorText(error) });
    }
  }, TOUCH_EVERY_MS).unref();

  const stop = (): void => {
    stopping.abort();
    clearInterval(touching);
    current = null;
    try {
      if (announced) files.remove(announcement);
      announced = false;
    } catch (error) {
      log.warn('writer_file_kept', { err: errorText(error) });
    }
  };

  open(clock.monotonic());
  return {
    next,
    current: () => current,
    giveUp,
    trouble,
    figures: () => ({ segments, failures, freeBytes: room.free() }),
    stop,
  };
};

/** Everybody may read the trouble at /health: Node's errors name the call and the path behind the first comma. */
const withoutPaths = (text: string): string => text.split(',', 1)[0] ?? '';
