import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatFilter, OPERATORS, parseFilter, withFilter } from './filter.ts';

const filter = fc.record({
  dimension: fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/),
  op: fc.constantFrom(...OPERATORS),
  values: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
});

describe('filters', () => {
  test('come back as they were written', () => {
    fc.assert(
      fc.property(filter, (one) => {
        expect(parseFilter(formatFilter(one))).toEqual(one);
      }),
    );
  });

  test.each(['', 'device', 'device:is', 'device:like:x', 'Device:is:x', 'device:is:%zz'])(
    '%j is none',
    (text) => {
      expect(parseFilter(text)).toBeNull();
    },
  );

  test('of the same dimension and operator become one with all values', () => {
    const german = { dimension: 'country', op: 'is' as const, values: ['DE'] };
    const both = withFilter([german], { ...german, values: ['AT', 'DE'] });
    expect(both).toEqual([{ ...german, values: ['DE', 'AT'] }]);
  });
});
