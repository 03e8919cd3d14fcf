import { describe, expect, test } from 'vitest';
import { nextDue, type Timer, timersOf, withTime } from './timer-plan.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const timer = (routingEntry: Timer['routingEntry']): Timer => ({
  id: 'm_0',
  moduleId: 'm-1.0.0',
  routingEntry,
});

describe('a timer is due', () => {
  test.each([
    [{ unit: 'millisecond', delay: '250' }, 250],
    [{ unit: 'minute', delay: '2' }, 120_000],
    [{ unit: 'day', delay: '1' }, 86_400_000],
  ])('after its delay: %j', (time, pause) => {
    expect(nextDue(time, noon)).toBe(noon + pause);
  });

  test('at the time of its zone, in summer and in winter', () => {
    const time = { schedule: { cron: '0 4 * * *', zone: 'Europe/Sofia' } };
    expect(nextDue(time, Date.UTC(2026, 0, 1, 0))).toBe(Date.UTC(2026, 0, 1, 2));
    expect(nextDue(time, Date.UTC(2026, 6, 1, 0))).toBe(Date.UTC(2026, 6, 1, 1));
    expect(nextDue({ schedule: { cron: '30 * * * *' } }, noon)).toBe(noon + 1_800_000);
  });

  test.each([
    [{}],
    [{ unit: 'second', delay: '0' }],
    [{ unit: 'parsec', delay: '1' }],
    [{ unit: 'second', delay: 'x' }],
    [{ schedule: { cron: 'never' } }],
    [{ schedule: { cron: '0 4 * * *', zone: 'Mars/Base' } }],
    [{ schedule: {} }],
  ])('never when it says nothing readable: %j', (time) => {
    expect(nextDue(time, noon)).toBeNull();
  });
});

describe('another time', () => {
  const scheduled = timer({ methods: ['GET'], pathPattern: '/x', schedule: { cron: '0 4 * * *' } });
  const delayed = timer({ methods: ['GET'], pathPattern: '/x', unit: 'hour', delay: '1' });

  test('takes the place of the old one', () => {
    expect(withTime(scheduled, { unit: 'second', delay: '1' }).routingEntry).toEqual({
      methods: ['GET'],
      pathPattern: '/x',
      unit: 'second',
      delay: '1',
    });
    expect(withTime(delayed, { schedule: { cron: '* * * * *' } }).routingEntry).toEqual({
      methods: ['GET'],
      pathPattern: '/x',
      schedule: { cron: '* * * * *' },
    });
    expect(withTime(delayed, undefined)).toBe(delayed);
  });

  test('keeps the unit of a delay, and switches a schedule off', () => {
    expect(withTime(delayed, { delay: '2' }).routingEntry).toMatchObject({ unit: 'hour', delay: '2' });
    expect(nextDue(withTime(scheduled, { delay: '0' }).routingEntry, noon)).toBeNull();
  });
});

test('the timers of a module are numbered over all its handlers', () => {
  const handlers = [{ pathPattern: '/a' }, { pathPattern: '/b' }];
  expect(
    timersOf({ id: 'mod-x-1.2.3', provides: [{ id: '_timer', version: '1.0', handlers }] }).map(
      ({ id }) => id,
    ),
  ).toEqual(['mod-x_0', 'mod-x_1']);
  expect(timersOf({ id: 'mod-x-1.2.3' })).toEqual([]);
});
