import { join } from 'node:path';
import type { Log } from '#core';
import { openCheckpoint, openJournalReader, type Position } from '#journal';
import { emptyState, type LoaderState, parseState } from '#loader';
import type { TenantId } from '#tenants';

/** How far the loader of a data folder is, seen from another process. */
export interface LoaderProgress {
  /** Looks again, unless it just did. What was seen before stays true: the loader only goes forward. */
  refresh(): Promise<void>;
  /** Will the loader still read this position for the tenant, or compare it with the table? */
  isBusyWith(tenant: TenantId, position: Position): boolean;
}

const LOOK_EVERY_MS = 1_000;

/** Reads the checkpoint and the list of segments of a data folder. No loader need be running. */
export const openLoaderProgress = async (dataDir: string, log: Log): Promise<LoaderProgress> => {
  const checkpoint = openCheckpoint<LoaderState>(join(dataDir, 'loader.checkpoint'), parseState);
  const journal = openJournalReader({ folder: join(dataDir, 'journal'), log });
  let state: LoaderState = emptyState;
  let segments: ReadonlySet<string> = new Set();
  let lookedAt = Number.NEGATIVE_INFINITY;
  const refresh = async (): Promise<void> => {
    if (performance.now() - lookedAt < LOOK_EVERY_MS) return;
    const found = await checkpoint.load();
    state = found.kind === 'found' ? found.value : emptyState;
    segments = new Set((await journal.segments()).map(({ segment }) => segment));
    lookedAt = performance.now();
  };
  await refresh();
  return {
    refresh,
    isBusyWith: (tenant, position) => segments.has(position.segment) && !isSettled(state, tenant, position),
  };
};

/** Everything before the cursor is in its table, but for tenants that lag and for what is looked at once more. */
export const isSettled = (
  { cursor, lagging, reverify }: LoaderState,
  tenant: TenantId,
  { segment, offset }: Position,
): boolean => {
  const isBefore = (end: Readonly<Record<string, number>>): boolean => offset < (end[segment] ?? 0);
  const lag = new Map(Object.entries(lagging)).get(tenant);
  return (
    isBefore(cursor) &&
    (lag === undefined || isBefore(lag.cursor)) &&
    (reverify === null || isBefore(reverify.cursor) || !isBefore(reverify.until))
  );
};
