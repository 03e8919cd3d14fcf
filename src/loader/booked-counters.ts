import type { Metrics } from '#core';
import { type Counted, createLedger } from './ledger.ts';

/** The counters of what becomes of beacons. They outlive the loader: they are in its checkpoint, and go on from there. */
export const createBookedCounters = (metrics: Metrics) => {
  const counters = {
    read: metrics.counter(
      'rumbrella_loader_beacons_read_total',
      'Beacons that were read from the journal and are in the archive',
      ['folder'],
    ),
    stored: metrics.counter('rumbrella_beacons_stored_total', 'Beacons that are rows of their tenant', [
      'tenant',
    ]),
    archivedOnly: metrics.counter(
      'rumbrella_beacons_archived_only_total',
      'Beacons that are in the archive and belong in no table',
      ['folder'],
    ),
    refused: metrics.counter(
      'rumbrella_loader_refused_total',
      'Beacons that are in the archive and may not be rows: host name that the tenant does not accept, opt-out',
      ['tenant', 'reason'],
    ),
    quarantined: metrics.counter(
      'rumbrella_beacons_quarantined_total',
      'Beacons that the warehouse refuses, by its error code',
      ['tenant', 'reason'],
    ),
  };
  const ledger = createLedger((what, destination, count, reason) => {
    switch (what) {
      case 'read':
      case 'archivedOnly':
        return counters[what].inc({ folder: destination }, count);
      case 'stored':
        return counters.stored.inc({ tenant: destination }, count);
      case 'refused':
      case 'quarantined':
        return counters[what].inc({ tenant: destination, reason }, count);
    }
  });
  const byFolder = (what: Counted) => ({
    inc: ({ folder }: { readonly folder: string }, count = 1): void => ledger.add(what, folder, count, ''),
  });
  const byReason = (what: Counted) => ({
    inc: ({ tenant, reason }: { readonly tenant: string; readonly reason: string }, count = 1): void =>
      ledger.add(what, tenant, count, reason),
  });
  return {
    ledger,
    read: byFolder('read'),
    archivedOnly: byFolder('archivedOnly'),
    stored: {
      inc: ({ tenant }: { readonly tenant: string }, count = 1): void =>
        ledger.add('stored', tenant, count, ''),
    },
    refused: byReason('refused'),
    quarantined: byReason('quarantined'),
  };
};
