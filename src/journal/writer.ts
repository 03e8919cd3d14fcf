import { errorText } from '#core';
import { busy, closed, tooLarge, unavailable } from './append-errors.ts';
import { systemFiles } from './files.ts';
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, MAX_SEGMENT_BYTES, writeFrameHeader } from './format.ts';
import { clearGroup, type Group, growGroup, MAX_PENDING_BYTES, newGroup } from './group.ts';
import type { JournalRecord } from './record.ts';
import { encodeRecord, recordBound } from './record-codec.ts';
import { createSegmentSource } from './segment-source.ts';
import type { Appended, JournalWriter, JournalWriterOptions, JournalWriterStats } from './writer-contract.ts';
import { observeWriter } from './writer-metrics.ts';
import { type WriterSegment, writeAll } from './writer-segment.ts';

/** A group that is larger is committed at once, without waiting for the end of the turn. */
const GROUP_BYTES = 4 * 1024 * 1024;
/** Slower syncs than this run beside the event loop, until they are faster than half of it. */
const SLOW_SYNC_MS = 8;
/**
 * So many records that wait at the same time are a crowd: most of them are synced beside the event loop while the others are read.
 * For fewer, going to the thread pool and back costs more than it saves.
 */
const CROWD = 16;
/** Part of a crowd that is worth a sync. Each costs about as much as reading a quarter of 64 beacons: more syncs cost more, fewer leave the processor idle. */
const WORTH_A_SYNC = 3 / 4;
/** How long a group stays open while records come in crowds, in syncs. */
const PATIENCE = 1;
/** Turns that a group stays open at most, however the clock goes. */
const MAX_TURNS = 200;

/** The answers that a group that was synced waits for. */
type Kept = Pick<Group, 'done' | 'offsets'>;

/**
 * Opens a writer. All appends of one turn of the event loop are one group: one write, one sync, then their answers. In a crowd neither the disk nor
 * the processor waits for the other: while most of the records are synced, the others come in. There is one sync at a time, so that an error of
 * the disk is never told to the wrong group. A disk that refuses does not keep the writer from opening: appends are refused (`JOURNAL_UNAVAILABLE`,
 * status 503) until a segment can be created, which is tried again by itself.
 */
export const openJournalWriter = (options: JournalWriterOptions): JournalWriter => {
  const { sync, clock } = options;
  const files = options.files ?? systemFiles;
  const log = options.log.child('journal');
  const figures = { records: 0, bytes: 0, groups: 0, refused: 0, syncMs: 0 };
  let filling = newGroup();
  let resting = newGroup();
  let scheduled = false;
  /** Records that were waiting when the last sync ended: those of its group and those that had come in meanwhile. */
  let waiting = 0;
  let flight: Promise<void> | null = null;
  let mode: 'inline' | 'pool' = 'inline';
  let unsynced = false;
  let stopped = false;

  const append = (record: JournalRecord, done: Appended): void => {
    if (stopped) return refuse(done, closed());
    const room = FRAME_HEADER_BYTES + recordBound(record);
    if (room > MAX_PAYLOAD_BYTES) return refuse(done, tooLarge(room));
    if (filling.used + room > GROUP_BYTES && flight === null && mode === 'inline') commit();
    if (filling.used + room > filling.bytes.length && !growGroup(filling, room))
      return refuse(done, busy(filling.used));
    if (filling.used === 0) filling.segment = source.next();
    const { segment, bytes, view, used: at } = filling;
    if (segment === null) return refuse(done, unavailable(source.trouble()));
    let end: number;
    try {
      end = encodeRecord(bytes, view, at + FRAME_HEADER_BYTES, record);
    } catch (error) {
      return refuse(done, error instanceof Error ? error : new Error(String(error)));
    }
    const offset = segment.planned;
    writeFrameHeader(bytes, view, at, end - at - FRAME_HEADER_BYTES, offset, segment.seed);
    filling.used = end;
    filling.done.push(done);
    filling.offsets.push(offset);
    segment.planned += end - at;
    if (isCrowd() && flight === null && isWorthASync()) commit();
    else schedule();
  };

  const isCrowd = (): boolean => sync === 'always' && waiting >= CROWD;
  const isWorthASync = (): boolean => filling.done.length >= waiting * WORTH_A_SYNC;

  const refuse = (done: Appended, error: Error): void => {
    figures.refused += 1;
    setImmediate(done, error, null);
  };

  const schedule = (): void => {
    if (scheduled || flight !== null) return;
    scheduled = true;
    const patienceMs = sync === 'always' && mode === 'inline' && waiting > 1 ? figures.syncMs * PATIENCE : 0;
    setImmediate(gather, patienceMs === 0 ? 0 : clock.monotonic() + patienceMs, 0);
  };

  /**
   * A group is committed at the end of its turn of the event loop. While records come in crowds it stays open for further turns, about as long as
   * a sync takes: whoever comes in that time would wait for this sync and then for one of its own.
   */
  const gather = (until: number, turns: number): void => {
    if (turns < MAX_TURNS && until > 0 && clock.monotonic() < until) {
      setImmediate(gather, until, turns + 1);
      return;
    }
    scheduled = false;
    if (flight === null) commit();
  };

  /** Writes and syncs the group that is filling, and takes the resting one for what comes meanwhile. */
  const commit = (): void => {
    const group = filling;
    const { segment } = group;
    if (group.used === 0 || segment === null) return;
    filling = resting;
    resting = group;
    try {
      if (!segment.usable) throw new Error('the segment was given up');
      writeAll(files, segment.file, group.bytes, group.used, segment.length);
      if (sync !== 'always') unsynced = true;
      else if (mode === 'inline' && !isCrowd()) syncNow(segment);
      else {
        flight = syncBeside(group, segment);
        return;
      }
    } catch (error) {
      return fail(group, segment, error);
    }
    answer(keep(group, segment), segment);
  };

  const syncNow = (segment: WriterSegment): void => {
    const began = clock.monotonic();
    files.datasync(segment.file);
    measure(clock.monotonic() - began);
  };

  const syncBeside = async (group: Group, segment: WriterSegment): Promise<void> => {
    const began = clock.monotonic();
    try {
      await files.datasyncLater(segment.file);
    } catch (error) {
      flight = null;
      fail(group, segment, error);
      goOn();
      return;
    }
    measure(clock.monotonic() - began);
    flight = null;
    const kept = keep(group, segment);
    // The disk has its next group before this one is answered.
    goOn();
    answer(kept, segment);
  };

  /** After a sync beside the event loop: what came in meanwhile is the next group, at once when nobody else is to be expected. */
  const goOn = (): void => {
    if (filling.used === 0) return;
    if (stopped || mode === 'pool' || !isCrowd() || isWorthASync()) commit();
    else schedule();
  };

  const measure = (ms: number): void => {
    figures.syncMs = figures.syncMs === 0 ? ms : figures.syncMs * 0.9 + ms * 0.1;
    if (figures.syncMs > SLOW_SYNC_MS) mode = 'pool';
    else if (figures.syncMs < SLOW_SYNC_MS / 2) mode = 'inline';
  };

  /** The group is in the journal: readers may have it, and its place is free for the next one. */
  const keep = (group: Group, segment: WriterSegment): Kept => {
    const { done, offsets, used } = group;
    segment.length += used;
    figures.records += done.length;
    figures.bytes += used;
    figures.groups += 1;
    waiting = done.length + filling.done.length;
    clearGroup(group);
    return { done, offsets };
  };

  const answer = ({ done, offsets }: Kept, segment: WriterSegment): void => {
    if (segment !== source.current()) closeUnlessAwaited(segment);
    for (let index = 0; index < done.length; index++)
      done[index]?.(null, { segment: segment.id, offset: offsets[index] ?? 0 });
  };

  /** Nothing of the group is acknowledged, nor of the next one, whose places follow those of this one. */
  const fail = (group: Group, segment: WriterSegment, cause: unknown): void => {
    source.giveUp(segment, cause);
    unsynced = false;
    const refused = [...group.done, ...(filling.segment === segment ? filling.done : [])];
    if (filling.segment === segment) clearGroup(filling);
    clearGroup(group);
    const error = unavailable(source.trouble(), cause);
    for (const done of refused) refuse(done, error);
  };

  const closeUnlessAwaited = (segment: WriterSegment): void => {
    const isAwaited = [filling, resting].some((group) => group.used > 0 && group.segment === segment);
    if (isAwaited || segment.file === -1) return;
    try {
      if (sync === 'interval') files.datasync(segment.file);
      files.close(segment.file);
    } catch (error) {
      log.error('segment_close_failed', { segment: segment.id, err: errorText(error) });
    }
    segment.file = -1;
    log.info('segment_sealed', { segment: segment.id, bytes: segment.length });
  };

  const syncSometimes = async (): Promise<void> => {
    const segment = source.current();
    if (!unsynced || segment === null || segment.file === -1) return;
    unsynced = false;
    try {
      await files.datasyncLater(segment.file);
    } catch (error) {
      // What was answered since the last sync may be lost in a power failure: that is the policy, and it is in the log.
      if (segment.usable && segment.file !== -1) source.giveUp(segment, error);
    }
  };

  const stop = async (): Promise<void> => {
    if (stopped) return finished;
    stopped = true;
    clearInterval(syncing);
    if (flight === null) commit();
    while (flight !== null) await flight;
    const segment = source.current();
    source.stop();
    if (segment !== null) closeUnlessAwaited(segment);
    finish();
    return undefined;
  };

  const stats = (): JournalWriterStats => ({
    ...figures,
    ...source.figures(),
    pendingBytes: filling.used + (flight === null ? 0 : resting.used),
    mode,
    trouble: source.trouble(),
  });

  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  const source = createSegmentSource({
    ...options,
    files,
    log,
    segmentBytes: Math.min(options.segmentBytes, MAX_SEGMENT_BYTES - 2 * MAX_PENDING_BYTES),
    onFollowed: closeUnlessAwaited,
  });
  const syncing =
    sync === 'interval' ? setInterval(() => void syncSometimes(), options.syncIntervalMs).unref() : undefined;
  if (options.metrics !== undefined) observeWriter(options.metrics, stats);
  return { append, stats, stop };
};
