import type { Random } from './random.ts';
import type { Visit } from './visit.ts';

const base36 = (value: number): string => (value === 0 ? '' : Math.round(value).toString(36));

/** Times of a fetch, ms: start and length, first byte and request relative to the start; 0: not told. */
const entry = (initiator: string, times: readonly number[], extras = ''): string => {
  const [start = 0, ...offsets] = times;
  const list = [Math.round(start).toString(36), ...offsets.map(base36)].join(',');
  return `${initiator}${list.replace(/,+$/, '')}${extras}`;
};

const sizes = (random: Random, encoded: number, ratio: number, isCached: boolean): string => {
  const decoded = Math.round(encoded * (ratio - 1));
  return `*1${base36(encoded)},${isCached ? '_' : base36(300 + random.whole(0, 90))}${decoded > 0 ? `,${base36(decoded)}` : ''}`;
};

type Trie = { [piece: string]: string | Trie };

/** Address of the image that is the largest paint. */
export const heroOf = ({ site, pageId }: Visit): string =>
  `https://${site.host}/media/catalog/hero-${pageId.slice(0, 3)}.webp`;

/** `restiming` of a visit: some forty resources, as a trie of path pieces, 1.5 to 3.4 KB. */
export const resourceTiming = (random: Random, visit: Visit): string => {
  const { firstByte, lastByte, connectEnd, profile, documentBytes, site, pageId } = visit;
  const isCached = visit.isReused;
  const fetch = (initiator: string, median: number, ratio: number, extra = ''): string => {
    const start = firstByte + random.skewed(120, 0.8);
    const length = random.skewed(isCached ? 8 : 90 * profile.slowness, 0.8) + 1;
    const first = Math.floor(length * 0.7);
    const size = sizes(random, random.skewed(median, 0.8), ratio, isCached && random.chance(0.7));
    return entry(initiator, [start, length, first, Math.floor(first * 0.1)], `${size}${extra}`);
  };
  const foreign = (initiator: string): string =>
    entry(initiator, [firstByte + random.skewed(400, 0.6), random.skewed(120, 0.7)]);
  const many = (count: number, name: () => string, make: () => string): Trie =>
    Object.fromEntries(Array.from({ length: visit.isBrief === true ? 0 : count }, () => [name(), make()]));
  const heroStart = firstByte + (visit.heroDelay ?? random.whole(20, 120));

  const own: Trie = {
    [visit.path.slice(1).split('?')[0] ?? '']: entry(
      '6',
      [0, lastByte, firstByte, connectEnd],
      sizes(random, documentBytes, 4.2, false),
    ),
    'static/': {
      'js/': many(
        random.whole(5, 9),
        () => `${random.text(6)}.min.js`,
        () => fetch('3', 24_000, 3.1, '*21*4'),
      ),
      'css/': many(
        random.whole(2, 5),
        () => `theme-${random.text(4)}.css`,
        () => fetch('2', 14_000, 5, '*44'),
      ),
      'fonts/': many(
        random.whole(1, 3),
        () => `${random.text(5)}.woff2`,
        () => fetch('4', 22_000, 1),
      ),
    },
    'media/catalog/': {
      [`hero-${pageId.slice(0, 3)}.webp`]: `*0${base36(420)},${base36(640)}|${entry(
        '1',
        [heroStart, Math.max(4, visit.largestPaint - heroStart - 40), 60, 5],
        sizes(random, random.skewed(60_000, 0.5), 1, isCached),
      )}`,
      ...many(
        random.whole(10, 30),
        () => `${random.text(1)}/${random.text(9)}_240x240.jpg`,
        () => `*0${base36(240)},${base36(240)}|${fetch('1', 12_000, 1)}`,
      ),
    },
    'api/': many(
      random.whole(0, 3),
      () => random.text(6),
      () => fetch('5', 1_800, 2.4),
    ),
  };
  return JSON.stringify({
    'https://': {
      [`${site.host}/`]: own,
      'www.googletagmanager.com/gtm.js?id=GTM-5XK2': foreign('3'),
      'cdn.example-ads.com/': many(
        random.whole(1, 5),
        () => `tag/${random.text(5)}.js`,
        () => foreign('3'),
      ),
    },
  });
};
