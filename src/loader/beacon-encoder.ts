import type { Clock, Log, Metrics, Running } from '#core';
import { createBeaconRows } from './beacon-row.ts';
import { openGeoDatabase } from './enrich/geo-database.ts';
import type { BeaconOptions } from './loader-options.ts';
import type { EncodeBeacon, ReleaseRows } from './ports.ts';

/** Beacons to rows, with the geo database behind it. */
export interface BeaconEncoder extends Running {
  readonly encode: EncodeBeacon;
  readonly release: ReleaseRows;
}

/** What the encoder needs from outside. */
export interface BeaconEncoderDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Opens the geo database and prepares the rules. Counts refused values per field. */
export const openBeaconEncoder = async (
  options: BeaconOptions,
  { clock, log, metrics }: BeaconEncoderDeps,
): Promise<BeaconEncoder> => {
  // Names come from our own lists of parameters and columns, so their number is bounded.
  const rejected = metrics.counter(
    'rumbrella_loader_rejected_fields_total',
    'values of beacons that were not believed and became NULL, by parameter or column',
    ['field'],
  );
  const overflows = metrics.counter(
    'rumbrella_loader_label_overflows_total',
    'Labels that became `other` because their column had too many different values of this tenant on this day',
    ['tenant', 'column'],
  );
  const geo = await openGeoDatabase(options.geoDatabase, { clock, log });
  const { encode, release } = createBeaconRows(options, {
    geo,
    onRejected: (fields) => {
      for (const field of fields) rejected.inc({ field });
    },
    onOverflow: (tenant, column) => overflows.inc({ tenant, column }),
  });
  return { encode, release, stop: () => geo.stop() };
};
