import { describe, expect, test } from 'vitest';
import { createManualClock } from '#core';
import type { TenantId } from '#tenants';
import { CATCHER, refused, start } from '../../test/support/running-collector.ts';

/** Who is told 429, and who is not. */
describe('too many beacons', () => {
  test('answers beacons of nobody 429 when they take too much, and those of organizations as ever', async () => {
    const { send, entries, counter } = await start({ unknownBytesPerHour: 5_000 });
    const flood = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(`${CATCHER}?brum_trace=made-up-${n}`)),
    );
    const statuses = flood.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(4);
    expect(statuses.filter((status) => status === 429)).toHaveLength(16);
    expect(await counter(...refused('unknown_limit'))).toBe(16);
    expect((await send(`${CATCHER}?brum_trace=other`)).status).toBe(204);
    expect(await entries()).toHaveLength(5);
  });

  test('answers the flood of one organization 429 and counts it there, and takes those of the others', async () => {
    const clock = createManualClock(Date.UTC(2026, 10, 2));
    const { send, entries, counter } = await start({ tenantBeaconsPerSecond: 2 }, undefined, clock);
    const flood = await Promise.all(
      Array.from({ length: 60 }, () => send(`${CATCHER}?brum_trace=BY83kR5MS5PM`)),
    );
    const over = flood.filter(({ status }) => status === 429);
    expect(flood.filter(({ status }) => status === 204)).toHaveLength(20);
    expect(over).toHaveLength(40);
    expect(over[0]?.headers['retry-after']).toBe('1');
    expect(over[0]?.text).toContain('collector.tenant_beacons_per_second');
    expect((await send(`${CATCHER}?brum_trace=of-the-news`)).status).toBe(204);
    clock.advance(500);
    expect((await send(`${CATCHER}?brum_trace=other`)).status).toBe(204);

    expect(await counter('rumbrella_beacons_received_total', { tenant: 'fashion_bg' })).toBe(61);
    expect(await counter('rumbrella_beacons_refused_total', { tenant: 'fashion_bg' })).toBe(40);
    expect(await counter(...refused('quota', 'fashion_bg'))).toBe(40);
    expect(await counter('rumbrella_beacons_refused_total', { tenant: 'sofia_news' })).toBe(0);
    const stored = Map.groupBy(await entries(), ({ record }) => record.destination);
    expect(stored.get('fashion_bg' as TenantId)).toHaveLength(21);
    expect(stored.get('sofia_news' as TenantId)).toHaveLength(1);
  });

  test('holds one organization to the number that the users map gives it, and the others to the usual one', async () => {
    const { send, counter } = await start(
      { tenantBeaconsPerSecond: 4 },
      undefined,
      createManualClock(Date.UTC(2026, 10, 2)),
    );
    const flood = async (trace: string): Promise<number> => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => send(`${CATCHER}?brum_trace=${trace}`)),
      );
      return answers.filter(({ status }) => status === 429).length;
    };
    expect(await flood('of-the-small-one')).toBe(30);
    expect(await flood('of-the-news')).toBe(10);
    expect(await counter(...refused('quota', 'small_shop'))).toBe(30);
  });

  test('answers what comes from one network 429 when it is too much, and others as ever', async () => {
    const { send, counter } = await start(
      { networkBeaconsPerSecond: 1, trustedProxies: ['127.0.0.1'] },
      undefined,
      createManualClock(Date.UTC(2026, 10, 2)),
    );
    const from = (address: string) =>
      send(`${CATCHER}?brum_trace=other`, { headers: { 'x-forwarded-for': address } });
    const flood = await Promise.all(Array.from({ length: 40 }, (_, n) => from(`203.0.113.${n}`)));
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(22);
    expect(await counter(...refused('network_quota', 'fashion_bg'))).toBe(22);
    expect((await from('203.0.114.1')).status).toBe(204);
  });

  test('answers made-up traces 429 when they are too many', async () => {
    const { send, counter } = await start(
      { unknownBeaconsPerSecond: 2 },
      undefined,
      createManualClock(Date.UTC(2026, 10, 2)),
    );
    const flood = await Promise.all(
      Array.from({ length: 30 }, (_, n) => send(`${CATCHER}?brum_trace=made-up-${n}`)),
    );
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(10);
    expect(flood.at(-1)?.text).toContain('collector.unknown_beacons_per_second');
    expect(await counter(...refused('quota'))).toBe(10);
    expect((await send(`${CATCHER}?brum_trace=other`)).status).toBe(204);
  });
});
