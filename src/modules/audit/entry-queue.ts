import { errorText, type Log } from '#core';
import type { Database } from '#database';

/** An entry in one organization's trail. */
export interface AuditRow {
  readonly tenant: string;
  readonly place: string;
  readonly is_main: number;
  readonly is_read: number;
  readonly relation: string;
  readonly doc: string;
}

/** The tables of the trail, for the query builder. */
export interface AuditTables {
  audit_entries: AuditRow;
}

/** Entries on their way to the database, in the order in which they came. */
export interface EntryQueue {
  /** Takes the rows of an entry. What cannot be written is logged (`audit_not_written`) with everything that it says. */
  add(rows: readonly AuditRow[]): void;
  /** Resolves when the rows of an entry are written: null, or why they could not be. Never rejects. */
  added(rows: readonly AuditRow[]): Promise<string | null>;
  /** Replaces what the entry at a place says. */
  complete(place: string, doc: string): void;
  /** Resolves when everything that came by now is written. */
  settled(): Promise<void>;
}

/** Entries that wait for the database at most; more are not written. */
const MOST_WAITING = 10_000;
const ENTRIES_AT_ONCE = 100;

interface Waiting {
  readonly rows: readonly AuditRow[];
  readonly told: (problem: string | null) => void;
}

/** Creates the queue. What comes in the same turn is one statement. */
export const createEntryQueue = (database: Database, log: Log): EntryQueue => {
  const tables = database.as<AuditTables>();
  const entries: Waiting[] = [];
  const completions: { readonly place: string; readonly doc: string }[] = [];
  let writing: Promise<void> | undefined;

  const begin = (): void => {
    writing ??= write().finally(() => {
      writing = undefined;
      // Came after the last look, before this line.
      if (entries.length + completions.length > 0) begin();
    });
  };
  const write = async (): Promise<void> => {
    await Promise.resolve();
    while (entries.length + completions.length > 0) {
      await insert(entries.splice(0, ENTRIES_AT_ONCE));
      // Whoever waits comes first: a completion is for an entry that is there already.
      if (entries.length === 0) await replace(completions.splice(0, ENTRIES_AT_ONCE));
    }
  };
  const insert = async (batch: readonly Waiting[]): Promise<void> => {
    if (batch.length === 0) return;
    let problem: string | null = null;
    try {
      await tables
        .insertInto('audit_entries')
        .values(batch.flatMap(({ rows }) => rows))
        .execute();
    } catch (error) {
      problem = errorText(error);
    }
    for (const { told } of batch) told(problem);
  };
  const replace = async (batch: typeof completions): Promise<void> => {
    if (batch.length === 0) return;
    try {
      await tables.transaction().execute(async (all) => {
        for (const { place, doc } of batch)
          await all
            .updateTable('audit_entries')
            .set({ doc })
            // Both values, so that the index of places is used.
            .where('is_main', 'in', [0, 1])
            .where('place', '=', place)
            .execute();
      });
    } catch (error) {
      log.error('audit_not_written', { err: errorText(error), entries: batch.map(({ doc }) => doc) });
    }
  };
  const lost = (rows: readonly AuditRow[], err: string): void =>
    log.error('audit_not_written', { err, entries: rows.map(({ doc }) => doc) });

  const added = (rows: readonly AuditRow[]): Promise<string | null> => {
    if (entries.length >= MOST_WAITING) return Promise.resolve(FULL);
    return new Promise((told) => {
      entries.push({ rows, told });
      begin();
    });
  };

  return {
    add: (rows) =>
      void added(rows).then((problem) => {
        if (problem !== null) lost(rows, problem);
      }),
    added,
    complete: (place, doc) => {
      if (completions.length >= MOST_WAITING)
        return log.error('audit_not_written', { err: FULL, entries: [doc] });
      completions.push({ place, doc });
      begin();
    },
    settled: async () => {
      while (writing !== undefined) await writing;
    },
  };
};

const FULL = 'too many entries wait for the database';
