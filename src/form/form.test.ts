import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFormReader, createFormRoom } from './form.ts';

/** One for all forms: what it learned of one must not change another. */
const reader = createFormReader((text) => text.length);
const room = createFormRoom<number>();
const read = (text: string) => reader.read(Buffer.from(text), room);

const piece = fc.constantFrom('a', 'b', 'rt.si', '=', '=', '&', '&', '+', '%20', '%C3%A9', '%zz', '%ff', '%');
const text = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(''));

describe('a form', () => {
  test('has the names and the values that URLSearchParams finds, where they stand', () => {
    fc.assert(
      fc.property(text, (form) => {
        const { count, names, places, bytes } = read(form);
        const found = Array.from({ length: count }, (_, field) => {
          const value = bytes.subarray(places[field * 2], places[field * 2 + 1]).toString();
          return [names[field]?.text, new URLSearchParams(`v=${value}`).get('v')];
        });
        expect(found).toEqual([...new URLSearchParams(`&${form}`)]);
      }),
      { numRuns: 3_000 },
    );
  });

  test('is exact when pairs of texts can give its names back', () => {
    const exact = (form: string): boolean => read(form).isExact;
    expect(['a=1&b=%zz', 'a=&&b=2&', '%C3%A9=1', ''].map(exact)).toEqual([true, true, true, true]);
    expect(['a', 'a=1&a=2', 'a=1&%61=2', '%zz=1', '%ff=1', 'é=1'].map(exact)).toEqual(Array(6).fill(false));
  });

  test('asks once what a name means, however it is spelled', () => {
    const asked: string[] = [];
    const asking = createFormReader((name) => asked.push(name));
    for (const form of ['a=1&b=2', '%61=1', 'b=1&a=2']) asking.read(Buffer.from(form), createFormRoom());
    expect(asked.filter((name) => name !== '')).toEqual(['a', 'b']);
  });

  test('with more fields than are looked at is not exact', () => {
    const { count, isExact } = read(Array.from({ length: 6_000 }, (_, number) => `k${number}=`).join('&'));
    expect([count, isExact]).toEqual([5_000, false]);
  });
});
