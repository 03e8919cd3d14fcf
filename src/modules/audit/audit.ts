import { randomUUID } from 'node:crypto';
import { type Clock, errorText, type Log, type Running } from '#core';
import type { Database } from '#database';
import type { AuditAnswer, AuditLine } from '../operations/contract.ts';

/** What is written down of something that was done. */
export type NewAuditEntry = Omit<AuditLine, 'id' | 'at'>;

/** The audit trail of all organizations, in the control database. */
export interface Audit extends Running {
  /**
   * Writes an entry into the trail of the organization where the user belongs, of the one for which it was done, and of `also`. Returns at once;
   * what cannot be written is logged (`audit_not_written`) with everything that it says.
   */
  record(entry: NewAuditEntry, also?: readonly string[]): void;
  /** Newest first. `tenant` null: of all organizations, each entry once. */
  list(question: AuditQuestion): Promise<AuditAnswer>;
  /** When something was written by a relation last, by its id. */
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
}

/** Entries that wait for the database at most; more are logged only. */
const MOST_WAITING = 10_000;
const ROWS_AT_ONCE = 200;
/** Entries are kept for two years. */
const KEPT_MS = 2 * 366 * 86_400_000;

type Row = { tenant: string; place: string; is_main: number; relation: string; doc: string };
type Tables = { audit_entries: Row };

/** Opens the trail; entries older than two years are removed. */
export const openAudit = (database: Database, clock: Clock, log: Log): Audit => {
  const tables = database.as<Tables>();
  let waiting: Row[] = [];
  let writing: Promise<void> | undefined;

  const begin = (): void => {
    writing ??= write().finally(() => {
      writing = undefined;
      // Recorded after the last look, before this line.
      if (waiting.length > 0) begin();
    });
  };
  const write = async (): Promise<void> => {
    // What comes in the same turn is one statement.
    await Promise.resolve();
    while (waiting.length > 0) {
      const rows = waiting.slice(0, ROWS_AT_ONCE);
      waiting = waiting.slice(rows.length);
      try {
        await tables.insertInto('audit_entries').values(rows).execute();
      } catch (error) {
        log.error('audit_not_written', { err: errorText(error), entries: rows.map(({ doc }) => doc) });
      }
    }
  };
  const prune = async (): Promise<void> => {
    const oldest = placeOf(clock.now() - KEPT_MS, '');
    await tables.deleteFrom('audit_entries').where('place', '<', oldest).execute();
  };
  void prune().catch((error: unknown) => log.warn('audit_not_pruned', { err: errorText(error) }));

  return {
    record: (entry, also = []) => {
      const id = randomUUID();
      const now = clock.now();
      const doc = JSON.stringify({ id, at: new Date(now).toISOString(), ...entry } satisfies AuditLine);
      if (waiting.length >= MOST_WAITING) return log.error('audit_not_written', { entries: [doc] });
      const trails = [...new Set([entry.originTenant, entry.tenant, ...also])];
      for (const [index, tenant] of trails.entries())
        waiting.push({
          tenant,
          place: placeOf(now, id),
          is_main: index === 0 ? 1 : 0,
          relation: entry.relation ?? '',
          doc,
        });
      begin();
    },
    list: async ({ tenant, limit, before }) => {
      let query = tables.selectFrom('audit_entries').select(['place', 'doc']);
      query = tenant === null ? query.where('is_main', '=', 1) : query.where('tenant', '=', tenant);
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
    settled: async () => {
      while (writing !== undefined) await writing;
    },
    stop: async () => {
      while (writing !== undefined) await writing;
    },
  };
};

const placeOf = (epochMs: number, id: string): string =>
  `${String(Math.max(0, epochMs)).padStart(15, '0')} ${id}`;
