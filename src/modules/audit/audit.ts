import { randomUUID } from 'node:crypto';
import { AppError, type Clock, errorText, type Log, type Running } from '#core';
import type { Database } from '#database';
import type { AuditAnswer, AuditLine } from '../operations/contract.ts';
import { type AuditRow, type AuditTables, createEntryQueue } from './entry-queue.ts';

/** What is written down of something that was done. */
export type NewAuditEntry = Omit<AuditLine, 'id' | 'at'>;

/** The audit trail of all organizations, in the control database. */
export interface Audit extends Running {
  /**
   * Writes an entry into the trail of the organization where the user belongs, of the one for which it was done, and of `also`. Returns at once;
   * what cannot be written is logged (`audit_not_written`) with everything that it says.
   */
  record(entry: NewAuditEntry, also?: readonly string[]): void;
  /**
   * As `record`, for what must not happen without it: resolves when the entry is on disk. What it resolves to completes the entry with its status,
   * once, and returns at once. Rejects with `AUDIT_NOT_WRITTEN` when the database does not take it, or not within ten seconds.
   */
  write(entry: NewAuditEntry): Promise<(status: number) => void>;
  /** Newest first. `tenant` null: of all organizations, each entry once. */
  list(question: AuditQuestion): Promise<AuditAnswer>;
  /** When something was changed by a relation last, by its id. */
  lastByRelation(): Promise<ReadonlyMap<string, string>>;
  /** Resolves when everything that was recorded by now is written. */
  settled(): Promise<void>;
}

/** Which part of the trail. */
export interface AuditQuestion {
  readonly tenant: string | null;
  readonly limit: number;
  /** `next` of the answer before; null: from the newest. */
  readonly before: string | null;
  /** Without reads. */
  readonly changesOnly?: boolean;
}

/** Entries are kept for two years. */
const KEPT_MS = 2 * 366 * 86_400_000;
/** Whoever waits for an entry is refused after this time. */
const PATIENCE_MS = 10_000;

/** Opens the trail; entries older than two years are removed. */
export const openAudit = (database: Database, clock: Clock, log: Log): Audit => {
  const tables = database.as<AuditTables>();
  const queue = createEntryQueue(database, log);
  const prune = async (): Promise<void> => {
    const oldest = placeOf(clock.now() - KEPT_MS, '');
    await tables.deleteFrom('audit_entries').where('place', '<', oldest).execute();
  };
  void prune().catch((error: unknown) => log.warn('audit_not_pruned', { err: errorText(error) }));

  const lineOf = (entry: NewAuditEntry): AuditLine => ({
    id: randomUUID(),
    at: new Date(clock.now()).toISOString(),
    ...entry,
  });
  const rowsOf = (line: AuditLine, also: readonly string[]): readonly AuditRow[] => {
    const doc = JSON.stringify(line);
    const place = placeOf(Date.parse(line.at), line.id);
    // What only reads is not a use of the relation that its list would show.
    const relation = line.kind === 'replaced' ? '' : (line.relation ?? '');
    return [...new Set([line.originTenant, line.tenant, ...also])].map((tenant, index) => ({
      tenant,
      place,
      is_main: index === 0 ? 1 : 0,
      is_read: line.kind === 'replaced' ? 1 : 0,
      relation,
      doc,
    }));
  };

  return {
    record: (entry, also = []) => queue.add(rowsOf(lineOf(entry), also)),
    write: async (entry) => {
      const line = lineOf(entry);
      const rows = rowsOf(line, []);
      const patience = new AbortController();
      const late = clock.sleep(PATIENCE_MS, patience.signal).then(() => LATE);
      try {
        const problem = await Promise.race([queue.added(rows), late]);
        if (problem !== null)
          throw new AppError('AUDIT_NOT_WRITTEN', `writing into the audit trail: ${problem}`);
      } finally {
        patience.abort();
      }
      const place = rows[0]?.place ?? '';
      return (status) => queue.complete(place, JSON.stringify({ ...line, status } satisfies AuditLine));
    },
    list: async ({ tenant, limit, before, changesOnly }) => {
      let query = tables.selectFrom('audit_entries').select(['place', 'doc']);
      query = tenant === null ? query.where('is_main', '=', 1) : query.where('tenant', '=', tenant);
      if (changesOnly === true) query = query.where('is_read', '=', 0);
      if (before !== null) query = query.where('place', '<', before);
      const rows = await query
        .orderBy('place', 'desc')
        .limit(limit + 1)
        .execute();
      const shown = rows.slice(0, limit);
      return {
        entries: shown.map(({ doc }) => JSON.parse(doc) as AuditLine),
        next: rows.length > limit ? (shown.at(-1)?.place ?? null) : null,
      };
    },
    lastByRelation: async () => {
      const rows = await tables
        .selectFrom('audit_entries')
        .select(({ fn }) => ['relation', fn.max('place').as('place')])
        .where('is_main', '=', 1)
        .where('relation', '!=', '')
        .groupBy('relation')
        .execute();
      return new Map(
        rows.map(({ relation, place }) => [
          relation,
          new Date(Number(String(place).slice(0, 15))).toISOString(),
        ]),
      );
    },
    settled: queue.settled,
    stop: queue.settled,
  };
};

const LATE = 'the database has not answered in time';

const placeOf = (epochMs: number, id: string): string =>
  `${String(Math.max(0, epochMs)).padStart(15, '0')} ${id}`;
