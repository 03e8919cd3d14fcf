import { expect, it } from 'vitest';
import type { BreakdownRow } from '#reports';
import { inOrder } from './value-order.ts';

const rows = (...values: readonly string[]): readonly BreakdownRow[] =>
  values.map((value) => ({ value, views: 1, share: 0, impact: 0, vitals: [] }));
const order = (dimension: string, ...values: readonly string[]): readonly string[] =>
  inOrder(dimension, rows(...values)).map(({ value }) => value);

it('orders ranges and numbers by size, what is not known last', () => {
  expect(order('round_trip', '400+', '', '50-100', '0-50')).toEqual(['0-50', '50-100', '400+', '']);
  expect(order('cpu_cores', '16', '4', '8')).toEqual(['4', '8', '16']);
});

it('orders connections from slow to fast', () => {
  expect(order('connection', '4g', 'slow-2g', '3g')).toEqual(['slow-2g', '3g', '4g']);
});
