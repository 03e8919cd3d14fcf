import { expect, test } from 'vitest';
import { createMetrics } from '#core';
import { funnelOf } from './funnel.ts';
import { createFigures } from './metric-figures.ts';

/** Counters as the collector's and the loader's threads have them. */
const threads = async () => {
  const [door, loader] = [createMetrics(), createMetrics()];
  const received = door.counter('rumbrella_beacons_received_total', 'in', ['tenant']);
  const refused = door.counter('rumbrella_beacons_refused_total', 'no', ['tenant', 'reason']);
  const stored = loader.counter('rumbrella_beacons_stored_total', 'rows', ['tenant']);
  const archived = loader.counter('rumbrella_beacons_archived_only_total', 'files', ['folder']);
  const quarantined = loader.counter('rumbrella_beacons_quarantined_total', 'bad', ['tenant', 'reason']);
  loader.gauge('rumbrella_loader_pending_beacons', 'wait', ['tenant']).set({ tenant: 'shop' }, 2);
  loader.histogram('rumbrella_loader_insert_seconds', 'time', [1]).observe(0.5);
  received.inc({ tenant: 'shop' }, 10);
  received.inc({ tenant: 'unknown' }, 3);
  refused.inc({ tenant: 'shop', reason: 'too_large' }, 1);
  stored.inc({ tenant: 'shop' }, 6);
  archived.inc({ folder: 'unknown' }, 3);
  quarantined.inc({ tenant: 'shop', reason: '27' }, 1);
  return Promise.all([door.values(), loader.values()]);
};

test('the funnel puts the counters of all threads together by where beacons belong', async () => {
  const [shop, unknown, news] = funnelOf(createFigures(await threads()), ['news', 'unknown']);
  expect(shop).toEqual({
    destination: 'shop',
    received: 10,
    refused: [{ reason: 'too_large', count: 1 }],
    journaled: 9,
    stored: 6,
    archivedOnly: 0,
    notAccepted: [],
    quarantined: [{ reason: '27', count: 1 }],
    pending: 2,
  });
  expect(unknown).toMatchObject({ destination: 'unknown', received: 3, archivedOnly: 3 });
  expect(news).toMatchObject({ destination: 'news', received: 0, journaled: 0 });
});

test('what is on disk is what the loader has read in all its lives, when the door has had less in this one', async () => {
  const loader = createMetrics();
  loader.counter('rumbrella_loader_beacons_read_total', 'read', ['folder']).inc({ folder: 'shop' }, 500);
  loader.counter('rumbrella_beacons_stored_total', 'rows', ['tenant']).inc({ tenant: 'shop' }, 500);
  const door = createMetrics();
  door.counter('rumbrella_beacons_received_total', 'in', ['tenant']).inc({ tenant: 'shop' }, 3);
  door
    .counter('rumbrella_beacons_refused_total', 'no', ['tenant', 'reason'])
    .inc({ tenant: 'shop', reason: 'x' }, 2);
  const [shop] = funnelOf(createFigures([await door.values(), await loader.values()]), []);
  expect(shop).toMatchObject({ received: 502, journaled: 500, stored: 500 });
});

test('figures of the same name and labels are summed over threads, and what nobody counts is null', async () => {
  const values = await threads();
  const figures = createFigures([...values, ...values]);
  expect(figures.of('rumbrella_beacons_stored_total')).toEqual([{ labels: { tenant: 'shop' }, value: 12 }]);
  expect(figures.sum('rumbrella_beacons_received_total')).toBe(26);
  expect(figures.sum('rumbrella_engine_restarts_total')).toBeNull();
  expect(figures.of('rumbrella_loader_insert_seconds')).toEqual([]);
});
