import { describe, expect, test } from 'vitest';
import { placeOf } from './place.ts';

describe('place', () => {
  test.each([
    ['BG', 'Sofia', 'BG', 'Sofia'],
    [' "bg" ', '"Sofia"', 'BG', 'Sofia'],
    ['T1', '', 'T1', null],
    ['XX', '', '', null],
    ['BGR', '', '', null],
    ['--', 'Z\u00c3\u00bcrich', '', 'Zürich'],
  ])('from %j and %j is %j and %j', (country, city, code, name) => {
    expect(placeOf(country, city)).toEqual({ country: code, city: name });
  });
});
