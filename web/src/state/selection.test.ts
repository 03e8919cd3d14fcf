import { describe, expect, test } from 'vitest';
import { comparedPeriod, selectionOf } from './selection.ts';
import { DEFAULT_VIEW } from './url.ts';

const now = Date.parse('2026-11-22T10:00:00Z');

describe('the selection of a view', () => {
  test('names the period in full and the engine, and leaves the defaults of reports out', () => {
    expect(selectionOf(null, DEFAULT_VIEW, now)).toEqual([
      ['from', '2026-10-26T00:00:00.000Z'],
      ['to', '2026-11-22T10:00:00.000Z'],
      ['filter', 'engine:is:Blink'],
    ]);
  });

  test('writes filters as reports read them, whatever stands in the values', () => {
    const filters = [{ dimension: 'url_path', op: 'is' as const, values: ['/a|b', '/c:d', '/ü'] }];
    const selection = selectionOf('shop.example', { ...DEFAULT_VIEW, engine: 'all', filters }, now);
    expect(selection).toContainEqual(['site', 'shop.example']);
    expect(selection).toContainEqual(['filter', 'url_path:is:%2Fa%7Cb|%2Fc%3Ad|%2F%C3%BC']);
  });

  test('compares with a period of the same length that ends where this one begins', () => {
    const compared = comparedPeriod(
      { ...DEFAULT_VIEW, from: '2026-11-08', to: '2026-11-14', compare: 'prev' },
      now,
    );
    expect(compared).toEqual({ from: Date.parse('2026-11-01'), to: Date.parse('2026-11-08') });
  });

  test('compares with the same days of the week a year ago', () => {
    const compared = comparedPeriod(
      { ...DEFAULT_VIEW, from: '2026-11-16', to: '2026-11-22', compare: 'year' },
      now,
    );
    expect(new Date(compared?.from ?? 0).getUTCDay()).toBe(new Date('2026-11-16').getUTCDay());
    expect(compared?.from).toBe(Date.parse('2025-11-17'));
  });
});
