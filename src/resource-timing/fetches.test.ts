import { describe, expect, test } from 'vitest';
import { readFetches } from './fetches.ts';

const PAGE =
  '{"https://ex.com/":{"|":"6,8c,7g,2s,1e*13k0,8c,5mo","a.js":"3g,3c,2s,1e*13k0,_*25","i/":{"a.png":"*02s,3c|1g,9,8","f.html":"ag,9"},"b":"80,1"}}';

describe('readFetches', () => {
  test('lists the fetches of a page by their start, the document first', () => {
    expect(readFetches(PAGE, '', 100)?.map(({ url, kind, start }) => [url, kind, start])).toEqual([
      ['https://ex.com/', 'document', 0],
      ['https://ex.com/b', 'beacon', 0],
      ['https://ex.com/a.js', 'script', 16],
      ['https://ex.com/i/a.png', 'img', 16],
      ['https://ex.com/i/f.html', 'frame', 16],
    ]);
  });

  test('gives null for times that the browser does not tell', () => {
    expect(readFetches(PAGE, '', 100)?.at(-1)).toMatchObject({
      requestStart: null,
      responseStart: null,
      end: 25,
      transferBytes: null,
    });
  });

  test('keeps the fetches that began first when there are more than the limit', () => {
    expect(readFetches(PAGE, '', 2)?.map(({ kind }) => kind)).toEqual(['document', 'beacon']);
  });

  test('reads nothing from an empty text and refuses what is no trie', () => {
    expect([readFetches('', '', 10), readFetches('{"a":1}', '', 10), readFetches('🙈', '', 10)]).toEqual([
      [],
      null,
      null,
    ]);
  });
});
