import { expect, test } from 'vitest';
import { createManualClock } from '#core';
import { createQuotas, type QuotaOptions } from './quotas.ts';

const NO_BOUNDS: QuotaOptions = {
  tenantBeaconsPerSecond: 0,
  networkBeaconsPerSecond: 0,
  unknownBeaconsPerSecond: 0,
  unknownBytesPerHour: 0,
  maxBodyBytes: 262_144,
  maxHeaderBytes: 32_768,
};

const open = (options: Partial<QuotaOptions>) => {
  const clock = createManualClock(0);
  const quotas = createQuotas({ ...NO_BOUNDS, ...options }, clock);
  const passed = (own: number | null) =>
    Array.from({ length: 500 }, () => quotas.over('own', '', 1, own)).filter((over) => over === null).length;
  /** How many of `times` beacons pass, and over which quotas the others are. */
  const send = (times: number, destination: string, network = '203.0.113.0', bytes = 4_096) => {
    const answers = Array.from({ length: times }, () => quotas.over(destination, network, bytes));
    return [
      answers.filter((over) => over === null).length,
      ...new Set(answers.filter((over) => over !== null)),
    ];
  };
  return { clock, send, passed };
};

test('a tenant has ten seconds of its rate at once and its rate from then on, whatever the others do', () => {
  const { clock, send } = open({ tenantBeaconsPerSecond: 10 });
  expect(send(500, 'shop')).toEqual([100, 'tenantQuota']);
  expect(send(50, 'news')).toEqual([50]);
  clock.advance(1_000);
  expect(send(500, 'shop')).toEqual([10, 'tenantQuota']);
});

test('a tenant may have a rate of its own, also without a usual one, and a change of it counts at once', () => {
  for (const tenantBeaconsPerSecond of [0, 5]) {
    const { clock, passed } = open({ tenantBeaconsPerSecond });
    expect(passed(3)).toBe(30);
    clock.advance(10_000);
    expect(passed(2)).toBe(20);
    clock.advance(1_000);
    expect(passed(40)).toBe(40);
    clock.advance(60_000);
    expect(passed(40)).toBe(400);
  }
});

test('a network has its own for all tenants together, and does not use up what a tenant has', () => {
  const { send } = open({ networkBeaconsPerSecond: 2, tenantBeaconsPerSecond: 5 });
  expect(send(100, 'shop', '203.0.113.0')).toEqual([20, 'networkQuota']);
  expect(send(10, 'news', '203.0.113.0')).toEqual([0, 'networkQuota']);
  expect(send(10, 'news', '198.51.100.0')).toEqual([10]);
  expect(send(100, 'shop', '2001:db8:2:3::')).toEqual([20, 'networkQuota']);
  expect(send(100, 'shop', '192.0.2.0')).toEqual([10, 'tenantQuota', 'networkQuota']);
});

test('whoever comes from no network in particular is bound by the quota of the tenant alone', () => {
  const { send } = open({ networkBeaconsPerSecond: 2, tenantBeaconsPerSecond: 5 });
  expect(send(100, 'shop', '')).toEqual([50, 'tenantQuota']);
});

test('beacons of nobody have a rate of their own, and those of expired tenants one together', () => {
  const { send } = open({ unknownBeaconsPerSecond: 2, tenantBeaconsPerSecond: 4 });
  expect(send(100, 'unknown')).toEqual([20, 'unknownQuota']);
  expect(send(100, 'expired')).toEqual([40, 'tenantQuota']);
  expect(send(100, 'shop')).toEqual([40, 'tenantQuota']);
});

test('a large beacon counts for each 16 KiB of it, and the largest passes at any rate', () => {
  const { clock, send } = open({ tenantBeaconsPerSecond: 10 });
  expect(send(100, 'shop', '', 16_384)).toEqual([100]);
  expect(send(100, 'news', '', 16_385)).toEqual([50, 'tenantQuota']);
  const slow = open({ tenantBeaconsPerSecond: 1 });
  expect(slow.send(2, 'shop', '', 262_144 + 32_768)).toEqual([1, 'tenantQuota']);
  clock.advance(10_000);
  expect(send(100, 'news', '', 65_536)).toEqual([25, 'tenantQuota']);
});

test('whoever comes from no network in particular is bound by the quota of the tenant alone', () => {
  const { send } = open({ networkBeaconsPerSecond: 2, tenantBeaconsPerSecond: 5 });
  expect(send(100, 'shop', '')).toEqual([50, 'tenantQuota']);
});

test('beacons of nobody have their bytes for an hour, which come back with the time', () => {
  const { clock, send } = open({ unknownBytesPerHour: 4 * 2_048 });
  const sendKilobytes = (times: number) => send(times, 'unknown', '', 1_024);
  expect(sendKilobytes(5)).toEqual([4, 'unknownLimit']);
  clock.advance(900_000);
  expect(sendKilobytes(2)).toEqual([1, 'unknownLimit']);
  clock.advance(24 * 3_600_000);
  expect(sendKilobytes(5)).toEqual([4, 'unknownLimit']);
});

test('without bounds everything passes', () => {
  const { send } = open({});
  expect(send(2, 'unknown', '', 1e12)).toEqual([2]);
  expect(send(2, 'shop', '', 1e12)).toEqual([2]);
});

test('a clock that is set anew changes nothing', () => {
  const { clock, send } = open({ tenantBeaconsPerSecond: 10 });
  expect(send(500, 'shop')).toEqual([100, 'tenantQuota']);
  clock.jumpTo(1e12);
  expect(send(1, 'shop')).toEqual([0, 'tenantQuota']);
});
