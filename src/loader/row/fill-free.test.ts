import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../test/support/decoded-row.ts';

describe('what the page said itself', () => {
  test('goes to timers, dimensions, metrics and the rest', () => {
    const row = rowOf({
      t_other: 'boomerang|3,hero|456',
      'ctim.checkout': 12,
      'cdim.plan': 'gold',
      'cmet.total': '-12.5',
      'my.own': 'x',
      __proto__2: 'y',
    });
    expect(row.timers).toEqual(
      new Map([
        ['hero', 456],
        ['checkout', 12],
      ]),
    );
    expect(row.dimensions).toEqual(new Map([['plan', 'gold']]));
    expect(row.custom_metrics).toEqual(new Map([['total', -12.5]]));
    expect(row.other).toEqual(
      new Map([
        ['my.own', 'x'],
        ['__proto__2', 'y'],
      ]),
    );
  });

  test('is bounded in number, and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'v']));
    const row = rowOf(many);
    expect(row.other.size).toBe(64);
    expect(row.rejected_fields).toEqual(['other']);
  });
});
