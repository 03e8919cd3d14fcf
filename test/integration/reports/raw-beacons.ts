import type { EventRow } from '#warehouse';
import { beaconRow } from '../../support/warehouse-rows.ts';
import { interaction, pageColumns, shift } from './raw-columns.ts';
import { type Choices, choicesFrom } from './seeded.ts';

/*
 * Beacons as they come in the worst case: page views at the ends of hours, days and the whole period, several in one second; beacons of one page that
 * contradict each other, come late, out of order, twice, or without the one that describes the page; hidden, abandoned and restored pages, bots,
 * beacons without a session, a page or a number. Ids of sessions and pages are the same for every seed, so that organizations share them.
 */

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000] as const;

/** A period and how many sessions began in it. */
export interface RawOptions {
  readonly from: number;
  readonly to: number;
  readonly sessions: number;
  readonly hostnames: readonly string[];
}

/** Beacons of so many sessions. */
export const makeBeacons = (
  seed: number,
  { from, to, sessions, hostnames }: RawOptions,
): readonly EventRow[] => {
  const choices = choicesFrom(seed);
  const { next, chance, pick } = choices;
  const moment = (): number => {
    const any = Math.floor(from + next() * (to - from));
    if (chance(0.5)) return any;
    if (chance(0.2)) return pick([from, to - 1, to - SECOND]) + pick([-SECOND, -1, 0, 1, SECOND]);
    const unit = pick([SECOND, MINUTE, HOUR, DAY]);
    return any - (any % unit) + pick([-SECOND, -1, 0, 1, 999, SECOND]);
  };
  let offset = 0;
  const rows: EventRow[] = [];
  for (let number = 0; number < sessions; number += 1) {
    const isNamed = !chance(0.06);
    const home = pick(hostnames);
    const isBot = chance(0.08);
    const length = 1 + Math.floor(next() * next() * 5);
    let at = chance(0.04) ? to - Math.floor(next() * 31 * MINUTE) : moment();
    for (let index = 0; index < length; index += 1) {
      const hostname = chance(0.1) ? pick(hostnames) : home;
      const put = (values: Partial<EventRow>): void => {
        offset += 1;
        rows.push(
          beaconRow({
            hostname,
            session_id: isNamed ? `s${number}` : '',
            session_length: isNamed ? index + 1 : null,
            page_id: isNamed ? `p${index}` : `u${number}-${index}`,
            is_bot: isBot,
            url: `https://${hostname}/?n=${offset}`,
            journal_segment: 1n,
            journal_offset: offset,
            ...pageColumns(choices),
            ...values,
          }),
        );
      };
      const begun = rows.length;
      pick(LIVES)(choices, at, put);
      repeat(choices, rows, begun, () => (offset += 1));
      at += pick([1, 400, 97_123, 20 * MINUTE]);
    }
  }
  return rows;
};

type Life = (choices: Choices, at: number, put: (values: Partial<EventRow>) => void) => void;

/** A page that loads, and what it sends afterwards; seldom the load beacon is not the first one. */
const loaded: Life = (choices, at, put) => {
  const { chance, pick } = choices;
  const isEarly = chance(0.2);
  const first = isEarly ? 2 : 1;
  // What an early beacon tells comes again in the next one.
  const begun = shifts(choices, 0);
  if (isEarly) put({ ...early, received_at: at - 300, ...begun });
  const late = chance(0.1) ? pick([5 * SECOND, 3 * MINUTE, 50 * MINUTE]) : 0;
  put({
    event_type: 'visit_page',
    is_page_view: true,
    beacon_no: chance(0.05) ? null : first,
    received_at: at + late,
    restiming: chance(0.4) ? restimingOf([[16, 66, 116, 136]]) : '',
    other: new Map(chance(0.4) ? [['bfc.nrr', pick(REASONS)]] : []),
    ...begun,
  });
  if (late > 0 || chance(0.3)) {
    const increment = pick([120, 199, 200, 201, null]);
    put({
      event_type: pick(['xhr', 'interaction', 'error']),
      beacon_no: first + 1,
      received_at: at + (late > 0 ? 0 : 2_500),
      error_count: 1,
      inp_increment: increment,
      inp_selector: increment === null ? '' : 'a.menu',
      ...shifts(choices, 1),
    });
  }
  if (chance(0.12))
    put({
      event_type: pick(['spa', 'bfcache']),
      is_page_view: true,
      beacon_no: first + 2,
      received_at: at + pick([40 * SECOND, 50 * MINUTE]),
      ...shifts(choices, 2),
    });
  if (chance(0.6)) {
    const inp = interaction(choices);
    put({
      event_type: 'quit_page',
      beacon_no: first + 3,
      received_at: at + pick([700, 30 * SECOND, 61 * MINUTE, 2 * HOUR, 23 * HOUR]),
      inp,
      inp_at: inp === null ? null : 4_000,
      inp_selector: inp === null ? '' : pick(['button#buy', 'утро > p', '']),
      restiming: restimingOf([
        [16, 66, 116, 136],
        [200, 210, 220, 230],
      ]),
      ...shifts(choices, 3),
    });
  }
};

const early = { event_type: 'early', beacon_no: 1 } as const;

/** Soft navigations and returns that are page views of their own. */
const described =
  (event_type: 'spa' | 'spa_hard' | 'bfcache'): Life =>
  (choices, at, put) =>
    put({
      event_type,
      is_page_view: true,
      beacon_no: 1,
      received_at: at,
      inp_increment: interaction(choices),
      inp_selector: 'a.menu',
      ...shifts(choices, 0),
    });

const abandoned: Life = (choices, at, put) =>
  put({
    event_type: 'quit_page',
    is_page_view: true,
    abandoned: true,
    beacon_no: 1,
    received_at: at,
    ...(choices.chance(0.5) && {
      largest_contentful_paint: null,
      first_contentful_paint: null,
      first_paint: null,
    }),
    inp: interaction(choices),
  });

const hidden: Life = ({ chance }, at, put) =>
  put({
    event_type: 'visit_page',
    is_page_view: true,
    beacon_no: 1,
    received_at: at,
    was_hidden: true,
    largest_contentful_paint: null,
    first_contentful_paint: chance(0.2) ? 900 : null,
    first_paint: chance(0.2) ? 900 : null,
  });

/** A beacon without a page's id stands alone; so does its INP. */
const alone: Life = (choices, at, put) =>
  put({
    event_type: 'visit_page',
    is_page_view: true,
    page_id: '',
    received_at: at,
    inp_increment: interaction(choices),
    inp_selector: 'a.menu',
  });

/** front_basicrum_go stored neither position nor number, and 0 for what was missing. */
const adopted: Life = ({ chance }, at, put) =>
  put({
    event_type: 'visit_page',
    is_page_view: true,
    received_at: at,
    journal_segment: 0n,
    journal_offset: 0,
    first_byte_duration: 0,
    largest_contentful_paint: 0,
    first_contentful_paint: chance(0.5) ? 0 : 700,
    first_paint: 0,
  });

const onlyEarly: Life = (_, at, put) => put({ ...early, received_at: at });

/** No page view: what describes it never came. */
const without: Life = ({ pick }, at, put) =>
  put({ event_type: pick(['quit_page', 'error', 'xhr']), beacon_no: 2, received_at: at, inp: 90 });

const LIVES: readonly Life[] = [
  ...Array.from({ length: 12 }, () => loaded),
  described('spa'),
  described('spa'),
  described('spa_hard'),
  described('bfcache'),
  abandoned,
  abandoned,
  hidden,
  alone,
  adopted,
  onlyEarly,
  without,
];

/** A beacon of the life is stored a second time: the same row, or sent again by the browser. */
const repeat = (
  { chance, pick }: Choices,
  rows: EventRow[],
  begun: number,
  nextOffset: () => number,
): void => {
  if (begun === rows.length || !chance(0.15)) return;
  const row = pick(rows.slice(begun));
  if (row.page_id === '' || row.beacon_no === null || chance(0.5)) rows.push(row);
  else
    rows.push({
      ...row,
      received_at: Number(row.received_at) + 800,
      created_at: Number(row.created_at) + 800,
      journal_offset: nextOffset(),
    });
};

const REASONS = [
  'unload-listener',
  'unload-listener,broadcastchannel',
  'id-frame, unload-listener, id-frame',
  '[object Object],, [object Object]',
  '',
];

/** Shifts of a beacon: their sum alone, or one by one as well; the largest is larger in later beacons. */
const shifts = (choices: Choices, place: number): Partial<EventRow> => {
  const { chance } = choices;
  if (chance(0.35)) return {};
  const values = chance(0.5) ? [shift(choices)] : [shift(choices), shift(choices)];
  const at = values.map((_, index) => place * 700 + index * 400 + 50);
  return {
    cumulative_layout_shift: Math.round(values.reduce((sum, value) => sum + value, 0) * 10_000) / 10_000,
    ...(chance(0.5) && { cls_shift_at: at, cls_shift_value: values }),
    ...(chance(0.7) && { cls_top: (place + 1) / 100, cls_selector: `div.shift-${place}` }),
  };
};

type Times = readonly [start: number, requestStart: number, responseStart: number, end: number];

/** Scripts as Boomerang packs them: the start, then its distances to the end, the begin of the response and that of the request. */
const restimingOf = (fetches: readonly Times[]): string =>
  JSON.stringify({
    'https://cdn.example/': Object.fromEntries(
      fetches.map(([start, request, response, end]) => [
        `${start}.js`,
        `3${[start, end - start, response - start, request - start].map((time) => time.toString(36)).join()}`,
      ]),
    ),
  });
