import { expect, it } from 'vitest';
import { createManualClock } from '#core';
import { createSteadyClock } from './steady-clock.ts';

const START = Date.parse('2027-06-01T00:00:00Z');
const DAY = 86_400_000;

const clocks = () => {
  const wall = createManualClock(START);
  return { wall, steady: createSteadyClock(wall) };
};

it('follows a clock that runs', () => {
  const { wall, steady } = clocks();
  wall.advance(3 * DAY);
  expect(steady.now()).toBe(START + 3 * DAY);
});

it('does not believe a leap of more than a day for a minute, and runs on meanwhile', () => {
  const { wall, steady } = clocks();
  wall.jumpTo(START + 400 * DAY);
  expect(steady.now()).toBe(START);
  wall.advance(59_999);
  expect(steady.now()).toBe(START + 59_999);
  wall.advance(1);
  expect(steady.now()).toBe(START + 400 * DAY + 60_000);
});

it('forgets a leap that is taken back', () => {
  const { wall, steady } = clocks();
  wall.jumpTo(START + 400 * DAY);
  steady.now();
  wall.advance(50_000);
  wall.jumpTo(START + 50_000);
  expect(steady.now()).toBe(START + 50_000);
  wall.jumpTo(START + 400 * DAY);
  wall.advance(30_000);
  expect(steady.now()).toBe(START + 80_000);
});

it('tells of each jump of more than a minute once, and of no smaller one', () => {
  const wall = createManualClock(START);
  const jumps: number[] = [];
  const steady = createSteadyClock(wall, { onJump: (byMs) => jumps.push(byMs) });
  const jump = (byMs: number): void => {
    wall.jumpTo(wall.now() + byMs);
    steady.now();
    steady.now();
  };
  for (const byMs of [60_000, -60_000, 60_001, -3_600_000, 400 * DAY]) jump(byMs);
  wall.advance(60_000);
  steady.now();
  steady.now();
  expect(jumps).toEqual([60_001, -3_600_000, 400 * DAY]);
});

it.each([
  ['an hour ahead', 3_600_000],
  ['a day ahead', DAY],
  ['an hour back', -3_600_000],
  ['a year back', -365 * DAY],
])('follows a jump %s at once', (_, jump) => {
  const { wall, steady } = clocks();
  wall.jumpTo(START + jump);
  expect(steady.now()).toBe(START + jump);
});
