import { type VitalId, VITALS } from '#vitals';
import type { EventRow } from '#warehouse';
import type { Choices } from './seeded.ts';
import { HOSTILE } from './visits.ts';

/** Values of columns from which dimensions are made, those on the edges of their ranges and the empty ones among them. */
const TEXTS: Readonly<Partial<Record<keyof EventRow, readonly string[]>>> = {
  url_path: ['/', '/cart', '/p/1', '/p/2', '/Blog/Ä', `/${'ж'.repeat(300)}`],
  page_group: ['home', 'product', '', ...HOSTILE],
  page_type: ['article', 'a|b%20c', ''],
  device_type: ['mobile', 'mobile', 'mobile', 'desktop', 'desktop', 'tablet', '', 'television'],
  browser_engine: ['Blink', 'Blink', 'WebKit', 'Gecko', '', 'Trident'],
  browser_name: ['Chrome', 'Chrome', 'Safari', "Fire'fox", ''],
  browser_version: ['154.0.1', '154.9', '26', '', 'x'.repeat(40)],
  operating_system: ['Windows', 'iOS', ''],
  geo_country_code: ['BG', 'BG', 'DE', 'US', ''],
  next_hop_protocol: ['h1', 'h2', 'h3', ''],
  referrer_type: ['direct', 'search', 'other'],
  referrer_host: ['', 'www.google.com', 'a.example'],
  utm_source: ['', 'letter', 'утро 🌍'],
  utm_medium: ['', 'mail'],
  utm_campaign: ['', 'sale 50 %', 'x|y'],
  ab_group: ['', 'A', 'B'],
  boomerang_version: ['1.815.1', '1.815.1', '1.720.0', ''],
  lcp_selector: ['img#hero', '', "div[title='O\\'x | y']", 'утро > p'],
};
const NULLABLE: Readonly<Partial<Record<keyof EventRow, readonly (string | number | null)[]>>> = {
  geo_city_name: ['Sofia', 'Köln', "L'Aquila", '', null],
  mob_etype: ['4g', '3g', null],
  mob_rtt: [0, 49, 50, 99, 100, 199, 200, 399, 400, 9_000, null],
  screen_width: [0, 479, 480, 767, 768, 1_023, 1_024, 1_439, 1_440, 1_919, 1_920, null],
  cpu_cnc: [4, 8, null],
  device_memory: [0.5, 8, null],
};

/** ms: nothing, on a threshold or beside it, at an end of the exact buckets, one that many have, or anything. */
const duration = ({ next, chance, pick }: Choices, vital: VitalId): number | null => {
  const { good, poor } = VITALS[vital];
  if (chance(0.18)) return null;
  if (chance(0.25)) return pick([good - 1, good, good + 1, poor - 1, poor, poor + 1]);
  if (chance(0.1)) return pick([0, 1, 99, 100, 101, 102]);
  if (chance(0.35)) return pick([Math.round(good / 2), Math.round(good * 1.3)]);
  return Math.round(good * Math.exp((next() + next() + next() - 1.4) * 1.3));
};

/** A part of CLS in steps of 0.0001. */
export const shift = ({ next, chance, pick }: Choices): number =>
  chance(0.5)
    ? pick([0, 0.0001, 0.05, 0.0999, 0.1, 0.1001, 0.25, 0.2501])
    : Math.round(next() * 3_000) / 10_000;

/** What a beacon says of its page: every column that reports read of the describing one. */
export const pageColumns = (choices: Choices): Partial<EventRow> => {
  const { chance, pick, next } = choices;
  const picked = [...Object.entries(TEXTS), ...Object.entries(NULLABLE)].map(([name, values]) => [
    name,
    pick<unknown>(values ?? []),
  ]);
  const parts = chance(0.25)
    ? null
    : [0, 0, 0, 0].map(() => (chance(0.06) ? null : Math.floor(next() * 900)));
  const contentful = duration(choices, 'fcp');
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- names and values are those of columns
    ...(Object.fromEntries(picked) as Partial<EventRow>),
    navigation_type: pick(['navigate', 'reload', 'back_forward', 'prerender', '']),
    largest_contentful_paint: duration(choices, 'lcp'),
    first_contentful_paint: contentful,
    first_paint: chance(0.5) ? contentful : null,
    first_byte_duration: duration(choices, 'ttfb'),
    activation_duration: chance(0.05) ? 300 : null,
    lcp_ttfb: parts?.[0] ?? null,
    lcp_load_delay: parts?.[1] ?? null,
    lcp_load_duration: parts?.[2] ?? null,
    lcp_render_delay: parts?.[3] ?? null,
    was_hidden: chance(0.25),
    dimensions: new Map([
      ...(chance(0.6) ? ([['release', pick(['1.0', '1.1', 'x'.repeat(300)])]] as const) : []),
      ...(chance(0.03) ? ([['generated', 'demo']] as const) : []),
    ]),
  };
};

/** INP of a page that was left; null: nobody interacted. */
export const interaction = (choices: Choices): number | null => duration(choices, 'inp');
