import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Buckets, createBuckets } from './buckets.ts';

const takeMany = (buckets: Buckets, key: string, times: number, now: number): number =>
  Array.from({ length: times }, () => buckets.take(key, 1, now)).filter(Boolean).length;

test('a bucket holds a burst, and what was taken comes back with the time, up to a full one', () => {
  const buckets = createBuckets({ perSecond: 10, burst: 30, most: 8 });
  expect(takeMany(buckets, 'a', 50, 0)).toBe(30);
  expect(takeMany(buckets, 'a', 50, 99)).toBe(0);
  expect(takeMany(buckets, 'a', 50, 1_000)).toBe(10);
  expect(takeMany(buckets, 'a', 50, 3_600_000)).toBe(30);
});

test('keys do not take from each other', () => {
  const buckets = createBuckets({ perSecond: 1, burst: 2, most: 8 });
  expect(takeMany(buckets, 'a', 9, 0)).toBe(2);
  expect(takeMany(buckets, 'b', 9, 0)).toBe(2);
});

test('what is refused takes nothing', () => {
  const buckets = createBuckets({ perSecond: 1, burst: 5, most: 8 });
  expect([buckets.take('a', 6, 0), buckets.take('a', 3, 0), buckets.take('a', 3, 0)]).toEqual([
    false,
    true,
    false,
  ]);
  expect(buckets.take('a', 2, 0)).toBe(true);
});

test('without a rate everything may be taken, and nobody is remembered', () => {
  const buckets = createBuckets({ perSecond: 0, burst: 0, most: 8 });
  expect(takeMany(buckets, 'a', 1_000, 0)).toBe(1_000);
  expect(buckets.size).toBe(0);
});

test('at most so many keys are remembered, and one that floods is not forgotten for those that come by', () => {
  const buckets = createBuckets({ perSecond: 0.001, burst: 1, most: 100 });
  expect(buckets.take('flood', 1, 0)).toBe(true);
  for (let other = 0; other < 10_000; other += 1) {
    expect(buckets.take(`other-${other}`, 1, 0)).toBe(true);
    expect(buckets.take('flood', 1, 0)).toBe(false);
    expect(buckets.size).toBeLessThanOrEqual(100);
  }
  expect(buckets.take('other-0', 1, 0)).toBe(true);
});

test('in no span of time more passes than the rate gives in it and one burst', () => {
  const calls = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      tokens: fc.integer({ min: 1, max: 9 }),
      after: fc.nat(2_500),
    }),
    { minLength: 1, maxLength: 120 },
  );
  fc.assert(
    fc.property(
      calls,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 40 }),
      (list, perSecond, burst) => {
        const buckets = createBuckets({ perSecond, burst, most: 16 });
        let now = 0;
        const passed = list.flatMap(({ key, tokens, after }) => {
          now += after;
          return buckets.take(key, tokens, now) ? [{ key, tokens, at: now }] : [];
        });
        for (const key of ['a', 'b', 'c']) {
          const own = passed.filter((each) => each.key === key);
          for (const [first, { at: from }] of own.entries()) {
            let sum = 0;
            for (const { tokens, at } of own.slice(first)) {
              sum += tokens;
              expect(sum).toBeLessThanOrEqual(burst + ((at - from) * perSecond) / 1_000 + 1e-6);
            }
          }
        }
      },
    ),
  );
});
