import { type DemoOrganization, demoNews, demoShop } from '../organizations.ts';

/** A group of pages of a demo site. */
export interface DemoPages {
  readonly group: string;
  /** Share of the page views, any scale: as the first page of a session, and as a later one. */
  readonly landing: number;
  readonly later: number;
  /** Number of different pages. */
  readonly count: number;
  readonly path: (number: number) => string;
  /** How much heavier than an ordinary page. */
  readonly weight: number;
  readonly selector: string;
}

/** What a release changed for a page view; `days` before the end of the story it came. */
export interface DemoRelease {
  readonly name: string;
  readonly daysAgo: number;
  readonly note: string;
  readonly effect: (page: { readonly group: string; readonly isMobile: boolean }) => DemoEffect;
}

/** Changes of a page view's figures. */
export interface DemoEffect {
  /** Added before the largest image is asked for, ms. */
  readonly heroDelay?: number;
  /** Added to the layout shift. */
  readonly shift?: number;
  /** Factor of interactions. */
  readonly interaction?: number;
}

/** The made-up past of a demo organization. */
export interface DemoStory {
  readonly organization: DemoOrganization;
  readonly hosts: readonly [readonly [weight: number, host: string], ...(readonly [number, string])[]];
  /** Sessions on an ordinary weekday. */
  readonly sessions: number;
  /** Factor of each weekday, from Sunday. */
  readonly weekdays: readonly number[];
  /** Factor of each hour, UTC. */
  readonly hours: readonly number[];
  /** Days before the end with more visitors than usual. */
  readonly rush: { readonly daysAgo: number; readonly factor: number };
  readonly pages: readonly [DemoPages, ...DemoPages[]];
  /** By `daysAgo`, oldest first. */
  readonly releases: readonly [DemoRelease, ...DemoRelease[]];
}

/** Length of the past, days. */
export const STORY_DAYS = 28;

const NOTHING = (): DemoEffect => ({});

const WORDS = 'lamp chair table sofa rug shelf mirror vase clock blanket basket bottle kettle pan bowl'.split(
  ' ',
);
const THEMES = 'city council weather football budget train harbour school election museum river'.split(' ');

/** Goods of a number: a small number is a popular one. */
const goods = (number: number): string => `${WORDS[number % WORDS.length] ?? 'lamp'}-${number}`;
const theme = (number: number): string => THEMES[number % THEMES.length] ?? 'city';

const shop: DemoStory = {
  organization: demoShop,
  hosts: [
    [82, 'www.demo-shop.example'],
    [18, 'outlet.demo-shop.example'],
  ],
  sessions: 300,
  weekdays: [1.25, 0.95, 0.9, 0.95, 1, 1.05, 1.2],
  hours: [2, 1, 1, 1, 1, 2, 4, 6, 7, 8, 9, 10, 10, 9, 8, 8, 9, 11, 13, 14, 13, 10, 6, 3],
  rush: { daysAgo: 6, factor: 1.7 },
  pages: [
    {
      group: 'home',
      landing: 24,
      later: 8,
      count: 1,
      path: () => '/',
      weight: 1,
      selector: 'section.stage > img',
    },
    {
      group: 'category',
      landing: 26,
      later: 30,
      count: 24,
      path: (n) => `/c/${WORDS[n % WORDS.length] ?? 'lamp'}${n >= WORDS.length ? '-sale' : ''}`,
      weight: 0.92,
      selector: 'ul.tiles > li:nth-child(1) img',
    },
    {
      group: 'product',
      landing: 44,
      later: 42,
      count: 400,
      path: (n) => `/p/${goods(n)}`,
      weight: 1.06,
      selector: 'div.gallery > img.hero-image',
    },
    {
      group: 'search',
      landing: 4,
      later: 8,
      count: 1,
      path: () => '/search',
      weight: 1.1,
      selector: 'ul.results img',
    },
    { group: 'cart', landing: 1, later: 8, count: 1, path: () => '/cart', weight: 0.85, selector: 'h1' },
    {
      group: 'checkout',
      landing: 1,
      later: 4,
      count: 3,
      path: (n) => `/checkout/${n + 1}`,
      weight: 0.8,
      selector: 'h1',
    },
  ],
  releases: [
    { name: '4.1.0', daysAgo: 60, note: '', effect: NOTHING },
    {
      name: '4.2.0',
      daysAgo: 17,
      note: 'New product gallery: all of its images are loaded lazily.',
      effect: ({ group, isMobile }) => (group === 'product' ? { heroDelay: isMobile ? 2_100 : 450 } : {}),
    },
    {
      name: '4.2.1',
      daysAgo: 14,
      note: 'The first image of the gallery is loaded at once again.',
      effect: NOTHING,
    },
    {
      name: '4.3.0',
      daysAgo: 7,
      note: 'Filters and the cart work in small tasks: less waiting after a click.',
      effect: () => ({ interaction: 0.58 }),
    },
  ],
};

const news: DemoStory = {
  organization: demoNews,
  hosts: [
    [90, 'www.demo-news.example'],
    [10, 'sport.demo-news.example'],
  ],
  sessions: 330,
  weekdays: [0.75, 1.1, 1.1, 1.05, 1.05, 1, 0.8],
  hours: [3, 2, 1, 1, 2, 6, 11, 13, 11, 9, 8, 9, 11, 9, 8, 7, 8, 9, 10, 11, 12, 10, 7, 4],
  rush: { daysAgo: 10, factor: 2.4 },
  pages: [
    {
      group: 'front',
      landing: 40,
      later: 22,
      count: 1,
      path: () => '/',
      weight: 1.1,
      selector: 'article.top img',
    },
    {
      group: 'article',
      landing: 52,
      later: 62,
      count: 600,
      path: (n) => `/news/${theme(n)}/${1_000 + n}`,
      weight: 1,
      selector: 'figure.lead > img',
    },
    {
      group: 'topic',
      landing: 6,
      later: 12,
      count: 11,
      path: (n) => `/topic/${theme(n)}`,
      weight: 0.9,
      selector: 'ul.teasers img',
    },
    {
      group: 'video',
      landing: 2,
      later: 4,
      count: 40,
      path: (n) => `/video/${n + 1}`,
      weight: 1.35,
      selector: 'video',
    },
  ],
  releases: [
    { name: '118', daysAgo: 60, note: '', effect: NOTHING },
    {
      name: '119',
      daysAgo: 20,
      note: 'Advertisements between paragraphs, without a place kept free for them.',
      effect: ({ group }) => (group === 'article' ? { shift: 0.16 } : {}),
    },
    { name: '120', daysAgo: 13, note: 'Places of advertisements have a height.', effect: NOTHING },
    { name: '121', daysAgo: 4, note: 'New type face, loaded early.', effect: NOTHING },
  ],
};

/** The stories of the demo: a shop whose product pages became slow and fast again, a newspaper whose articles jumped. */
export const DEMO_STORIES: readonly DemoStory[] = [shop, news];

/** The release that was in use so many days before the end. */
export const releaseAt = ({ releases }: DemoStory, daysAgo: number): DemoRelease =>
  releases.findLast((release) => release.daysAgo >= daysAgo) ?? releases[0];

/** A note on the charts of a demo organization. */
export interface DemoNote {
  readonly tenant: string;
  readonly kind: 'deploy' | 'incident' | 'campaign';
  readonly title: string;
  readonly content: string;
  /** Epoch ms; `until` only of periods. */
  readonly at: number;
  readonly until: number | null;
  readonly version: string | null;
  readonly pageGroup: string | null;
}

/** The notes that belong to the stories which end at an instant (epoch ms). A release is in use from the first moment of its day (UTC) on, and so its note stands there. */
export const demoNotes = (end: number): readonly DemoNote[] => {
  const dayAgo = (days: number): number => (Math.floor(end / DAY_MS) - days) * DAY_MS;
  return DEMO_STORIES.flatMap((story) => [
    ...story.releases
      .filter(({ daysAgo }) => daysAgo < STORY_DAYS)
      .map(
        (release): DemoNote => ({
          tenant: story.organization.prefix,
          kind: 'deploy',
          title: `Release ${release.name}`,
          content: release.note,
          at: dayAgo(release.daysAgo),
          until: null,
          version: release.name,
          pageGroup: null,
        }),
      ),
    ...(story === shop
      ? [
          {
            tenant: story.organization.prefix,
            kind: 'incident' as const,
            title: 'Product pages are slow on phones',
            content: 'Found with the breakdown by release: the main image is asked for two seconds late.',
            at: dayAgo(17),
            until: dayAgo(14),
            version: null,
            pageGroup: 'product',
          },
        ]
      : []),
  ]);
};

const DAY_MS = 86_400_000;
