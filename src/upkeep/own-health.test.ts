import { describe, expect, test } from 'vitest';
import { createMetrics } from '#core';
import type { LoaderStatus } from '#loader';
import { readOwnHealth } from './own-health.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

/** Counters of two organizations and of what belongs to nobody. */
const metricValues = async () => {
  const metrics = createMetrics();
  const received = metrics.counter('rumbrella_beacons_received_total', 'in', ['tenant']);
  const refused = metrics.counter('rumbrella_beacons_refused_total', 'no', ['tenant', 'reason']);
  const stored = metrics.counter('rumbrella_beacons_stored_total', 'rows', ['tenant']);
  const quarantined = metrics.counter('rumbrella_beacons_quarantined_total', 'bad', ['tenant', 'reason']);
  received.inc({ tenant: 'shop' }, 10);
  received.inc({ tenant: 'news' }, 7_777);
  received.inc({ tenant: 'expired' }, 5_555);
  refused.inc({ tenant: 'shop', reason: 'too_large' }, 1);
  refused.inc({ tenant: 'news', reason: 'rate_of_news' }, 1);
  stored.inc({ tenant: 'shop' }, 9);
  quarantined.inc({ tenant: 'news', reason: 'SECRET_OF_NEWS' }, 3);
  const expired = metrics.counter('rumbrella_beacons_expired_total', 'late', ['tenant']);
  expired.inc({ tenant: 'shop' }, 6);
  expired.inc({ tenant: 'news' }, 8_888);
  return [await metrics.values()];
};

const ask = (
  tenant: string,
  figuresOf = async () => ({ rows: 9, lastBeaconAt: '2026-11-22T09:00:00.000Z' }),
) =>
  readOwnHealth(tenant, {
    registry: {
      current: () =>
        ({ byId: (id: string) => ({ id, expiresAt: id === 'shop' ? NOW + 86_400_000 : null }) }) as never,
    },
    loader: {
      status: () =>
        ({
          lagSeconds: 4,
          lagging: [
            {
              tenant: 'news',
              since: NOW - 60_000,
              code: 'SECRET_CODE',
              reason: 'SECRET_REASON',
              attempts: 3,
              pending: 4_444,
            },
          ],
        }) as unknown as LoaderStatus,
    },
    metricValues,
    figuresOf,
    now: NOW,
    startedAt: NOW - 3_600_000,
  });

describe("the health of one organization's data", () => {
  test('says what became of its beacons', async () => {
    expect(await ask('shop')).toEqual({
      at: '2026-11-22T12:00:00.000Z',
      countingSince: '2026-11-22T11:00:00.000Z',
      tenant: 'shop',
      expiresAt: '2026-11-23T12:00:00.000Z',
      isStoreUp: true,
      rows: 9,
      lastBeaconAt: '2026-11-22T09:00:00.000Z',
      beacons: {
        received: 10,
        refused: [{ reason: 'too_large', count: 1 }],
        journaled: 9,
        stored: 9,
        archivedOnly: 0,
        notAccepted: [],
        quarantined: [],
        pending: 0,
      },
      cameAfterEnd: 6,
      lagSeconds: 4,
      waitingSince: null,
    });
  });

  test('says nothing of others, and of what waits only whether it does', async () => {
    const shop = JSON.stringify(await ask('shop'));
    for (const word of ['news', 'SECRET', '7777', '5555', '4444', '8888']) expect(shop).not.toContain(word);
    const news = await ask('news');
    expect(news.waitingSince).toBe('2026-11-22T11:59:00.000Z');
    expect(JSON.stringify(news)).not.toMatch(/SECRET_(CODE|REASON)/);
  });

  test('has zeros for one that sent nothing, and says so when the warehouse does not answer', async () => {
    const silent = await ask('silent', () => Promise.reject(new Error('down')));
    expect(silent).toMatchObject({ isStoreUp: false, rows: 0, lastBeaconAt: null });
    expect(silent.beacons).toMatchObject({ received: 0, stored: 0, refused: [] });
  });
});
