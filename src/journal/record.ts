import type { Destination } from '#tenants';

/** A beacon as it came in, with what was decided at the door. This is what one journal record holds. */
export interface JournalRecord {
  /** Our clock when the request was complete, epoch ms. */
  readonly receivedAt: number;
  /** Decided once, at the door, with the users map and the clock in force then. */
  readonly destination: Destination;
  /** Trace as it was sent (first value, at most 128 characters); empty: none was sent. */
  readonly trace: string;
  readonly method: 'GET' | 'POST';
  /** Raw query string without `?`. */
  readonly query: string;
  /** Raw body; empty for GET. */
  readonly body: Uint8Array;
  /** Request headers that are kept (lower-case names; no cookies, no authorization), in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Client address after `collector.client_address`; empty: dropped. */
  readonly clientAddress: string;
  /** Country and city as a trusted proxy named them; empty: not known. */
  readonly country: string;
  readonly city: string;
}

/**
 * A place in the journal, and so the identity of a beacon for ever: segment ids are never used twice and segments are never
 * rewritten.
 */
export interface Position {
  /** Id of the segment: 16 lower-case hex digits (64 bits). */
  readonly segment: string;
  /** Byte offset of the record in its segment. */
  readonly offset: number;
}

/** A record with its place. */
export interface JournalEntry extends Position {
  /** Offset of the byte after the record. */
  readonly end: number;
  readonly record: JournalRecord;
}

/** How far a reader is, in each segment that still exists: segment id → offset of the first unread byte. */
export type Cursor = Readonly<Record<string, number>>;
