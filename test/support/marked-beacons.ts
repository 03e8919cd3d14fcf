import type { EventRow } from '#warehouse';
import { NOON } from './gateway-world.ts';

/** Beacons in which every text that a report could show begins with a word of its own. */
export interface Marked {
  /** In all texts, lower case; long enough to stand nowhere by chance. */
  readonly word: string;
  /** Country, ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Number of page views. */
  readonly views: number;
  /** Values of vitals begin here, so that they differ between tenants, too. */
  readonly lcp: number;
}

/** The two sites of a word. */
export const sitesOf = (word: string): readonly [string, string] => [
  `${word}-one.example`,
  `${word}-two.example`,
];

/** Page views of two sites over a week up to `NOON`, in sessions of three, the last ones within the last half hour. */
export const markedBeacons = ({ word, country, views, lcp }: Marked): readonly Partial<EventRow>[] =>
  Array.from({ length: views }, (_, index) => {
    const hostname = sitesOf(word)[index % 6 < 3 ? 0 : 1];
    const ago = index < 6 ? (index + 1) * 180_000 : (index % 168) * 3_600_000 + (index % 3) * 60_000;
    const url = `https://${hostname}/${word}-path-${index % 4}`;
    const page = {
      hostname,
      session_id: `${word}-session-${Math.floor(index / 3)}`,
      session_length: (index % 3) + 1,
      page_id: `${word}-${index}`,
      journal_segment: 7n,
      received_at: NOON - ago,
      url,
      url_path: `/${word}-path-${index % 4}`,
      url_query: `${word}=1`,
      user_agent: `${word} agent`,
    };
    return [
      {
        ...page,
        journal_offset: index * 2,
        event_type: index % 11 === 10 ? 'spa' : 'visit_page',
        is_page_view: true,
        beacon_no: 1,
        navigation_type: index % 5 === 0 ? 'back_forward' : 'navigate',
        page_group: `${word} group's "${index % 2}" | Ünïcode`,
        page_type: `${word}-type`,
        generator: `${word}-generator`,
        ab_group: `${word}-ab`,
        utm_source: `${word}-source`,
        utm_medium: `${word}-medium`,
        utm_campaign: `${word}-campaign`,
        referrer_host: `${word}-referrer.example`,
        referrer_type: 'other',
        next_hop_protocol: `${word}-protocol`,
        boomerang_version: `${word}-version`,
        device_type: index % 2 === 0 ? 'mobile' : 'desktop',
        device_manufacturer: `${word}-maker`,
        device_model: `${word}-model`,
        browser_name: `${word}-browser`,
        browser_version: `${word}-1.0`,
        operating_system: `${word}-system`,
        geo_country_code: country,
        geo_city_name: `${word}-city`,
        mob_etype: `${word}-etype`,
        largest_contentful_paint: lcp + index * 7,
        first_contentful_paint: lcp - 100 + index,
        first_byte_duration: Math.floor(lcp / 4) + index,
        lcp_selector: `img#${word}-hero`,
        lcp_url: `${word}-images.example/hero`,
        lcp_ttfb: 100 + index,
        lcp_load_delay: 50,
        lcp_load_duration: 60,
        lcp_render_delay: 70,
        cls_selector: `div.${word}-shift`,
        cls_top: 0.02,
        cumulative_layout_shift: 0.02,
        cls_shift_at: [200 + index],
        cls_shift_value: [0.02],
        restiming: `{"https://${word}-cdn.example/":{"a.js":"3g,3c,2s,1e"}}`,
        dimensions: new Map([['release', `${word}-release`]]),
        timers: new Map([[`${word}-timer`, 12]]),
        other: new Map([
          [`${word}.parameter`, `${word} value`],
          ...(index % 5 === 0 ? ([['bfc.nrr', `${word}-reason,unload-listener`]] as const) : []),
        ]),
        error_messages: [`${word} error`],
      },
      {
        ...page,
        journal_offset: index * 2 + 1,
        event_type: 'quit_page',
        beacon_no: 2,
        received_at: NOON - ago + 40_000,
        inp: 90 + (index % 50),
        inp_at: 4_000,
        inp_selector: `button#${word}-buy`,
        next_url: `https://${hostname}/${word}-next`,
      },
    ];
  }).flat();
