import type { Metrics } from '#core';
import type { LoaderStatus } from './status.ts';

/** Registers the gauges that follow from the loader's status, and returns the function that sets them. */
export const createLoaderGauges = (metrics: Metrics): ((status: LoaderStatus) => void) => {
  const lagSeconds = metrics.gauge(
    'rumbrella_loader_lag_seconds',
    'Age of the oldest beacon that was read and is not loaded yet; 0: there is none',
  );
  const pendingBytes = metrics.gauge(
    'rumbrella_loader_journal_pending_bytes',
    'Bytes of the journal that are not loaded yet',
  );
  const lagging = metrics.gauge(
    'rumbrella_loader_lagging_tenants',
    'Tenants whose rows could not be loaded yet',
  );
  const pending = metrics.gauge('rumbrella_loader_pending_beacons', 'Beacons of lagging tenants that wait', [
    'tenant',
  ]);
  const warehouseUp = metrics.gauge('rumbrella_loader_warehouse_up', '1: the warehouse answers');
  const refuses = metrics.gauge(
    'rumbrella_loader_warehouse_refuses',
    '1: the warehouse answers and refuses all inserts',
  );
  return (status) => {
    lagSeconds.set(status.lagSeconds);
    pendingBytes.set(status.pendingBytes);
    lagging.set(status.lagging.length);
    warehouseUp.set(status.warehouse.up ? 1 : 0);
    refuses.set(status.warehouse.refuses ? 1 : 0);
    pending.reset();
    for (const { tenant, pending: beacons } of status.lagging) pending.set({ tenant }, beacons);
  };
};
