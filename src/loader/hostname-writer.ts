import { type Clock, errorText, type Log, type Running } from '#core';
import type { TenantId } from '#tenants';
import { createHostnameNotes } from '#warehouse';
import type { WarehousePort } from './ports.ts';

/** Keeps the tables of host names up to date, beside the rounds: nothing waits for it, and what fails is noted again later. */
export interface HostnameWriter extends Running {
  /** Beacons of these host names were stored. */
  note(groups: readonly { readonly tenant: TenantId; readonly hostnames: ReadonlySet<string> }[]): void;
}

/** Creates a writer; it asks the warehouse about once a minute for each name. */
export const createHostnameWriter = (
  warehouse: Pick<WarehousePort, 'upsertHostnames'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): HostnameWriter => {
  const notes = createHostnameNotes();
  const waiting = new Map<TenantId, Set<string>>();
  let writing: Promise<void> | null = null;
  let stopped = false;

  const write = async (): Promise<void> => {
    for (const [tenant, hostnames] of waiting) {
      if (stopped) return;
      waiting.delete(tenant);
      try {
        await warehouse.upsertHostnames(tenant, [...hostnames], clock.now());
      } catch (error) {
        log.warn('hostnames_not_written', { tenant, err: errorText(error) });
      }
    }
  };

  return {
    note: (groups) => {
      for (const { tenant, hostnames } of groups) {
        const due = notes.due(tenant, [...hostnames], clock.now());
        if (due.length === 0) continue;
        const names = waiting.get(tenant) ?? new Set();
        for (const name of due) names.add(name);
        waiting.set(tenant, names);
      }
      if (waiting.size > 0 && !stopped)
        writing ??= write().finally(() => {
          writing = null;
        });
    },
    stop: async () => {
      stopped = true;
      await writing;
    },
  };
};
