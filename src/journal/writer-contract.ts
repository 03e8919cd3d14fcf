import type { Clock, Log, Metrics } from '#core';
import type { JournalFiles } from './files.ts';
import type { JournalRecord, Position } from './record.ts';

/** When `fdatasync` runs: before each group of answers, every so often, or when the system likes. */
export type SyncPolicy = 'always' | 'interval' | 'never';

/** Bytes of the disk that the journal leaves to others; `auto`: 5 % of it, at most 1 GiB. */
export type Reserve = number | 'auto';

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
  /**
   * Appends are refused while fewer bytes than this are free on the disk, so that the archive, the checkpoint and the engine can go on with what
   * is in the journal. `auto`: 5 % of the disk, at most 1 GiB. Default: none.
   */
  readonly reserveBytes?: Reserve;
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
  /** Free bytes on the disk at the last look; null: it could not be asked. */
  readonly freeBytes: number | null;
  /** Why nothing can be appended now, without paths of ours; null: it can. */
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
