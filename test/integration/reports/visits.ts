import type { VitalId } from '#vitals';
import type { EventRow } from '#warehouse';
import { beaconRow } from '../../support/warehouse-rows.ts';

/** A page view as it was: what the beacons are made of, and what the slow calculations look at. */
export interface Visit {
  /** Epoch ms. */
  readonly startedAt: number;
  readonly session: string;
  readonly sessionLength: number | null;
  readonly isBounce: boolean;
  readonly isBot: boolean;
  readonly isGenerated: boolean;
  readonly navigation: 'hard' | 'soft' | 'bfcache';
  /** Values of some dimensions, as reports name them. */
  readonly dimensions: Readonly<Record<SomeDimension, string>>;
  readonly vitals: Readonly<Record<VitalId, number | null>>;
}

/** Some of them in free texts. */
const TEXTS = ['tab\there', 'a|b%20c', 'утро 🌍'] as const;

/** The dimensions that visits differ in. */
export type SomeDimension =
  | 'hostname'
  | 'url_path'
  | 'page_group'
  | 'device'
  | 'country'
  | 'release'
  | FurtherDimension;

/** Dimensions of which nothing else of a visit depends: their values, and the column that says each. */
const FURTHER = {
  page_type: [['article', 'list', ...TEXTS], (value: string) => ({ page_type: value })],
  operating_system: [['Windows', 'iOS', ''], (value: string) => ({ operating_system: value })],
  engine: [['Blink', 'WebKit', 'Gecko'], (value: string) => ({ browser_engine: value })],
  city: [['Sofia', 'Köln', "L'Aquila"], (value: string) => ({ geo_city_name: value })],
  connection: [['4g', '3g'], (value: string) => ({ mob_etype: value })],
  round_trip: [['0-50', '100-200', '400+'], (value: string) => ({ mob_rtt: Number.parseInt(value, 10) + 7 })],
  protocol: [['h1', 'h2', 'h3'], (value: string) => ({ next_hop_protocol: value })],
  screen_width: [
    ['0-480', '768-1024', '1920+'],
    (value: string) => ({ screen_width: Number.parseInt(value, 10) + 5 }),
  ],
  cpu_cores: [['4', '8'], (value: string) => ({ cpu_cnc: Number(value) })],
  referrer_type: [['direct', 'search', 'other'], (value: string) => ({ referrer_type: value })],
  referrer_host: [['', 'www.google.com', 'a.example'], (value: string) => ({ referrer_host: value })],
  utm_source: [['', 'letter', ...TEXTS], (value: string) => ({ utm_source: value })],
  utm_medium: [['', 'mail'], (value: string) => ({ utm_medium: value })],
  utm_campaign: [['', 'sale 50 %', 'x|y'], (value: string) => ({ utm_campaign: value })],
  ab_group: [['', 'A', 'B'], (value: string) => ({ ab_group: value })],
} as const satisfies Readonly<
  Record<string, readonly [readonly string[], (value: string) => Partial<EventRow>]>
>;

type FurtherDimension = keyof typeof FURTHER;

/** Names of all of them. */
export const FURTHER_DIMENSIONS = Object.keys(FURTHER) as FurtherDimension[];

/** What people and attackers put into texts. */
export const HOSTILE = [
  'O\'Brien \\ "quoted"',
  'a|b%20c',
  '{x:String}; DROP TABLE t --',
  'утро 🌍',
  "\\'",
  'tab\there',
];

const CHOICES: Readonly<Record<Exclude<SomeDimension, FurtherDimension>, readonly string[]>> = {
  hostname: ['a.example', 'b.example', 'c.example'],
  url_path: ['/', '/cart', '/p/1', '/p/2', '/p/3', '/search', '/Blog/Ä'],
  page_group: ['home', 'product', '', ...HOSTILE],
  device: ['mobile', 'mobile', 'desktop', 'desktop', 'tablet', 'unknown'],
  country: ['BG', 'DE', 'US', ''],
  release: ['', '1.0', '1.1'],
};

/** Numbers from 0 up to 1, always the same ones (mulberry32). */
const numbersFrom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Sessions of one to four page views within a period; mobiles are slower, and the second release as well. */
export const makeVisits = (seed: number, sessions: number, from: number, to: number): readonly Visit[] => {
  const next = numbersFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const dimension = (name: keyof typeof CHOICES): string => pick(CHOICES[name]);
  const nextFurther = numbersFrom(seed + 1_000);
  const further = (): Readonly<Record<FurtherDimension, string>> =>
    Object.fromEntries(
      FURTHER_DIMENSIONS.map((name) => {
        const [values] = FURTHER[name];
        return [name, values[Math.floor(nextFurther() * values.length)] ?? ''];
      }),
    ) as Record<FurtherDimension, string>;
  return Array.from({ length: sessions }, (_, number) => {
    const begun = Math.floor(from + next() * (to - from));
    const length = 1 + Math.floor(next() * next() * 5);
    const isNamed = next() > 0.05;
    const shared = {
      hostname: dimension('hostname'),
      device: dimension('device'),
      country: dimension('country'),
    };
    const isBot = next() < 0.08;
    return Array.from({ length }, (__, index): Visit => {
      const dimensions = {
        ...shared,
        ...further(),
        url_path: dimension('url_path'),
        page_group: dimension('page_group'),
        release: dimension('release'),
      };
      const slowness = (dimensions.device === 'mobile' ? 1.6 : 1) * (dimensions.release === '1.1' ? 1.4 : 1);
      const measured = (middle: number, missing: number): number | null =>
        next() < missing
          ? null
          : Math.round(middle * slowness * Math.exp((next() + next() + next() - 1.5) * 1.2));
      const shift = measured(60, 0.1);
      return {
        startedAt: begun + index * 97_123,
        session: isNamed ? `s${seed}-${number}` : '',
        sessionLength: isNamed ? index + 1 : null,
        isBounce: isNamed && length === 1,
        isBot,
        isGenerated: number % 50 === 0,
        navigation: index === 0 || next() < 0.6 ? 'hard' : pick(['soft', 'bfcache'] as const),
        dimensions,
        vitals: {
          lcp: measured(1_900, 0.15),
          inp: measured(140, 0.4),
          cls: shift === null ? null : shift / 1_000,
          fcp: measured(1_200, 0.1),
          ttfb: measured(500, 0.05),
        },
      };
    });
  }).flat();
};

const EVENT_OF = { hard: 'visit_page', soft: 'spa', bfcache: 'bfcache' } as const;

/** The beacons of visits: one that describes the page, and for every second one a later one that brings INP. */
export const beaconsOf = (visits: readonly Visit[]): readonly EventRow[] =>
  visits.flatMap((visit, index) => {
    const { dimensions, vitals } = visit;
    const page = {
      hostname: dimensions.hostname,
      session_id: visit.session,
      session_length: visit.sessionLength,
      page_id: `p${index}`,
      journal_segment: 1n,
      is_bot: visit.isBot,
      dimensions: new Map([
        ...(dimensions.release === '' ? [] : ([['release', dimensions.release]] as const)),
        ...(visit.isGenerated ? ([['generated', 'demo']] as const) : []),
      ]),
    };
    const hasQuit = index % 2 === 0;
    const first = beaconRow({
      ...page,
      journal_offset: index * 2,
      ...Object.assign({}, ...FURTHER_DIMENSIONS.map((name) => FURTHER[name][1](dimensions[name]))),
      event_type: EVENT_OF[visit.navigation],
      is_page_view: true,
      beacon_no: 1,
      received_at: visit.startedAt,
      url_path: dimensions.url_path,
      page_group: dimensions.page_group,
      device_type: dimensions.device,
      geo_country_code: dimensions.country,
      largest_contentful_paint: vitals.lcp,
      first_contentful_paint: vitals.fcp,
      first_byte_duration: vitals.ttfb,
      cumulative_layout_shift: vitals.cls,
      ...(hasQuit ? {} : { inp_increment: vitals.inp }),
    });
    if (!hasQuit) return [first];
    return [
      first,
      beaconRow({
        ...page,
        journal_offset: index * 2 + 1,
        event_type: 'quit_page',
        beacon_no: 2,
        received_at: visit.startedAt + 30_000 + (index % 7) * 3_600_000,
        inp: vitals.inp,
      }),
    ];
  });
