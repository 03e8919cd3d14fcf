import { describe, expect, test } from 'vitest';
import { tokensOf } from './tokens.ts';

const read = (text: string): string[] =>
  [...tokensOf(text)].map(({ kind, start, end }) => `${kind}:${text.slice(start, end)}`);

describe('the tokens of ClickHouse SQL', () => {
  test.each<[string, string, string[]]>([
    [
      'words, numbers and marks',
      'SELECT a1+2.5e3',
      ['word:SELECT', 'word:a1', 'mark:+', 'number:2', 'mark:.', 'number:5e3'],
    ],
    [
      'strings with escapes and doubled quotes',
      String.raw`'it''s \' one' 'two'`,
      [String.raw`string:'it''s \' one'`, "string:'two'"],
    ],
    ['quoted names', '`a``b` "c""d"', ['quoted:`a``b`', 'quoted:"c""d"']],
    [
      'comments of all kinds',
      "a -- x'\nb /* ' /* in */ ' */ c # d '\ne #!f\ng // h\ni",
      ['word:a', 'word:b', 'word:c', 'word:e', 'word:g', 'word:i'],
    ],
    [
      'here-documents',
      "$$ it's $$ $tag$ $$ $tag$ a$b",
      ["string:$$ it's $$", 'string:$tag$ $$ $tag$', 'word:a$b'],
    ],
    ['typographic quotes', '‘a’ “b”', ['string:‘a’', 'quoted:“b”']],
    ['blanks that are not ASCII', 'a\u00a0b\u2003c\ufeffd', ['word:a', 'word:b', 'word:c', 'word:d']],
    ['what is not closed', "a 'b", ['word:a', "broken:'b"]],
    ['a comment that is not closed', 'a /* b /* c */', ['word:a', 'broken: /* b /* c */']],
    ['a here-document that is not closed', 'a $x$ b $y$', ['word:a', 'broken:$x$ b $y$']],
    ['nothing', ' -- only a comment', []],
  ])('are found in %s', (_, text, tokens) => {
    expect(read(text)).toEqual(tokens);
  });

  test('know how many brackets are around them', () => {
    expect([...tokensOf('a (b [c] ) d')].map(({ value, depth }) => `${value}${depth}`)).toEqual([
      'A0',
      '(0',
      'B1',
      '[1',
      'C2',
      ']1',
      ')0',
      'D0',
    ]);
  });

  test('give quoted names without their escapes', () => {
    expect([...tokensOf('`a\\`b``c`')].map(({ value }) => value)).toEqual(['a`b`c']);
  });

  test('are found in a megabyte of quotes, brackets and comments in one go', () => {
    for (const piece of ["'", '/*', '(', '`a', '$$', '-- ', '‘']) {
      expect([...tokensOf(piece.repeat(200_000))].length).toBeGreaterThan(-1);
    }
  });
});
