import type { Clock, Log } from '#core';
import type { MigrationProgress, TenantTables } from '#warehouse';

/** The first look at the tables of all tenants, which may have to migrate many of them. */
export interface FirstLook {
  /** Resolves when each has been migrated, or has failed once. */
  readonly over: Promise<void>;
  /** How far it is; null: it is over, or has found nothing to migrate yet. */
  progress(): MigrationProgress | null;
}

const TELL_EVERY_MS = 3_000;

/** Begins it, and says every few seconds how far it is: thousands of tenants take minutes, and one slow server looks like none. */
export const beginFirstLook = (
  tables: Pick<TenantTables, 'start'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): FirstLook => {
  const ended = new AbortController();
  let progress: MigrationProgress | null = null;
  const tell = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(TELL_EVERY_MS, ended.signal);
      if (ended.signal.aborted) return;
      if (progress !== null) log.info('migrations_progress', { ...progress });
    }
  };
  const over = tables
    .start((next) => {
      progress = next;
    })
    .finally(() => {
      progress = null;
      ended.abort();
    });
  void tell();
  return { over, progress: () => progress };
};
