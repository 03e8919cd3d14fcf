import type { Random } from './random.ts';

/** A kind of visitor: browser, device, and what the browser can measure. */
export interface Profile {
  readonly userAgent: (random: Random) => string;
  readonly vendor: string;
  readonly platform: string;
  readonly screens: readonly [string, ...string[]];
  readonly pixelRatio: number;
  readonly isMobile: boolean;
  /** Chromium: network, memory, layout shifts, first paint. */
  readonly isChromium: boolean;
  /** Largest paint and event timing. */
  readonly hasVitals: boolean;
  /** How much slower than a desktop. */
  readonly slowness: number;
}

const chromium = { vendor: 'Google Inc.', isChromium: true, hasVitals: true } as const;

const chromeVersion = (random: Random): number => random.whole(118, 142);

const CHROME_MOBILE: Profile = {
  ...chromium,
  userAgent: (random) =>
    `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${chromeVersion(random)}.0.0.0 Mobile Safari/537.36`,
  platform: 'Linux armv81',
  screens: ['360x800', '412x915', '393x873', '384x854'],
  pixelRatio: 2.625,
  isMobile: true,
  slowness: 1.8,
};

const CHROME_DESKTOP: Profile = {
  ...chromium,
  userAgent: (random) =>
    `Mozilla/5.0 (${random.pick(['Windows NT 10.0; Win64; x64', 'Macintosh; Intel Mac OS X 10_15_7', 'X11; Linux x86_64'])}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${chromeVersion(random)}.0.0.0 Safari/537.36`,
  platform: 'Win32',
  screens: ['1920x1080', '1366x768', '1536x864', '2560x1440'],
  pixelRatio: 1,
  isMobile: false,
  slowness: 1,
};

const EDGE: Profile = {
  ...CHROME_DESKTOP,
  userAgent: (random) => {
    const version = chromeVersion(random);
    return `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36 Edg/${version}.0.0.0`;
  },
};

const SAFARI_MOBILE: Profile = {
  userAgent: (random) => {
    const version = `${random.whole(16, 26)}.${random.whole(0, 5)}`;
    return `Mozilla/5.0 (iPhone; CPU iPhone OS ${version.replace('.', '_')} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Mobile/15E148 Safari/604.1`;
  },
  vendor: 'Apple Computer, Inc.',
  platform: 'iPhone',
  screens: ['390x844', '393x852', '430x932', '375x667'],
  pixelRatio: 3,
  isMobile: true,
  isChromium: false,
  hasVitals: false,
  slowness: 1.4,
};

const FIREFOX: Profile = {
  userAgent: (random) => {
    const version = random.whole(115, 145);
    return `Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
  },
  vendor: '',
  platform: 'Win32',
  screens: ['1920x1080', '1680x1050', '1536x864'],
  pixelRatio: 1,
  isMobile: false,
  isChromium: false,
  hasVitals: true,
  slowness: 1.1,
};

const BOT: Profile = {
  ...CHROME_MOBILE,
  userAgent: () =>
    'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.122 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  slowness: 1,
};

/** Picks a visitor; shares are those of an ordinary shop. */
export const pickProfile = (random: Random): Profile =>
  random.weighted([
    [44, CHROME_MOBILE],
    [24, CHROME_DESKTOP],
    [18, SAFARI_MOBILE],
    [6, EDGE],
    [6, FIREFOX],
    [2, BOT],
  ]);
