import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ResourceEntry, readResourceEntries } from './entry.ts';
import { readResourceTrie } from './trie.ts';

const entriesOf = (text: string): { readonly url: string; readonly entry: ResourceEntry }[] | null => {
  const bytes = Buffer.from(text);
  const url = Buffer.alloc(4_096);
  const found: { readonly url: string; readonly entry: ResourceEntry }[] = [];
  const isRead = readResourceTrie(bytes, bytes.length, url, (length, from, to) =>
    readResourceEntries(bytes, from, to, (entry) =>
      found.push({ url: url.toString('utf8', 0, length), entry }),
    ),
  );
  return isRead ? found : null;
};
const urlsOf = (text: string): string[] | undefined => entriesOf(text)?.map(({ url }) => url);

describe('restiming', () => {
  test('gives every fetch of a page with its times and sizes', () => {
    const text =
      '{"https://ex.com/":{"":"6,8c,7g,2s,1e*13k0,8c,5mo","a.js":"3g,3c,2s,1e*13k0,_*25","i/":{"a.png":"*02s,3c|1g,9,8","b.png":"1h,9|1i,a"}}}';
    const page = { initiator: 0x36, startTime: 0, responseEnd: 300, responseStart: 268, requestStart: 100 };
    const script = { initiator: 0x33, startTime: 16, responseEnd: 136, responseStart: 116, requestStart: 66 };
    const image = {
      initiator: 0x31,
      requestStart: 0,
      encodedBytes: null,
      transferBytes: null,
      decodedBytes: null,
    };
    expect(entriesOf(text)).toMatchObject([
      {
        url: 'https://ex.com/',
        entry: { ...page, encodedBytes: 4_608, transferBytes: 4_908, decodedBytes: 11_904 },
      },
      {
        url: 'https://ex.com/a.js',
        entry: { ...script, encodedBytes: 4_608, transferBytes: 0, decodedBytes: 4_608 },
      },
      {
        url: 'https://ex.com/i/a.png',
        entry: { ...image, startTime: 16, responseEnd: 25, responseStart: 24 },
      },
      { url: 'https://ex.com/i/b.png', entry: { ...image, startTime: 17, responseEnd: 26 } },
      { url: 'https://ex.com/i/b.png', entry: { ...image, startTime: 18, responseEnd: 28 } },
    ]);
  });

  test('knows both ways of saying that a node is an address itself', () => {
    expect(urlsOf('{"http://a.b/":{"|":"6,2","c":{"":"31,2","d":"31"}}}')).toEqual([
      'http://a.b/',
      'http://a.b/c',
      'http://a.b/cd',
    ]);
  });

  test('takes out the line breaks that Boomerang puts into suspicious words', () => {
    expect(urlsOf('{"http://a.b/sr":{"\\n":{"c.js":"31"}}}')).toEqual(['http://a.b/src.js']);
  });

  test('reads escaped quotes in addresses', () => {
    expect(urlsOf('{"http://a.b/\\"x\\"":"31"}')).toEqual(['http://a.b/"x"']);
  });

  test('reads the kind of a link', () => {
    expect(entriesOf('{"a.css":"25,3*44"}')?.[0]?.entry.linkRelation).toBe(4);
  });

  test.each(['', '[]', '{', '{"a":1}', '{"a":"31"', '{"a":"31"}}', '{ "a":"31"}', '{"a"}'])(
    'refuses %j',
    (text) => {
      expect(entriesOf(text)).toBeNull();
    },
  );

  test('refuses a trie that is deeper than 120 levels', () => {
    expect(entriesOf(`${'{"a":'.repeat(500)}"31"${'}'.repeat(500)}`)).toBeNull();
  });

  test('leaves out entries that it cannot read', () => {
    expect(entriesOf('{"a":"3?,2|31,2"}')).toHaveLength(1);
  });
});

/** restiming of real pages, published with front_basicrum_go; what is in them was counted with another decoder. */
const REAL: readonly [pid: string, entries: number, encoded: number, transferred: number, decoded: number][] =
  [
    ['aot3mvuv', 34, 1_311_615, 1_321_215, 2_445_069],
    ['2pkdylut', 26, 661_878, 631_731, 1_522_687],
    ['ad7jp5ar', 44, 744_240, 719_493, 1_623_053],
    ['znyx2y65', 26, 660_628, 630_481, 1_521_392],
    ['9js0togy', 42, 1_395_365, 1_418_898, 2_531_479],
    ['q0noplgj', 17, 337_734, 176_982, 982_572],
  ];

describe('restiming of real pages', () => {
  test.each(REAL)(
    '%s has %i fetches and the sizes that it has',
    (pid, count, encoded, transferred, decoded) => {
      const entries = entriesOf(real.find((beacon) => beacon.pid === pid)?.restiming ?? '') ?? [];
      const sum = (size: 'encodedBytes' | 'transferBytes' | 'decodedBytes'): number =>
        entries.reduce((total, { entry }) => total + (entry[size] ?? 0), 0);
      expect([entries.length, sum('encodedBytes'), sum('transferBytes'), sum('decodedBytes')]).toEqual([
        count,
        encoded,
        transferred,
        decoded,
      ]);
    },
  );
});

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fixture of ours
const { beacons: real } = JSON.parse(
  readFileSync(new URL('../../test/fixtures/beacons/public-restiming.json', import.meta.url), 'utf8'),
) as { readonly beacons: readonly { readonly pid: string; readonly restiming: string }[] };
