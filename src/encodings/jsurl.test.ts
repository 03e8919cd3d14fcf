import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeJsurl, decodeObject, type JsurlValue } from './jsurl.ts';

/** Writes a value as the Compression plug-in does. */
const write = (value: JsurlValue): string => {
  if (typeof value === 'string') return `~'${escaped(value)}`;
  if (Array.isArray(value)) return value.length === 0 ? '~(~)' : `~(${value.map(write).join('')})`;
  if (value instanceof Map)
    return `~(${[...value].map(([key, each]) => `${escaped(key)}${write(each)}`).join('~')})`;
  return `~${JSON.stringify(value)}`;
};

const escaped = (text: string): string =>
  text.replaceAll(/[^\w.-]/g, (character) => {
    if (character === '$') return '!';
    const code = character.charCodeAt(0).toString(16);
    return character.charCodeAt(0) < 256 ? `*${code.padStart(2, '0')}` : `**${code.padStart(4, '0')}`;
  });

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

  test('reads what was written', () => {
    const { value } = fc.letrec<{ value: JsurlValue; list: JsurlValue; map: JsurlValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('value'), { maxLength: 5 }),
      map: fc
        // An object whose first key is empty is written as a list: JSURL cannot tell them apart.
        .array(fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), tie('value')), { maxLength: 5 })
        .map((entries) => new Map(entries)),
    }));
    fc.assert(
      fc.property(value, (any) => {
        expect(decodeJsurl(write(any))).toEqual(any);
      }),
      { numRuns: 500 },
    );
  });

  test('reads any text without a fault', () => {
    const mark = fc.constantFrom('~', '(', ')', "'", '*', '**', '!', 'a', '1', 'true', '~(', '~(a', '-', '.');
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 200 }), (parts) => {
        decodeJsurl(parts.join(''));
      }),
      { numRuns: 1_000 },
    );
    expect(decodeJsurl(`~(${'~1'.repeat(30_000)})`)).toBeUndefined();
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
