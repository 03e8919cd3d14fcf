import type { Metrics } from '#core';
import type { RefusalReason } from './refusal.ts';

/** Counts beacons with plain numbers; the metrics are brought up to date when somebody reads them. */
export interface Tally {
  /** A beacon came in for this destination (a tenant, `unknown` or `expired`). */
  received(destination: string): void;
  /** It is in the journal, for the folder `expired`: whose trace it has. */
  expired(tenant: string): void;
  /** It was not stored. Whoever calls this has called `received` for it, too. */
  refused(destination: string, reason: RefusalReason): void;
}

/** Creates the counters. Destinations come from the users map, so their number is bounded. */
export const createTally = (metrics: Metrics): Tally => {
  const received = new Map<string, number>();
  const expired = new Map<string, number>();
  const refused = new Map<string, Map<RefusalReason, number>>();
  const receivedTotal = metrics.counter(
    'rumbrella_beacons_received_total',
    'Beacons that came in, by tenant or folder',
    ['tenant'],
  );
  const expiredTotal = metrics.counter(
    'rumbrella_beacons_expired_total',
    'Beacons of expired organizations that are kept in the archive alone, by whose trace they have',
    ['tenant'],
  );
  const refusedTotal = metrics.counter(
    'rumbrella_beacons_refused_total',
    'Beacons that were not stored, by tenant or folder and reason',
    ['tenant', 'reason'],
  );
  metrics.beforeValues(() => {
    for (const [tenant, count] of received) receivedTotal.inc({ tenant }, count);
    received.clear();
    for (const [tenant, count] of expired) expiredTotal.inc({ tenant }, count);
    expired.clear();
    for (const [tenant, reasons] of refused)
      for (const [reason, count] of reasons) refusedTotal.inc({ tenant, reason }, count);
    refused.clear();
  });
  return {
    received: (destination) => void received.set(destination, (received.get(destination) ?? 0) + 1),
    expired: (tenant) => void expired.set(tenant, (expired.get(tenant) ?? 0) + 1),
    refused: (destination, reason) => {
      let reasons = refused.get(destination);
      if (reasons === undefined) refused.set(destination, (reasons = new Map()));
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    },
  };
};
