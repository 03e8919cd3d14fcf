import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBoomerangFile } from './boomerang-file.ts';

const nothing = { redirect: null, dns: null, connect: null, tls: null };

describe("the fetch of Boomerang's own file", () => {
  test('tells when it began, was asked for, was answered and was there', () => {
    expect(readBoomerangFile('203,149,134,2')).toEqual({
      start: 203,
      requestStart: 205,
      responseStart: 337,
      end: 352,
      ...nothing,
    });
  });

  test('tells the parts before the request', () => {
    expect(readBoomerangFile('10,90,80,70,60,50,40,30,25,20,5')).toEqual({
      start: 10,
      requestStart: 80,
      responseStart: 90,
      end: 100,
      redirect: 15,
      dns: 5,
      connect: 20,
      tls: 10,
    });
    expect(readBoomerangFile('10,90,80,70,60,0,40')).toMatchObject({ connect: 20, tls: null });
    expect(readBoomerangFile('10')).toMatchObject({ end: 10, responseStart: null });
  });

  test('is read as it was written', () => {
    const offset = fc.nat({ max: 60_000 });
    fc.assert(
      fc.property(
        offset,
        fc.array(offset, { minLength: 3, maxLength: 3 }),
        (start, [end = 0, first = 0, asked = 0]) => {
          const text = [start, end, first, asked].join(',').replace(/,+$/, '');
          expect(readBoomerangFile(text)).toEqual({
            start,
            requestStart: asked === 0 ? null : start + asked,
            responseStart: first === 0 ? null : start + first,
            end: start + end,
            ...nothing,
          });
        },
      ),
    );
  });

  test('is nothing when it is anything else', () => {
    const mark = fc.constantFrom(',', '0', '1', '999999999', '9999999999', '-', '.', 'e', ' ', 'NaN');
    const text = fc.array(mark, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (any) => {
        const read = readBoomerangFile(any);
        for (const value of Object.values(read ?? {}))
          expect(value === null || (Number.isSafeInteger(value) && value >= 0)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(['', ',', 'a', '1,b', '-1', '1.5', '1,2,3,4,5,6,7,8,9,10,11,12'].map(readBoomerangFile)).toEqual(
      Array.from({ length: 7 }, () => null),
    );
  });
});
