import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AppError, type Clock, errorText, type Log, type Metrics } from '#core';
import { type JournalFiles, systemFiles } from './files.ts';
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, MAX_SEGMENT_BYTES, writeFrameHeader } from './format.ts';
import { ownOwner, TOUCH_EVERY_MS } from './owner.ts';
import type { JournalRecord, Position } from './record.ts';
import { encodeRecord, recordBound } from './record-codec.ts';
import { segmentOfFile } from './segment-name.ts';
import { writerFile } from './writer-file.ts';
import { observeWriter } from './writer-metrics.ts';
import { abandonSegment, createSegment, type WriterSegment, writeAll } from './writer-segment.ts';

/** When `fdatasync` runs: before each group of answers, every so often, or when the system likes. */
export type SyncPolicy = 'always' | 'interval' | 'never';

/** How a writer is opened. */
export interface JournalWriterOptions {
  readonly folder: string;
  readonly sync: SyncPolicy;
  /** For `interval`. */
  readonly syncIntervalMs: number;
  /** A segment that has so many bytes is followed by another one; at most 2 GiB. */
  readonly segmentBytes: number;
  /** Appends are refused while all segments together are larger; 0: no bound. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** The disk; tests bring one that fails. */
  readonly files?: JournalFiles;
}

/** Called once for each append: with the position when the record is in the journal as the policy promises, or with the reason. */
export type Appended = (error: Error | null, position: Position | null) => void;

/** Figures of a writer since it was opened. */
export interface JournalWriterStats {
  readonly records: number;
  readonly bytes: number;
  readonly groups: number;
  /** Appends that were refused, for whatever reason. */
  readonly refused: number;
  /** Failed writes, syncs and openings of segments. */
  readonly failures: number;
  readonly segments: number;
  /** Bytes that wait for their group. */
  readonly pendingBytes: number;
  /** Smoothed time of one fdatasync, ms. */
  readonly syncMs: number;
  /** `inline`: the sync runs on the event loop; `pool`: on a slow disk, beside it. */
  readonly mode: 'inline' | 'pool';
  /** Why nothing can be appended now; null: it can. */
  readonly trouble: string | null;
}

/** Appends records to segments of its own. */
export interface JournalWriter {
  /** Never throws and never calls `done` before it returns. The record's body is copied at once. */
  append(record: JournalRecord, done: Appended): void;
  stats(): JournalWriterStats;
  /** Writes what waits, answers it, closes the segment. May be called twice; appends after it are refused. */
  stop(): Promise<void>;
}

const FIRST_BUFFER_BYTES = 1024 * 1024;
/** A group in the inline mode is committed at once when it is larger. */
const GROUP_BYTES = 4 * 1024 * 1024;
/** What waits while a slow sync is running is bounded by this. */
const MAX_PENDING_BYTES = 32 * 1024 * 1024;
const MAX_AGE_MS = 3_600_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const LOOK_EVERY_MS = 1_000;
/** Slower syncs than this run beside the event loop, until they are faster than half of it. */
const SLOW_SYNC_MS = 8;

interface Group {
  bytes: Buffer;
  view: DataView;
  used: number;
  segment: WriterSegment | null;
  done: Appended[];
  offsets: number[];
}

/**
 * Opens a writer. All appends of one turn of the event loop are one group: one write, one sync, then their answers. A disk that
 * refuses does not keep the writer from opening: appends are refused (`JOURNAL_UNAVAILABLE`, status 503) until a segment can
 * be created, which is tried again by itself.
 */
export const openJournalWriter = (options: JournalWriterOptions): JournalWriter => {
  const { folder, sync, clock } = options;
  const files = options.files ?? systemFiles;
  const log = options.log.child('journal');
  const writer = randomBytes(16).toString('hex');
  const segmentBytes = Math.min(options.segmentBytes, MAX_SEGMENT_BYTES - 2 * MAX_PENDING_BYTES);
  const figures = { records: 0, bytes: 0, groups: 0, refused: 0, failures: 0, segments: 0, syncMs: 0 };

  let filling = newGroup();
  let resting = newGroup();
  let current: WriterSegment | null = null;
  let newestId = '';
  let announced = false;
  let scheduled = false;
  let flight: Promise<void> | null = null;
  let mode: 'inline' | 'pool' = 'inline';
  let trouble: string | null = null;
  let pauseMs = 0;
  let openAgainAt = -Infinity;
  let lookAgainAt = -Infinity;
  let otherBytes = 0;
  let unsynced = false;
  let stopped = false;
  const stopping = new AbortController();

  const append = (record: JournalRecord, done: Appended): void => {
    if (stopped)
      return refuse(done, new AppError('JOURNAL_STOPPED', 'the journal is closed', { status: 503 }));
    const room = FRAME_HEADER_BYTES + recordBound(record);
    if (room > MAX_PAYLOAD_BYTES) return refuse(done, tooLarge(room));
    if (filling.used + room > GROUP_BYTES && filling.used > 0 && flight === null && mode === 'inline')
      commit();
    if (filling.used + room > filling.bytes.length && !grow(filling, room))
      return refuse(done, busy(filling.used));
    const at = filling.used;
    if (at === 0) filling.segment = segmentForGroup();
    const segment = filling.segment;
    if (segment === null) return refuse(done, unavailable(troubleNow()));
    const offset = segment.planned;
    let end: number;
    try {
      end = encodeRecord(filling.bytes, filling.view, at + FRAME_HEADER_BYTES, record);
    } catch (error) {
      return refuse(done, error instanceof Error ? error : new Error(String(error)));
    }
    writeFrameHeader(filling.bytes, filling.view, at, end - at - FRAME_HEADER_BYTES, offset, segment.seed);
    filling.used = end;
    filling.done.push(done);
    filling.offsets.push(offset);
    segment.planned += end - at;
    schedule();
  };

  const schedule = (): void => {
    if (scheduled || flight !== null) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (flight === null) commit();
    });
  };

  /** Writes and syncs the group that is filling, and takes the resting one for what comes meanwhile. */
  const commit = (): void => {
    const group = filling;
    const segment = group.segment;
    if (group.used === 0 || segment === null) return;
    filling = resting;
    resting = group;
    try {
      if (!segment.usable) throw new Error('the segment was given up');
      writeAll(files, segment.file, group.bytes, group.used, segment.length);
      if (sync === 'always') {
        if (mode === 'pool') {
          flight = syncBeside(group, segment);
          return;
        }
        const began = clock.monotonic();
        files.datasync(segment.file);
        measure(clock.monotonic() - began);
      } else unsynced = true;
    } catch (error) {
      return fail(group, segment, error);
    }
    succeed(group, segment);
  };

  const syncBeside = async (group: Group, segment: WriterSegment): Promise<void> => {
    const began = clock.monotonic();
    try {
      await files.datasyncLater(segment.file);
      measure(clock.monotonic() - began);
      flight = null;
      succeed(group, segment);
    } catch (error) {
      flight = null;
      fail(group, segment, error);
    }
    if (filling.used > 0) commit();
  };

  const measure = (ms: number): void => {
    figures.syncMs = figures.syncMs === 0 ? ms : figures.syncMs * 0.9 + ms * 0.1;
    mode = figures.syncMs > SLOW_SYNC_MS ? 'pool' : figures.syncMs < SLOW_SYNC_MS / 2 ? 'inline' : mode;
  };

  const succeed = (group: Group, segment: WriterSegment): void => {
    segment.length += group.used;
    figures.records += group.done.length;
    figures.bytes += group.used;
    figures.groups += 1;
    const { done, offsets } = group;
    clear(group);
    if (segment !== current && !isAwaited(segment)) close(segment);
    for (let index = 0; index < done.length; index++) {
      const offset = offsets[index] ?? 0;
      done[index]?.(null, { segment: segment.id, offset });
    }
  };

  /** Nothing of the group is acknowledged, nor of the next one, whose places follow those of this one. */
  const fail = (group: Group, segment: WriterSegment, cause: unknown): void => {
    figures.failures += 1;
    abandonSegment(files, folder, segment);
    if (segment === current) current = null;
    unsynced = false;
    pause(cause);
    log.error('segment_abandoned', {
      segment: segment.id,
      good_bytes: segment.length,
      refused: group.done.length,
      err: errorText(cause),
    });
    const refused = [...group.done, ...(filling.segment === segment ? filling.done : [])];
    if (filling.segment === segment) clear(filling);
    clear(group);
    for (const done of refused) refuse(done, unavailable(troubleNow(), cause));
  };

  const pause = (cause: unknown): void => {
    trouble = errorText(cause);
    pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
    openAgainAt = clock.monotonic() + pauseMs;
    void recoverLater(pauseMs);
  };

  /** Tries again by itself: while health says no, nobody sends beacons that would try. */
  const recoverLater = async (ms: number): Promise<void> => {
    await clock.sleep(ms, stopping.signal);
    if (!stopped && current === null && clock.monotonic() >= openAgainAt) openSegment(clock.monotonic());
  };

  const refuse = (done: Appended, error: Error): void => {
    figures.refused += 1;
    setImmediate(done, error, null);
  };

  /** The segment for a group that begins: the current one, or a new one when that is large, old, gone or given up. */
  const segmentForGroup = (): WriterSegment | null => {
    const now = clock.monotonic();
    if (now >= lookAgainAt) look(now);
    if (isFull()) return null;
    if (current !== null && current.planned < segmentBytes && now - current.openedAt < MAX_AGE_MS)
      return current;
    if (now < openAgainAt) return null;
    return openSegment(now);
  };

  const openSegment = (now: number): WriterSegment | null => {
    try {
      if (!announced) {
        files.makeFolder(folder);
        files.put(join(folder, writerFile(writer)), JSON.stringify(ownOwner()));
        announced = true;
      }
      const previous = current;
      current = createSegment(files, {
        folder,
        writer,
        now: clock.now(),
        monotonic: now,
        after: newestId,
      });
      if (previous !== null && !isAwaited(previous)) close(previous);
    } catch (error) {
      figures.failures += 1;
      pause(error);
      log.error('segment_refused', { err: errorText(error) });
      // The old one is still good: a little too large is better than refused.
      return current !== null && current.planned < segmentBytes * 2 ? current : null;
    }
    newestId = current.id;
    figures.segments += 1;
    if (trouble !== null) log.info('journal_recovered', { segment: current.id });
    trouble = null;
    pauseMs = 0;
    lookAgainAt = -Infinity;
    return current;
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
      if (options.maxBytes === 0) return;
      const others = files.list(folder).filter((name) => {
        const id = segmentOfFile(name);
        return id !== null && id !== current?.id;
      });
      otherBytes = others.reduce((sum, name) => sum + Math.max(0, files.size(join(folder, name))), 0);
    } catch (error) {
      log.warn('journal_not_measured', { err: errorText(error) });
    }
  };

  const isFull = (): boolean =>
    options.maxBytes > 0 && otherBytes + (current?.planned ?? 0) > options.maxBytes;

  /** Why nothing can be appended now; null: it can. */
  const troubleNow = (): string | null => {
    const now = clock.monotonic();
    if (now >= lookAgainAt) look(now);
    return isFull() ? `the journal is larger than ${options.maxBytes} bytes` : trouble;
  };

  const isAwaited = (segment: WriterSegment): boolean =>
    (filling.used > 0 && filling.segment === segment) || (resting.used > 0 && resting.segment === segment);

  const close = (segment: WriterSegment): void => {
    if (segment.file === -1) return;
    try {
      if (sync === 'interval') files.datasync(segment.file);
      files.close(segment.file);
    } catch (error) {
      log.error('segment_close_failed', { segment: segment.id, err: errorText(error) });
    }
    segment.file = -1;
    log.info('segment_sealed', { segment: segment.id, bytes: segment.length });
  };

  const syncNow = async (): Promise<void> => {
    const segment = current;
    if (!unsynced || segment === null || segment.file === -1) return;
    unsynced = false;
    try {
      await files.datasyncLater(segment.file);
    } catch (error) {
      // What was answered since the last sync may be lost in a power failure: that is the policy, but say it.
      figures.failures += 1;
      log.error('segment_sync_failed', { segment: segment.id, err: errorText(error) });
      if (segment === current) current = null;
      abandonSegment(files, folder, segment);
    }
  };

  const stop = async (): Promise<void> => {
    stopped = true;
    stopping.abort();
    clearInterval(touching);
    clearInterval(syncing);
    commitRest();
    while (flight !== null) await flight;
    commitRest();
    if (current !== null) close(current);
    current = null;
    try {
      if (announced) files.remove(join(folder, writerFile(writer)));
      announced = false;
    } catch (error) {
      log.warn('writer_file_kept', { err: errorText(error) });
    }
  };

  const commitRest = (): void => {
    if (flight === null) commit();
  };

  const touching = setInterval(() => {
    try {
      if (announced) files.put(join(folder, writerFile(writer)), JSON.stringify(ownOwner()));
    } catch (error) {
      log.warn('writer_file_not_touched', { err: errorText(error) });
    }
  }, TOUCH_EVERY_MS).unref();
  const syncing =
    sync === 'interval' ? setInterval(() => void syncNow(), options.syncIntervalMs).unref() : undefined;

  const stats = (): JournalWriterStats => ({
    ...figures,
    pendingBytes: filling.used + (flight === null ? 0 : resting.used),
    mode,
    trouble: troubleNow(),
  });

  openSegment(clock.monotonic());
  if (options.metrics !== undefined) observeWriter(options.metrics, stats);
  return { append, stats, stop };
};

const newGroup = (): Group => {
  const bytes = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);
  return { bytes, view: viewOf(bytes), used: 0, segment: null, done: [], offsets: [] };
};

const clear = (group: Group): void => {
  group.used = 0;
  group.segment = null;
  group.done = [];
  group.offsets = [];
};

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Makes room for `room` more bytes; false: that would be more than may wait. */
const grow = (group: Group, room: number): boolean => {
  const needed = group.used + room;
  if (needed > MAX_PENDING_BYTES) return false;
  let size = group.bytes.length;
  while (size < needed) size *= 2;
  const bytes = Buffer.allocUnsafeSlow(size);
  group.bytes.copy(bytes, 0, 0, group.used);
  group.bytes = bytes;
  group.view = viewOf(bytes);
  return true;
};

const tooLarge = (bytes: number): AppError =>
  new AppError(
    'JOURNAL_RECORD_INVALID',
    `appending a record, found up to ${bytes} bytes, expected at most ${MAX_PAYLOAD_BYTES}`,
    { status: 413 },
  );

const busy = (bytes: number): AppError =>
  new AppError('JOURNAL_BUSY', `appending a record, found ${bytes} bytes waiting for the disk`, {
    status: 503,
  });

const unavailable = (trouble: string | null, cause?: unknown): AppError =>
  new AppError('JOURNAL_UNAVAILABLE', `the journal cannot be written: ${trouble ?? 'unknown'}`, {
    status: 503,
    cause,
  });
