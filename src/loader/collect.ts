import type { Clock } from '#core';
import type { Cursor, JournalEntry, ReadMemory } from '#journal';
import type { Destination, TenantId } from '#tenants';
import type {
  ArchiveItem,
  ArchiveLengths,
  ArchivePort,
  EncodeBeacon,
  JournalPort,
  TenantsPort,
} from './ports.ts';
import type { BeaconForm, BeaconForms } from './decode/beacon-forms.ts';
import { keepDamage, type KeepDamageDeps } from './keep-damage.ts';
import { requireLock } from './loading.ts';
import type { Row, RowGroup } from './rows.ts';

/** What was read of the journal in one go, and what has to be done with it. */
export interface Round {
  readonly start: Cursor;
  readonly end: Cursor;
  /** Rows per tenant; without the tenants in `skipped`. */
  readonly groups: readonly RowGroup[];
  /** Tenants whose rows were not made because they lag. */
  readonly skipped: ReadonlySet<string>;
  /** Lengths of the archive's files when the round was written into them. */
  readonly archive: ArchiveLengths;
  readonly counts: RoundCounts;
  /** `receivedAt` of the oldest beacon, epoch ms. */
  readonly oldest: number;
  /** When the end of the journal had been reached while collecting, epoch ms; null: there was always more. */
  readonly reachedEndAt: number | null;
}

/** Beacons of a round by what becomes of them. */
export interface RoundCounts {
  readonly read: ReadonlyMap<Destination, number>;
  readonly archivedOnly: ReadonlyMap<Destination, number>;
  /** By tenant, then by reason. */
  readonly refused: ReadonlyMap<TenantId, ReadonlyMap<string, number>>;
}

/** What collecting needs. */
export interface CollectDeps extends KeepDamageDeps {
  readonly journal: JournalPort;
  readonly archive: ArchivePort;
  readonly tenants: TenantsPort;
  readonly encode: EncodeBeacon;
  readonly clock: Clock;
  /** For the beacons of one read; nothing of a read is kept beyond it. */
  readonly memory: ReadMemory;
  readonly forms: BeaconForms;
  /** Is the claim on the data folder still ours? Asked before anything is written. */
  readonly isHeld: () => Promise<boolean>;
  /** Told after each read: `receivedAt` of the oldest beacon up to now (infinite: none), and when the end was reached. */
  readonly seen: (oldest: number, reachedEndAt: number | null) => void;
}

/** How large a round may be, and how it is read. */
export interface CollectOptions {
  readonly maxRows: number;
  /** Bytes of rows and raw beacons that a round may hold. */
  readonly maxBytes: number;
  readonly chunkEntries: number;
  readonly chunkBytes: number;
  /** How often an empty journal is looked at. */
  readonly pollMs: number;
}

/**
 * Reads the journal from `start` until the round is full or `isDue` says that it is time (told whether the end of the journal was reached),
 * writes every beacon to the archive, and makes the rows. Null when stopped before there was anything. Throws `LOADER_LOCK_LOST`.
 */
export const collectRound = async (
  start: Cursor,
  skipped: ReadonlySet<string>,
  isDue: (hasReachedEnd: boolean) => boolean,
  deps: CollectDeps,
  options: CollectOptions,
  signal: AbortSignal,
): Promise<Round | null> => {
  const builder = createRoundBuilder(start, skipped, deps);
  let reachedEndAt: number | null = null;
  while (!signal.aborted) {
    const room = options.maxRows - builder.entries();
    if (room <= 0 || builder.bytes() >= options.maxBytes) break;
    const readAt = deps.clock.now();
    const maxEntries = Math.min(room, options.chunkEntries);
    const limits = { maxEntries, maxBytes: options.chunkBytes };
    const range = await deps.journal.read(builder.end(), limits, deps.memory);
    // A loader that stood still while another one took over wakes up here as a rule.
    if (range.entries.length > 0 || range.damages.length > 0) await requireLock(deps);
    await keepDamage(range.damages, deps);
    // Read once, for the archive and for the row.
    const beacons = range.entries.map((entry, place) => ({ entry, ...deps.forms.of(entry, place) }));
    if (beacons.length > 0) await deps.archive.append(beacons.map(toArchive));
    builder.add(beacons, range.cursor);
    const short = isShort(range.entries, maxEntries, options);
    if (short) reachedEndAt = readAt;
    deps.seen(builder.oldest(), short ? readAt : null);
    if (builder.entries() > 0 && isDue(reachedEndAt !== null)) break;
    // Small reads cost as much as large ones: let some beacons come together.
    if (short) await deps.clock.sleep(options.pollMs, signal);
  }
  if (builder.entries() === 0) return null;
  // It may have stood still since the last beacon, and there was none behind it: what it has collected is written now.
  await requireLock(deps);
  return builder.close(await deps.archive.commit(), reachedEndAt);
};

/** Much less than was asked for: there was no more. */
const isShort = (
  entries: readonly JournalEntry[],
  maxEntries: number,
  { chunkBytes }: CollectOptions,
): boolean =>
  entries.length < maxEntries / 4 &&
  entries.reduce((sum, { offset, end }) => sum + end - offset, 0) < chunkBytes / 4;

/** A beacon with its form. */
interface ReadBeacon extends BeaconForm {
  readonly entry: JournalEntry;
}

const toArchive = ({ entry, sent }: ReadBeacon): ArchiveItem => ({
  entry,
  folder: entry.record.destination,
  form: sent,
});

const createRoundBuilder = (start: Cursor, skippedTenants: ReadonlySet<string>, deps: CollectDeps) => {
  const groups = new Map<TenantId, { tenant: TenantId; rows: Row[]; hostnames: Set<string> }>();
  const read = new Map<Destination, number>();
  const archivedOnly = new Map<Destination, number>();
  const refused = new Map<TenantId, Map<string, number>>();
  let end = start;
  let entries = 0;
  let bytes = 0;
  let oldest = Number.POSITIVE_INFINITY;

  const addOne = ({ entry, form }: ReadBeacon): void => {
    const { destination, receivedAt } = entry.record;
    entries++;
    oldest = Math.min(oldest, receivedAt);
    count(read, destination);
    if (destination === 'unknown' || destination === 'expired') return count(archivedOnly, destination);
    if (skippedTenants.has(destination)) return;
    const outcome = deps.encode(entry, deps.tenants.byId(destination), form);
    if (outcome.kind === 'refused') return count(nested(refused, destination), outcome.reason);
    let group = groups.get(destination);
    if (group === undefined) {
      group = { tenant: destination, rows: [], hostnames: new Set() };
      groups.set(destination, group);
    }
    const { segment, offset } = entry;
    group.rows.push({ segment, offset, receivedAt, content: outcome.content });
    if (outcome.hostname !== '') group.hostnames.add(outcome.hostname);
    bytes += outcome.bytes;
  };

  return {
    end: () => end,
    entries: () => entries,
    bytes: () => bytes,
    oldest: () => oldest,
    add: (chunk: readonly ReadBeacon[], cursor: Cursor): void => {
      for (const beacon of chunk) addOne(beacon);
      end = cursor;
    },
    close: (archive: ArchiveLengths, reachedEndAt: number | null): Round => ({
      start,
      end,
      groups: [...groups.values()],
      skipped: skippedTenants,
      archive,
      counts: { read, archivedOnly, refused },
      oldest,
      reachedEndAt,
    }),
  };
};

const count = <K>(counts: Map<K, number>, key: K): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const nested = <K>(counts: Map<K, Map<string, number>>, key: K): Map<string, number> => {
  let inner = counts.get(key);
  if (inner === undefined) {
    inner = new Map();
    counts.set(key, inner);
  }
  return inner;
};
