import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, createMetrics, type Log, silentLog, systemClock } from '#core';
import {
  type Checkpoint,
  type JournalEntry,
  type JournalRecord,
  type JournalWriter,
  openCheckpoint,
  openJournalReader,
  openJournalWriter,
  type Position,
} from '#journal';
import type { Destination, Tenant, TenantId } from '#tenants';
import { createEventRowWriter, viewOfRow } from '#warehouse';
import { createLoaderMetrics } from '../../src/loader/loader-metrics.ts';
import type { LoadStep } from '../../src/loader/loading.ts';
import type {
  ArchiveItem,
  ArchiveLengths,
  ArchivePort,
  EncodeBeacon,
  InsertBatch,
  InsertOutcome,
  TablesPort,
  WarehousePort,
} from '../../src/loader/ports.ts';
import { type Rounds, type RoundsDeps, type RoundsOptions, startRounds } from '../../src/loader/rounds.ts';
import { type LoaderState, parseState } from '../../src/loader/state.ts';

/** A tenant without options. */
export const tenantOf = (id: string, more: Partial<Tenant> = {}): Tenant => ({
  id: id as TenantId,
  name: id,
  traces: [`trace_${id}`],
  expiresAt: null,
  hostnames: [],
  onlyHostnames: false,
  retentionDays: null,
  beaconsPerSecond: null,
  ...more,
});

/** A beacon that carries a marker (`id`) by which tests know it. */
export const beaconOf = (
  destination: string,
  id: string,
  more: Partial<JournalRecord> = {},
): JournalRecord => ({
  receivedAt: Date.now(),
  destination: destination as Destination,
  trace: `trace_${destination}`,
  method: 'POST',
  query: '',
  body: Buffer.from(`u=https%3A%2F%2F${destination}.example%2F&id=${id}`),
  headers: [['user-agent', 'Mozilla/5.0 (X11; Linux x86_64)']],
  clientAddress: '203.0.113.0',
  country: 'BG',
  city: '',
  ...more,
});

/** The marker of a beacon. */
export const markerOf = (record: JournalRecord): string =>
  new URLSearchParams(Buffer.from(record.body).toString()).get('id') ?? '';

/** Appends durably; resolves with the position. */
export const append = (writer: JournalWriter, record: JournalRecord): Promise<Position> =>
  new Promise((resolve, reject) => {
    writer.append(record, (error, position) => (position === null ? reject(error) : resolve(position)));
  });

/** Opens a writer for a journal folder. */
export const openWriter = (folder: string, segmentBytes = 1e6): JournalWriter => {
  mkdirSync(folder, { recursive: true });
  return openJournalWriter({
    folder,
    sync: 'never',
    syncIntervalMs: 200,
    segmentBytes,
    maxBytes: 0,
    clock: systemClock,
    log: silentLog,
  });
};

const rowWriter = createEventRowWriter();

/** Rows as these tests encode them: the position, and the marker as `page_id`. */
const encodeForTests: EncodeBeacon = (entry: JournalEntry, tenant: Tenant | undefined) => {
  const hostname = `${entry.record.destination}.example`;
  if (tenant?.onlyHostnames === true && !tenant.hostnames.includes(hostname))
    return { kind: 'refused', reason: 'hostname' };
  const row = rowWriter.begin();
  row.journal_segment = BigInt(`0x${entry.segment}`);
  row.journal_offset = entry.offset;
  row.page_id = markerOf(entry.record);
  return { kind: 'row', content: rowWriter.end(), bytes: 100, hostname };
};

interface StoredRow extends Position {
  readonly marker: string;
  readonly batchId: bigint;
}

const decodeRows = ({ rows, batchId }: InsertBatch): StoredRow[] =>
  rows.map(viewOfRow).map((row) => ({
    segment: row.journal_segment.toString(16).padStart(16, '0'),
    offset: Number(row.journal_offset),
    marker: row.page_id,
    batchId,
  }));

/** What happens to one insert: `lost` in doubt and not carried out, `half`/`whole` in doubt and carried out, `late`: a moment later; `twice`: what may never happen. */
export type InsertFault =
  | 'lost'
  | 'half'
  | 'whole'
  | 'late'
  | 'twice'
  | 'refused-connection'
  | 'busy'
  | 'no-table'
  | null;

/** Tables in memory that obey the rules of the port, with faults as the test likes. They outlive a loader, as a server does. */
export interface MemoryWarehouse extends WarehousePort, TablesPort {
  rowsOf(tenant: string): readonly StoredRow[];
  /** Chosen for each insert. */
  fault: (batch: InsertBatch) => InsertFault;
  /** Rows with such a marker are refused. */
  poison: (marker: string) => boolean;
  up: boolean;
  startedAt: number;
  readonly notReady: Set<string>;
  readonly inserts: InsertBatch[];
  /** Takes rows away, as a server does that lost them. */
  lose(tenant: string, markers: ReadonlySet<string>): void;
  probes: number;
}

/** Creates empty tables for these tenants. */
export const createMemoryWarehouse = (tenants: readonly string[]): MemoryWarehouse => {
  const tables = new Map<string, StoredRow[]>(tenants.map((tenant) => [tenant, []]));
  const running = new Map<string, Set<Promise<void>>>();
  const down = { kind: 'unavailable', scope: 'server', code: 'ECONNREFUSED', reason: 'refused' } as const;
  const warehouse: MemoryWarehouse = {
    fault: () => null,
    poison: () => false,
    up: true,
    startedAt: 1_000,
    notReady: new Set(),
    inserts: [],
    probes: 0,
    rowsOf: (tenant) => tables.get(tenant) ?? [],
    lose: (tenant, markers) => {
      const rows = tables.get(tenant) ?? [];
      tables.set(
        tenant,
        rows.filter((row) => !markers.has(row.marker)),
      );
    },
    probe: async () => {
      warehouse.probes++;
      return { up: warehouse.up, startedAt: warehouse.startedAt };
    },
    insertRows: async (batch): Promise<InsertOutcome> => {
      if (!warehouse.up) return down;
      warehouse.inserts.push(batch);
      const table = tables.get(batch.tenant);
      const rows = decodeRows(batch);
      if (table === undefined)
        return { kind: 'rejected', because: 'table', code: '60', reason: 'no such table' };
      if (rows.some((row) => warehouse.poison(row.marker)))
        return { kind: 'rejected', because: 'rows', code: '27', reason: 'cannot parse' };
      const uncertain = { kind: 'uncertain', code: 'TIMEOUT', reason: 'no answer in time' } as const;
      await new Promise((resolve) => setImmediate(resolve));
      switch (warehouse.fault(batch)) {
        case 'refused-connection':
          return down;
        case 'busy':
          return { kind: 'unavailable', scope: 'table', code: '252', reason: 'too many parts' };
        case 'no-table':
          return { kind: 'rejected', because: 'table', code: '60', reason: 'no such table' };
        case 'lost':
          return uncertain;
        case 'half':
          table.push(...rows.slice(0, rows.length >> 1));
          return uncertain;
        case 'whole':
          table.push(...rows);
          return uncertain;
        case 'twice':
          table.push(...rows, ...rows);
          return uncertain;
        case 'late': {
          const set = running.get(batch.tenant) ?? new Set();
          running.set(batch.tenant, set);
          const late = new Promise<void>((resolve) => setTimeout(resolve, 5)).then(() => {
            table.push(...rows);
            set.delete(late);
          });
          set.add(late);
          return uncertain;
        }
        case null:
          table.push(...rows);
          return { kind: 'done' };
      }
    },
    existingPositions: async (tenant, range) => {
      if (!warehouse.up) throw new Error('connection refused');
      const found = [];
      for (const { segment, offset } of tables.get(tenant) ?? []) {
        const part = range.segments.find((one) => one.segment === segment);
        if (part !== undefined && offset >= part.from && offset < part.to) found.push({ segment, offset });
      }
      return found;
    },
    waitUntilNoInsertRuns: async (tenant) => {
      await Promise.all(running.get(tenant) ?? new Set<Promise<void>>());
      return true;
    },
    upsertHostnames: async () => undefined,
    ensure: async (tenant) => {
      if (warehouse.notReady.has(tenant)) return 'failed';
      if (!tables.has(tenant)) tables.set(tenant, []);
      return 'ready';
    },
    exists: async (tenant) => tables.has(tenant),
    forget: () => undefined,
  };
  return warehouse;
};

/** An archive in memory that outlives a loader: appended lines per folder, cut back on `restore` as the real one is. */
export interface MemoryArchive extends ArchivePort {
  markersOf(folder: string): readonly string[];
}

/** Creates an empty archive. */
export const createMemoryArchive = (): MemoryArchive => {
  const folders = new Map<string, string[]>();
  return {
    markersOf: (folder) => folders.get(folder) ?? [],
    append: (items: readonly ArchiveItem[]) => {
      for (const { entry, folder } of items) {
        const lines = folders.get(folder) ?? [];
        lines.push(markerOf(entry.record));
        folders.set(folder, lines);
      }
    },
    commit: async (): Promise<ArchiveLengths> =>
      Object.fromEntries([...folders].map(([folder, lines]) => [folder, lines.length])),
    restore: async (lengths: ArchiveLengths) => {
      for (const [folder, lines] of folders) lines.length = lengths[folder] ?? 0;
    },
    closeDays: async () => undefined,
    stop: async () => undefined,
  };
};

/** Options for rounds that are over in a moment. */
const quickOptions = (folder: string, more: Partial<RoundsOptions> = {}): RoundsOptions => ({
  windowMs: 5,
  insertsPerSecond: 10_000,
  maxRows: 100,
  maxBytes: 1e6,
  chunkEntries: 50,
  chunkBytes: 1e6,
  pollMs: 2,
  insertTimeoutMs: 1_000,
  quietTimeoutMs: 1_000,
  attempts: 3,
  parallel: 4,
  patienceMs: 200,
  turnEntries: 70,
  turnBytes: 1e6,
  keepLoadedMs: 3_600_000,
  lookEveryMs: 20,
  probeEveryMs: 20,
  probeTimeoutMs: 100,
  closeDaysEveryMs: 1_000,
  giveUpAfterMs: 3_600_000,
  unknownTenantMs: 100,
  distrustRestarts: true,
  quarantineFolder: join(folder, 'quarantine'),
  firstProbePauseMs: 2,
  longestProbePauseMs: 20,
  lagPauses: { firstMs: 5, longestMs: 20, afterDoubledMs: 50 },
  graceMs: 1_000,
  housekeepingMs: 5,
  ...more,
});

/** What a test loads with. */
export interface WorldParts {
  readonly folder: string;
  readonly warehouse: MemoryWarehouse;
  readonly archive: ArchivePort;
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly log?: Log;
  readonly clock?: Clock;
  readonly spaceIsLow?: () => boolean;
  readonly checkpoint?: Checkpoint<LoaderState>;
  /** Which start of the machine this is. */
  readonly bootId?: string;
  readonly onStep?: (step: LoadStep) => void | Promise<void>;
  readonly options?: Partial<RoundsOptions>;
}

/** Starts a loader on a folder; `values` are its metrics. */
export const startWorld = async (
  parts: WorldParts,
): Promise<{ readonly rounds: Rounds; readonly sum: (metric: string) => Promise<number> }> => {
  const { folder, warehouse, archive, tenants } = parts;
  const log = parts.log ?? silentLog;
  const metrics = createMetrics();
  let batch = BigInt(Math.floor(Math.random() * 2 ** 40)) << 20n;
  const deps: RoundsDeps = {
    journal: openJournalReader({ folder: join(folder, 'journal'), log }),
    archive,
    warehouse,
    tables: warehouse,
    tenants: { byId: (id) => tenants.get(id), refresh: async () => undefined },
    encode: encodeForTests,
    checkpoint: parts.checkpoint ?? openCheckpoint(join(folder, 'loader.checkpoint'), parseState),
    metrics: createLoaderMetrics(metrics),
    clock: parts.clock ?? systemClock,
    log,
    newBatchId: () => batch++,
    random: Math.random,
    bootId: async () => parts.bootId ?? '',
    spaceIsLow: async () => parts.spaceIsLow?.() ?? false,
    spaceIsShort: async () => parts.spaceIsLow?.() ?? false,
    isHeld: async () => true,
    ...(parts.onStep === undefined ? {} : { onStep: parts.onStep }),
  };
  const rounds = await startRounds(deps, quickOptions(folder, parts.options));
  const sum = async (name: string): Promise<number> => {
    const metric = (await metrics.values()).find((one) => one.name === name);
    return (metric?.values ?? []).reduce((total, { value }) => total + value, 0);
  };
  return { rounds, sum };
};
