import { describe, expect, test } from 'vitest';
import { decodeJsurl, decodeObject } from './jsurl.ts';

describe('decodeJsurl', () => {
  test.each([
    ["~'abc", 'abc'],
    ["~'a*20b!c**20ac", 'a b$c€'],
    ['~12.5', 12.5],
    ['~-3', -3],
    ['~true', true],
    ['~null', null],
    ['~(~)', []],
    ["~(~1~'a~(~))", [1, 'a', []]],
    ['~()', new Map()],
    [
      "~(a~1~b~(c~'x))",
      new Map<string, unknown>([
        ['a', 1],
        ['b', new Map([['c', 'x']])],
      ]),
    ],
  ])('reads %s', (text, value) => {
    expect(decodeJsurl(text)).toEqual(value);
  });

  test.each(['', 'abc', '~', '~(', '~(a', '~(a~', '~(~1', '~nonsense', "~'a)b", '~1~2'])(
    'refuses %j',
    (text) => {
      expect(decodeJsurl(text)).toBeUndefined();
    },
  );

  test('refuses what goes deeper than 32 levels', () => {
    expect(decodeJsurl(`${'~('.repeat(32)}~1${')'.repeat(32)}`)).toBeDefined();
    expect(decodeJsurl(`${'~('.repeat(33)}~1${')'.repeat(33)}`)).toBeUndefined();
  });

  test('keeps keys like __proto__ as keys', () => {
    expect(decodeJsurl('~(__proto__~(x~1))')).toEqual(new Map([['__proto__', new Map([['x', 1]])]]));
    expect('x' in {}).toBe(false);
  });
});

describe('decodeObject', () => {
  test('reads JSON where there was no compression', () => {
    expect(decodeObject('[{"m":"x"}]')).toEqual([new Map([['m', 'x']])]);
  });
});
