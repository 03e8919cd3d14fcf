import { expect, it } from 'vitest';
import { linearScale, logScale } from './scales.ts';

it('maps evenly and back, also upwards', () => {
  const scale = linearScale(0, 4_000, 200, 0);
  expect(scale.position(1_000)).toBe(150);
  expect(scale.value(150)).toBe(1_000);
});

it('puts everything at the start when the range has no length', () => {
  const scale = linearScale(5, 5, 10, 90);
  expect([scale.position(7), scale.value(50)]).toEqual([10, 5]);
});

it('gives doublings the same length on a logarithmic scale', () => {
  const scale = logScale(100, 1_600, 0, 400);
  expect([100, 200, 400, 1_600].map((value) => Math.round(scale.position(value)))).toEqual([
    0, 100, 200, 400,
  ]);
  expect(Math.round(scale.value(300))).toBe(800);
});

it('puts zero at the start of a logarithmic scale', () => {
  expect(logScale(1, 10, 5, 50).position(0)).toBe(5);
});
