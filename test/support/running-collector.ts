import { afterEach } from 'vitest';
import type { CollectorOptions } from '#collector';
import type { Clock } from '#core';
import type { JournalWriter } from '#journal';
import { type CollectorServer, startCollectorServer } from './collector-server.ts';

/** Where beacons are sent. */
export const CATCHER = '/beacon/catcher';
/** The type of a form. */
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let server: CollectorServer | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

/** Starts a collector until the end of the test; `journal` may stand before the real one. */
export const start = async (
  options: Partial<CollectorOptions> = {},
  journal?: (real: JournalWriter) => JournalWriter,
  clock?: Clock,
): Promise<CollectorServer> => {
  server = await startCollectorServer(options, journal, clock);
  return server;
};

/** Name and labels of the counter of refused beacons. */
export const refused = (reason: string, tenant = 'unknown') =>
  ['rumbrella_beacons_refused_total', { tenant, reason }] as const;
