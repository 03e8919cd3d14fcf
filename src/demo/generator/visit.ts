import { pickProfile, type Profile } from './profiles.ts';
import type { Random } from './random.ts';

/** Where a visit happens. */
export interface Site {
  readonly host: string;
  /** Value of `brum_trace`; empty: none is sent. */
  readonly trace: string;
}

/** One page that somebody looked at. Times are ms since navigation start unless they say otherwise. */
export interface Visit {
  readonly site: Site;
  readonly profile: Profile;
  readonly userAgent: string;
  readonly screen: string;
  /** Epoch ms. */
  readonly navigationStart: number;
  readonly path: string;
  readonly pageType: string;
  readonly referrer: string;
  readonly pageId: string;
  readonly sessionId: string;
  readonly sessionStart: number;
  readonly pagesInSession: number;
  readonly isReused: boolean;
  readonly redirect: number;
  readonly fetchStart: number;
  readonly connectStart: number;
  readonly connectEnd: number;
  readonly firstByte: number;
  readonly lastByte: number;
  readonly domInteractive: number;
  readonly domComplete: number;
  readonly loaded: number;
  readonly firstPaint: number;
  readonly largestPaint: number;
  readonly layoutShift: number;
  readonly documentBytes: number;
  /** From the first byte to the request of the largest image, ms. Default: a little. */
  readonly heroDelay?: number;
  /** Of its resources only the document and the largest image are listed. Default: all of them. */
  readonly isBrief?: boolean;
  /** How much longer interactions take than usual. Default: 1. */
  readonly interactionCost?: number;
}

const PAGES: readonly [readonly [type: string, prefix: string], ...(readonly [string, string])[]] = [
  ['home', '/'],
  ['category', '/c/'],
  ['product', '/p/'],
  ['product', '/p/'],
  ['article', '/news/'],
  ['cart', '/cart'],
  ['search', '/search?q='],
];

/** Makes up a visit whose load ends at `at` (epoch ms). */
export const createVisit = (
  random: Random,
  site: Site,
  at: number,
  profile: Profile = pickProfile(random),
): Visit => {
  const slow = profile.slowness;
  const pagesInSession = random.chance(0.4) ? 1 : random.whole(2, 14);
  const isReused = pagesInSession > 1 && random.chance(0.8);
  const redirect = random.chance(0.08) ? random.skewed(180 * slow, 0.6) : 0;
  const fetchStart = redirect + random.whole(1, 12);
  const connectStart = fetchStart + (isReused ? 0 : random.skewed(18 * slow, 0.7));
  const connectEnd = connectStart + (isReused ? 0 : random.skewed(60 * slow, 0.6));
  const firstByte = connectEnd + 2 + random.skewed(220 * slow, 0.7);
  const lastByte = firstByte + random.skewed(30 * slow, 0.8);
  const domInteractive = lastByte + random.skewed(350 * slow, 0.6);
  const domComplete = domInteractive + random.skewed(700 * slow, 0.7);
  const loaded = domComplete + random.whole(1, 25);
  const firstPaint = firstByte + random.skewed(320 * slow, 0.5);
  const [pageType, prefix] = random.pick(PAGES);
  const navigationStart = at - loaded;
  const sessionStart = navigationStart - (pagesInSession - 1) * random.whole(8_000, 60_000);
  return {
    site,
    profile,
    userAgent: profile.userAgent(random),
    screen: random.pick(profile.screens),
    navigationStart,
    path:
      /[/=]$/.test(prefix) && prefix !== '/'
        ? `${prefix}${wordOf(random)}-${random.whole(1, 4_000)}`
        : prefix,
    pageType,
    referrer: referrerOf(random, site.host, pagesInSession),
    pageId: random.text(8),
    sessionId: `${uuidOf(random)}-${Math.floor(sessionStart / 1_000).toString(36)}`,
    sessionStart,
    pagesInSession,
    isReused,
    redirect,
    fetchStart,
    connectStart,
    connectEnd,
    firstByte,
    lastByte,
    domInteractive,
    domComplete,
    loaded,
    firstPaint,
    largestPaint: Math.min(firstPaint + random.skewed(450 * slow, 0.8), loaded + 400),
    layoutShift: random.chance(0.45) ? 0 : Math.min(1.5, random.skewed(45, 1.1) / 1_000),
    documentBytes: random.skewed(24_000, 0.6),
  };
};

const WORDS =
  'lamp chair table sofa rug shelf mirror vase clock blanket basket bottle kettle pan bowl plate'.split(
    ' ',
  ) as [string, ...string[]];

const wordOf = (random: Random): string => `${random.pick(WORDS)}-${random.pick(WORDS)}`;

const referrerOf = (random: Random, host: string, pages: number): string => {
  if (pages > 1) return `https://${host}/`;
  return random.weighted([
    [40, ''],
    [35, 'https://www.google.com/'],
    [10, 'https://m.facebook.com/'],
    [15, 'https://blog.example.net/best-lamps?page=2'],
  ]);
};

const HEX = '0123456789abcdef';

const uuidOf = (random: Random): string =>
  [8, 4, 4, 4, 12].map((length) => random.text(length, HEX)).join('-');
