import type { TenantId } from '#tenants';
import type { BadLine, ReadPiece } from './read-day.ts';
import type { ReplayDecision } from './replay-decision.ts';
import type { SourceDay } from './sources.ts';

/** What a replay came to for some beacons of one tenant. */
export interface SinkResult {
  /** Rows that were missing and are in the table now; in a dry run: would be. */
  readonly inserted: number;
  /** Rows that were there already. */
  readonly existing: number;
  /** Refused by the warehouse, now in quarantine. */
  readonly quarantined: number;
  /** Not accepted for the tenant (host name, opt-out). */
  readonly refused: number;
}

/** What a replay did, or would do. */
export interface ReplayReport {
  readonly tenants: ReadonlyMap<TenantId, SinkResult>;
  /** Beacons that were read. */
  readonly read: number;
  readonly left: Readonly<Record<LeftReason, number>>;
  readonly badLines: number;
  /** The first bad lines, with their places. */
  readonly badExamples: readonly BadLine[];
  /** Lines that carry our member in a folder without our marker. */
  readonly unmarked: number;
  readonly unfinished: number;
  /** Source days that an interrupted replay had done. */
  readonly skippedDays: number;
  readonly ignored: readonly string[];
  /** It was stopped before the end; run it again to go on. */
  readonly stopped: boolean;
}

/** Why beacons were left where they are; `in_journal`: the loader has them still to load, `repeated`: they were read before. */
export type LeftReason = Extract<ReplayDecision, { kind: 'leave' }>['why'] | 'in_journal' | 'repeated';

/** How far a replay is. */
export interface ReplayProgress {
  /** Bytes of files. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly beacons: number;
  /** The source day that is read. */
  readonly current: string;
}

const KEPT_EXAMPLES = 20;

/** Counts while a replay runs. */
export interface Tally {
  begin(day: SourceDay): void;
  /** Bytes of a file were read. */
  readonly bytes: (count: number) => void;
  read(piece: ReadPiece): void;
  leave(why: LeftReason): void;
  add(tenant: TenantId, result: SinkResult): void;
  report(end: Pick<ReplayReport, 'skippedDays' | 'ignored' | 'stopped'>): ReplayReport;
}

/** Creates a tally over these source days that tells how far it is. */
export const createTally = (
  days: readonly SourceDay[],
  onProgress: (progress: ReplayProgress) => void = () => undefined,
): Tally => {
  const totalBytes = days.flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0);
  const tenants = new Map<TenantId, SinkResult>();
  const left: Record<LeftReason, number> = {
    not_selected: 0,
    unknown: 0,
    expired: 0,
    removed: 0,
    in_journal: 0,
    repeated: 0,
  };
  const badExamples: BadLine[] = [];
  const sums = { read: 0, badLines: 0, unmarked: 0, unfinished: 0 };
  let bytes = 0;
  let current = '';
  const tell = (): void => onProgress({ bytes, totalBytes, beacons: sums.read, current });
  return {
    begin: (day) => {
      current = day.name;
      tell();
    },
    bytes: (count) => {
      bytes += count;
      tell();
    },
    read: ({ beacons, bad, unmarked, unfinished }) => {
      sums.read += beacons.length;
      sums.badLines += bad.length;
      sums.unmarked += unmarked;
      sums.unfinished += unfinished;
      badExamples.push(...bad.slice(0, KEPT_EXAMPLES - badExamples.length));
    },
    leave: (why) => {
      left[why] += 1;
    },
    add: (tenant, result) => {
      const before = tenants.get(tenant) ?? NOTHING;
      tenants.set(tenant, {
        inserted: before.inserted + result.inserted,
        existing: before.existing + result.existing,
        quarantined: before.quarantined + result.quarantined,
        refused: before.refused + result.refused,
      });
    },
    report: (end) => ({ tenants, left, ...sums, badExamples, ...end }),
  };
};

const NOTHING: SinkResult = { inserted: 0, existing: 0, quarantined: 0, refused: 0 };
