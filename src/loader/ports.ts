import type { Form } from '#form';
import type { Cursor, Damage, JournalEntry, Position, ReadMemory } from '#journal';
import type { Destination, Tenant, TenantId } from '#tenants';
import type { EventRowRef } from '#warehouse';
import type { Meaning } from './decode/meaning.ts';

// What the rounds need from the other subsystems, and no more. The real doors (`#journal`, `#archive`, `#warehouse`,
// `#tenants`) satisfy these by shape or by a small adapter in `warehouse-ports.ts`; the tests have simple real implementations.

/** A piece of the journal that was read, in journal order of each segment. */
export interface JournalRange {
  readonly entries: readonly JournalEntry[];
  /** Where the next read begins; covers every segment that still exists. */
  readonly cursor: Cursor;
  /** What was passed over on the way. */
  readonly damages: readonly Damage[];
}

/** A segment on disk. */
export interface SegmentFacts {
  /** 16 lower-case hex digits. */
  readonly segment: string;
  /** Bytes that are readable now (whole records). */
  readonly bytes: number;
  /** No further record will be appended to it. */
  readonly sealed: boolean;
  /** Time of the last change, epoch ms. */
  readonly changedAt: number;
}

/** The journal, as the loader reads it. */
export interface JournalPort {
  /**
   * Reads at most `maxEntries` records and about `maxBytes` after `cursor` (a segment that is not in it: from its beginning),
   * oldest segment first. No entries: nothing new. A damaged record is skipped and reported by the journal. With `memory` the
   * entries are valid until the next read with the same.
   */
  read(
    cursor: Cursor,
    limits: { readonly maxEntries: number; readonly maxBytes: number },
    memory?: ReadMemory,
  ): Promise<JournalRange>;
  segments(): Promise<readonly SegmentFacts[]>;
  /** Keeps damaged bytes for people and returns the path. Rejects when the disk refuses or the segment is gone. */
  keepDamage(damage: Damage): Promise<string>;
  /** Deletes a sealed segment that has been loaded. */
  remove(segment: string): Promise<void>;
}

/** A beacon on its way to a backup folder. */
export interface ArchiveItem {
  readonly entry: JournalEntry;
  readonly folder: Destination;
  /** The parameters as they were sent, when they were found already. */
  readonly form?: Form | undefined;
}

/** Lengths in bytes of archive files, by path relative to the archive's folder. */
export type ArchiveLengths = Readonly<Record<string, number>>;

/** The backup folders, as the loader writes them. */
export interface ArchivePort {
  append(items: readonly ArchiveItem[]): void | Promise<void>;
  /** Everything appended so far is written and synced. Lengths of the files that a restart may have to cut back. */
  commit(): Promise<ArchiveLengths>;
  /** At start: cuts longer files back to these lengths and removes newer files that are not named. */
  restore(lengths: ArchiveLengths): Promise<void>;
  /** The daily job for all days that are over; `isLoadedThrough(ms)`: is everything received before this instant loaded? */
  closeDays(now: number, isLoadedThrough: (epochMs: number) => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Why an insert did not work, when it did not. */
export interface InsertTrouble {
  /** ClickHouse's error number, or Node's code (`ECONNREFUSED`), or a name of ours. */
  readonly code: string;
  readonly reason: string;
}

/**
 * What is known after an insert. `done`: all rows are in. `rejected`: none is in, and the same bytes will be refused again;
 * `because` says whether the rows are at fault (parse errors, constraints) or the table (missing, other schema, read-only).
 * `unavailable`: none is in, trying again later makes sense; `scope` tells one table's trouble (too many parts, memory) from
 * the server's (refused connection, credentials, overload). `uncertain`: some, all or none may be in, or get in later.
 */
export type InsertOutcome =
  | { readonly kind: 'done' }
  | ({ readonly kind: 'rejected'; readonly because: 'rows' | 'table' } & InsertTrouble)
  | ({ readonly kind: 'unavailable'; readonly scope: 'table' | 'server' } & InsertTrouble)
  | ({ readonly kind: 'uncertain' } & InsertTrouble);

/** Rows of one tenant that are inserted as one statement. */
export interface InsertBatch {
  readonly tenant: TenantId;
  /** In every row (column `batch_id`, UInt64) and in a comment of the statement; never used twice. */
  readonly batchId: bigint;
  readonly rows: readonly RowContent[];
}

/**
 * Which part of a table may hold the positions that are asked for; the times are there to leave out partitions. Offsets from
 * `from` (inclusive) to `to` (exclusive).
 */
export interface PositionRange {
  readonly segments: readonly { readonly segment: string; readonly from: number; readonly to: number }[];
  /** Least and greatest `receivedAt` of the records, epoch ms, both inclusive. */
  readonly receivedFrom: number;
  readonly receivedTo: number;
}

/** The tables, as the loader fills them. */
export interface WarehousePort {
  /** Answers within `timeoutMs` when the server works; `startedAt` is the server's start (epoch ms, by its uptime). */
  probe(timeoutMs: number): Promise<{ readonly up: boolean; readonly startedAt: number }>;
  insertRows(batch: InsertBatch, options: { readonly timeoutMs: number }): Promise<InsertOutcome>;
  /** Positions of this range that the tenant's table holds, each as often as it holds it. */
  existingPositions(tenant: TenantId, range: PositionRange): Promise<readonly Position[]>;
  /** Ends or waits for every insert of ours into this tenant's table; false: one is still running after `timeoutMs`. */
  waitUntilNoInsertRuns(tenant: TenantId, timeoutMs: number): Promise<boolean>;
  /** Writes down that beacons of these host names arrived at `at` (epoch ms). */
  upsertHostnames(tenant: TenantId, hostnames: readonly string[], at: number): Promise<void>;
}

/** The tables of a tenant: `ready` for inserts, or why not. */
export interface TablesPort {
  /**
   * Creates or migrates what is missing; resolves with the state after it, or with `migrating` when that takes longer than a moment.
   * Cheap when it is ready already. Rejects when the server is away.
   */
  ensure(tenant: TenantId): Promise<'ready' | 'migrating' | 'failed'>;
  /** Has this tenant tables? For tenants that are no longer in the users map, whose tables are not made again. */
  exists(tenant: TenantId): Promise<boolean>;
  /** Forget what is known (the table was dropped or altered under us): the next `ensure` looks again. */
  forget(tenant: TenantId): void;
}

/** What the loader asks of the users map. */
export interface TenantsPort {
  /** The tenant as the map knows it now; undefined: it was removed. */
  byId(id: string): Tenant | undefined;
  /** Looks at the users map now: a beacon may be here before the change that brought its tenant. */
  refresh(): Promise<void>;
}

/** The columns of a row, encoded. */
export type RowContent = EventRowRef;

/** One beacon as a row, or why it is not stored (`hostname`: `only_hostnames`; `privacy`: an opt-out signal). */
export type RowOutcome =
  | {
      readonly kind: 'row';
      readonly content: RowContent;
      /** Memory that the row takes until its insert, about. */
      readonly bytes: number;
      /** Host name of the page, '' when the beacon has none. */
      readonly hostname: string;
    }
  | { readonly kind: 'refused'; readonly reason: 'hostname' | 'privacy' };

/** Says that these rows are not needed any more, so that their memory can be used again; once for each row. */
export type ReleaseRows = (rows: readonly RowContent[]) => void;

/** Decodes, enriches and encodes one beacon, with its form when it was read already. Never throws for what a client sent. */
export type EncodeBeacon = (
  entry: JournalEntry,
  tenant: Tenant | undefined,
  form?: Form<Meaning>,
) => RowOutcome;
