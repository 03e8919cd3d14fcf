import { AppError } from '#core';
import { MAX_PAYLOAD_BYTES } from './format.ts';

/** The writer was stopped. */
export const closed = (): AppError =>
  new AppError('JOURNAL_STOPPED', 'the journal is closed', { status: 503 });

/** The record is longer than the format allows. */
export const tooLarge = (bytes: number): AppError =>
  new AppError(
    'JOURNAL_RECORD_INVALID',
    `appending a record, found up to ${bytes} bytes, expected at most ${MAX_PAYLOAD_BYTES}`,
    { status: 413 },
  );

/** The disk is slower than the beacons come. */
export const busy = (bytes: number): AppError =>
  new AppError('JOURNAL_BUSY', `appending a record, found ${bytes} bytes waiting for the disk`, {
    status: 503,
  });

/** The disk refuses. `trouble`: what it said. */
export const unavailable = (trouble: string | null, cause?: unknown): AppError =>
  new AppError('JOURNAL_UNAVAILABLE', `the journal cannot be written: ${trouble ?? 'unknown'}`, {
    status: 503,
    cause,
  });
