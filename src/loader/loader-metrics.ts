import type { Metrics } from '#core';
import { createBookedCounters } from './booked-counters.ts';

/** The loader's figures. Conservation per tenant: read = stored + archived only + refused + quarantined + pending. */
export type LoaderMetrics = ReturnType<typeof createLoaderMetrics>;

/** Registers the loader's metrics. */
export const createLoaderMetrics = (metrics: Metrics) => ({
  ...createBookedCounters(metrics),
  healed: metrics.counter(
    'rumbrella_loader_rows_healed_total',
    'Rows that a restarted server had lost and that were inserted again',
    ['tenant'],
  ),
  damage: metrics.counter(
    'rumbrella_journal_damage_total',
    'Places in the journal that were passed over because they hold no record; counted again when they are met again after a start',
    ['kind'],
  ),
  roundRows: metrics.histogram(
    'rumbrella_loader_round_rows',
    'Beacons in one round',
    [1, 10, 100, 300, 1_000, 3_000, 10_000, 20_000, 50_000],
  ),
  roundSeconds: metrics.histogram(
    'rumbrella_loader_round_seconds',
    'From the first insert of a round to its checkpoint',
    [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
  ),
  insertSeconds: metrics.histogram(
    'rumbrella_loader_insert_seconds',
    'Time of one insert',
    [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    ['outcome'],
  ),
  insertRows: metrics.counter('rumbrella_loader_insert_rows_total', 'Rows that were sent in inserts', [
    'outcome',
  ]),
  freshness: metrics.histogram(
    'rumbrella_loader_freshness_seconds',
    'Age of the oldest beacon of a round when the round was in the tables',
    [0.1, 0.3, 1, 2, 3, 5, 10, 30, 100, 1_000],
  ),
  segmentsRemoved: metrics.counter(
    'rumbrella_loader_segments_removed_total',
    'Loaded segments that were deleted',
  ),
});
