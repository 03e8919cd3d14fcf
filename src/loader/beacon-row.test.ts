import { describe, expect, test } from 'vitest';
import { EVENT_COLUMNS, type EventRow, viewOfRow } from '#warehouse';
import { aBeacon, type BeaconFactsOfTest } from '../../test/support/a-beacon.ts';
import { testTenant } from '../../test/support/warehouse.ts';
import { createBeaconRows } from './beacon-row.ts';

const OPTIONS = { pageGroups: [{ path: '/p/*', group: 'product' }], keepQuery: true, keepUserAgent: true };
const NOWHERE = { find: () => ({ country: '', city: null }) };
const rows = createBeaconRows(OPTIONS, { geo: NOWHERE });

type Fields = Readonly<Record<string, string | number>>;
const rowOf = (parameters: Fields, facts?: BeaconFactsOfTest): EventRow =>
  rows.decode(aBeacon(parameters, facts));

const START = 1_763_780_000_000;
const LOAD = { u: 'https://shop.example/p/1', n: 1, nt_nav_st: START, nt_res_st: START + 300, t_done: 900 };

describe('kind of a beacon', () => {
  test.each<[string, Fields, string, boolean]>([
    ['a load', LOAD, 'visit_page', true],
    ['an early beacon', { ...LOAD, early: 1 }, 'early', false],
    ['a quit after the load', { n: 2, 'rt.quit': '', t_done: 900 }, 'quit_page', false],
    ['a quit instead of the load', { ...LOAD, 'rt.quit': '', 'rt.abld': '' }, 'quit_page', true],
    ['a second quit with load data', { ...LOAD, n: 2, 'rt.quit': '' }, 'quit_page', false],
    ['a route', { 'http.initiator': 'spa' }, 'spa', true],
    ['a hard navigation of an application', { 'http.initiator': 'spa_hard' }, 'spa_hard', true],
    ['a return from the cache', { 'http.initiator': 'bfcache' }, 'bfcache', true],
    ['a request', { 'http.initiator': 'xhr' }, 'xhr', false],
    ['a request that was running at the end', { 'http.initiator': 'xhr', 'rt.quit': '' }, 'xhr', false],
    ['an error', { 'http.initiator': 'error' }, 'error', false],
    ['a custom metric', { 'http.initiator': 'api_custom_metric' }, 'custom', false],
    ['something else', { 'http.initiator': 'newsletter' }, 'other', false],
    ['a beacon by PHP', { http_initiator: 'xhr' }, 'xhr', false],
  ])('%s', (_, parameters, eventType, isPageView) => {
    expect(rowOf(parameters)).toMatchObject({ event_type: eventType, is_page_view: isPageView });
  });

  test('is abandoned when the visitor left before the load', () => {
    expect(rowOf({ ...LOAD, 'rt.quit': '', 'rt.abld': '' }).abandoned).toBe(true);
    expect(rowOf(LOAD).abandoned).toBe(false);
  });
});

describe('times of a row', () => {
  test('are those of the collector, whatever the client says', () => {
    const receivedAt = Date.UTC(2026, 10, 22, 23, 59, 59, 999);
    const row = rowOf({ created_at: '1999-01-01 00:00:00' }, { receivedAt });
    expect([row.received_at, row.created_at, row.event_date, row.client_created_at]).toEqual([
      receivedAt,
      receivedAt,
      receivedAt,
      null,
    ]);
  });

  test('keep the time of the client beside them when it is within a day', () => {
    const row = rowOf({ created_at: '2026-11-22 09:00:00' });
    expect(row.client_created_at).toBe(Date.UTC(2026, 10, 22, 9));
  });
});

describe('navigation', () => {
  test('gives every part of it, and a real 0 stays 0', () => {
    const row = rowOf({
      nt_nav_st: START,
      nt_red_st: START,
      nt_red_end: START + 40,
      nt_fet_st: START + 50,
      nt_dns_st: START + 60,
      nt_dns_end: START + 60,
      nt_con_st: START + 60,
      nt_ssl_st: START + 80,
      nt_con_end: START + 110,
      nt_req_st: START + 111,
      nt_res_st: START + 300,
      nt_res_end: START + 320,
      nt_domint: START + 500,
      nt_domcontloaded_end: START + 510,
      nt_domcomp: START + 800,
      nt_load_end: START + 810,
      nt_protocol: 'h3-29',
      nt_nav_type: 1,
    });
    expect(row).toMatchObject({
      redirect_duration: 40,
      stall_duration: 10,
      dns_duration: 0,
      connect_duration: 50,
      tls_duration: 30,
      tcp_duration: 20,
      request_duration: 189,
      first_byte_duration: 300,
      download_duration: 20,
      dom_interactive: 500,
      dcl: 510,
      dom_complete: 800,
      load_event_end: 810,
      next_hop_protocol: 'h3',
      navigation_type: 'reload',
      rejected_fields: [],
    });
  });

  test('of a prerendered page counts from its activation, never below 0', () => {
    const row = rowOf({
      nt_nav_st: START,
      nt_act_st: START + 1_000,
      nt_res_st: START + 300,
      nt_load_end: START + 1_400,
    });
    expect(row).toMatchObject({
      navigation_type: 'prerender',
      activation_duration: 1_000,
      first_byte_duration: 0,
      load_event_end: 400,
    });
  });

  test('takes the 0 of old browsers for missing', () => {
    expect(rowOf({ nt_nav_st: START, nt_load_end: 0 })).toMatchObject({
      load_event_end: null,
      rejected_fields: [],
    });
  });

  test('is NULL and named when it is negative or too long', () => {
    const row = rowOf({
      nt_nav_st: START,
      nt_res_st: START - 5,
      nt_load_end: START + 3_600_001,
      t_done: 69_160_352,
    });
    expect(row).toMatchObject({ first_byte_duration: null, load_event_end: null, load_time: null });
    expect(row.rejected_fields).toEqual(['first_byte_duration', 'load_event_end', 't_done']);
  });

  test('is not repeated by the beacons that come after the load', () => {
    expect(rowOf({ n: 2, 'rt.quit': '', t_done: 900, t_resp: 3, t_page: 4 })).toMatchObject({
      load_time: null,
      backend_time: null,
      frontend_time: null,
    });
  });

  test.each([
    ['http/1.1', 'h1'],
    ['h2', 'h2'],
    ['spdy/3', 'h2'],
    ['hq', 'h3'],
    ['quic', 'other'],
    ['', ''],
  ])('calls the protocol %j %j', (sent, name) => {
    expect(rowOf({ nt_protocol: sent }).next_hop_protocol).toBe(name);
  });
});

describe('largest paint', () => {
  const image = 'https://shop.example/hero.webp';
  const paint = { ...LOAD, 'pt.fcp': 400, 'pt.lcp': 900, 'pt.lcp.el': 'IMG', 'pt.lcp.src': image };

  test('is made of first byte, wait, download and rendering', () => {
    const row = rowOf({ ...paint, restiming: `{"${image}":"1b4,5k"}` });
    expect(row).toMatchObject({
      largest_contentful_paint: 900,
      lcp_element: 'img',
      lcp_url: 'shop.example/hero.webp',
      lcp_ttfb: 300,
      lcp_load_delay: 100,
      lcp_load_duration: 200,
      lcp_render_delay: 300,
    });
  });

  test('of a text has nothing to download', () => {
    const row = rowOf({ ...LOAD, 'pt.lcp': 900, 'pt.lcp.el': 'H1' });
    expect(row).toMatchObject({
      lcp_ttfb: 300,
      lcp_load_delay: 0,
      lcp_load_duration: 0,
      lcp_render_delay: 600,
    });
  });

  test('of an image that is not in the list has no parts but the first', () => {
    expect(rowOf(paint)).toMatchObject({ lcp_ttfb: 300, lcp_load_delay: null, lcp_render_delay: null });
  });

  test('of a page that was hidden is NULL', () => {
    expect(rowOf({ ...paint, 'pt.hid': 1 })).toMatchObject({
      first_contentful_paint: null,
      largest_contentful_paint: null,
      lcp_element: '',
      was_hidden: true,
    });
  });
});

describe('interactions and shifts', () => {
  test('name the interaction that INP is about', () => {
    const row = rowOf({
      'et.inp': 120,
      'et.inp.e': 'a#buy',
      'et.inp.t': 2_000.4,
      'et.e': "~(~(d~'3c~n~25~s~'1jk)~(d~'3c~i~'9~n~12~s~'1jk)~(d~'3c~i~'9~n~0~s~'1jk))",
    });
    expect(row).toMatchObject({
      inp: 120,
      inp_selector: 'a#buy',
      inp_at: 2_000,
      inp_type: 'click',
      slow_events: 3,
    });
  });

  test('take the increment where the page is not over', () => {
    expect(rowOf({ 'et.inp.inc': 80, 'et.inp.inc.e': 'a' })).toMatchObject({
      inp: null,
      inp_increment: 80,
      inp_selector: 'a',
    });
  });

  test('make windows of the shifts that the beacon lists', () => {
    const row = rowOf({
      'c.cls': 0.3,
      'c.cls.d': "~(~(s~(~)~t~'2s~v~'5k)~(s~(~)~t~'2mo~v~'2s))",
      'c.cls.tops': 0.2,
    });
    expect(row.cls_windowed).toBeCloseTo(0.2);
    expect(row).toMatchObject({ cumulative_layout_shift: 0.3, cls_top: 0.2, cls_shift_at: [100, 3_408] });
  });

  test('tell no shift from not measured', () => {
    expect(rowOf({ 'c.cls': 0 })).toMatchObject({ cumulative_layout_shift: 0, cls_windowed: 0 });
    expect(rowOf({})).toMatchObject({ cumulative_layout_shift: null, cls_windowed: null });
  });
});

describe('resources', () => {
  test('are added up by type, by site and by cache', () => {
    const restiming = JSON.stringify({
      'https://shop.example/': { '': '6,8c*13k0,8c', 'a.js': '31,2*12s,2s', 'b.css': '21,2*12s,_*44' },
      'https://cdn.example-ads.com/t': '31,2',
      'https://img.shop.example/x.PNG?v=1': '41,2*12s,2s,2s',
    });
    expect(rowOf({ u: 'https://shop.example/', restiming })).toMatchObject({
      res_count: 4,
      res_bytes: 400,
      res_encoded_bytes: 300,
      res_decoded_bytes: 400,
      res_script_count: 2,
      res_script_bytes: 200,
      res_css_count: 1,
      res_css_bytes: 0,
      res_img_count: 1,
      res_third_party_count: 1,
      res_third_party_hosts: 1,
      res_cached_count: 1,
      restiming,
    });
  });

  test('that cannot be read are NULL and named', () => {
    expect(rowOf({ restiming: '{"a' })).toMatchObject({
      res_count: null,
      restiming: '',
      rejected_fields: ['restiming'],
    });
  });
});

describe('what the page said itself', () => {
  test('goes to timers, dimensions, metrics and the rest', () => {
    const row = rowOf({
      t_other: 'boomerang|3,hero|456',
      'ctim.checkout': 12,
      'cdim.plan': 'gold',
      'cmet.total': '-12.5',
      'my.own': 'x',
      __proto__2: 'y',
    });
    expect(row.timers).toEqual(
      new Map([
        ['hero', 456],
        ['checkout', 12],
      ]),
    );
    expect(row.dimensions).toEqual(new Map([['plan', 'gold']]));
    expect(row.custom_metrics).toEqual(new Map([['total', -12.5]]));
    expect(row.other).toEqual(
      new Map([
        ['my.own', 'x'],
        ['__proto__2', 'y'],
      ]),
    );
  });

  test('is bounded in number, and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'v']));
    const row = rowOf(many);
    expect(row.other.size).toBe(64);
    expect(row.rejected_fields).toEqual(['other']);
  });
});

describe('lists that are read where a page view is looked at', () => {
  const other = (fields: Fields) => rowOf(fields).other;

  test('are kept whole, however the sender spells them', () => {
    const fps = `0${'654'.repeat(1_000)}`;
    const log = Array.from({ length: 100 }, () => '2zzzzz,x1as,y9z').join('|');
    const kept = {
      'c.t.fps': fps,
      c_t_busy: '2'.repeat(2_001),
      'c.l': log,
      servertiming: `~(~'${'a'.repeat(2_000)})`,
    };
    expect(Object.fromEntries(other(kept))).toEqual(kept);
  });

  test('are kept beside the columns that are made of them', () => {
    const lists = {
      'c.cls.d': "~(~(s~(~(d~(y~'2g)~p~(h~'bn~w~'t4~x~'38~y~'48)~s~'main))~t~'me~v~'1c))",
      'et.e': "~(~(c~1~d~'7k~n~21~p~'0~s~'170~t~'button*23add))",
      err: "~(~(f~(~(l~3~wo~'*2fx.js))~m~'boom))",
    };
    const row = rowOf({ ...lists, 'c.cls': '0.048' });
    expect(Object.fromEntries(row.other)).toEqual(lists);
    expect([row.cls_shift_value, row.slow_events, row.error_message]).toEqual([[0.048], 1, 'boom']);
    const { err: _, ...dotted } = lists;
    const underscored = Object.entries(dotted).map(([name, value]) => [name.replaceAll('.', '_'), value]);
    expect(Object.fromEntries(other({ ...Object.fromEntries(underscored), err: '' }))).toEqual(dotted);
  });

  test('are not kept in half: one that is too long is left out, and says so', () => {
    const row = rowOf({ 'c.t.fps': '0'.repeat(16_385), 'c.t.busy': '0'.repeat(16_384) });
    expect([...row.other.keys()]).toEqual(['c.t.busy']);
    expect(row.rejected_fields).toEqual(['other']);
  });

  test('take no room from what else a page says, and have 64 KiB together', () => {
    const long = '0'.repeat(16_000);
    const many = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`k${index}`, 'v']));
    const lists = { 'c.t.fps': long, 'c.t.busy': long, 'c.t.mem': long, 'c.t.bat': long };
    expect(rowOf({ ...lists, ...many }).rejected_fields).toEqual([]);
    const row = rowOf({ ...lists, 'c.t.mut': long, ...many });
    expect(row.other.size).toBe(68);
    expect(row.rejected_fields).toEqual(['other']);
  });
});

describe('visitor', () => {
  test('is where the proxy says, and else where the database says', () => {
    const geo = { find: () => ({ country: 'DE', city: 'Berlin' }) };
    const located = createBeaconRows(OPTIONS, { geo });
    expect(located.decode(aBeacon({}, { country: 'BG', city: '' }))).toMatchObject({
      geo_country_code: 'BG',
      geo_city_name: null,
    });
    expect(located.decode(aBeacon({}, { country: 'XX' }))).toMatchObject({
      geo_country_code: 'DE',
      geo_city_name: 'Berlin',
    });
  });

  test('leaves no user agent where it is not kept', () => {
    const headers = [
      ['user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0'],
    ] as const;
    const shy = createBeaconRows({ ...OPTIONS, keepUserAgent: false }, { geo: NOWHERE });
    expect(shy.decode(aBeacon({}, { headers }))).toMatchObject({ user_agent: null, browser_name: 'Firefox' });
  });

  test('has a screen only when both sides are numbers', () => {
    expect(rowOf({ 'scr.xy': '390x844' })).toMatchObject({ screen_width: 390, screen_height: 844 });
    expect(rowOf({ 'scr.xy': '390x844x1' })).toMatchObject({
      screen_width: null,
      rejected_fields: ['scr.xy'],
    });
  });
});

describe('encoding a beacon', () => {
  test('gives the row that decoding gives, with its position', () => {
    const beacon = aBeacon(LOAD, { segment: 'fedcba9876543210', offset: 4_294_967_301 });
    const outcome = rows.encode(beacon, undefined);
    expect(outcome).toMatchObject({ kind: 'row', hostname: 'shop.example' });
    if (outcome.kind !== 'row') return;
    const row = viewOfRow(outcome.content);
    expect([row.journal_segment, row.journal_offset]).toEqual([0xfedcba9876543210n, 4_294_967_301]);
    const decoded = rows.decode(beacon);
    for (const { name, type } of EVENT_COLUMNS)
      if (!/^(Array|Map)/.test(type)) expect({ [name]: row[name] }).toEqual({ [name]: decoded[name] });
  });

  test('forgets a row that is refused', () => {
    const tenant = testTenant('shop', { hostnames: ['shop.example'], onlyHostnames: true });
    rows.encode(aBeacon({ u: 'https://copy.example/', t_done: 12, 'rt.si': 'other' }), tenant);
    const outcome = rows.encode(aBeacon({ u: 'https://shop.example/' }), tenant);
    const row = outcome.kind === 'row' ? viewOfRow(outcome.content) : null;
    expect([row?.load_time, row?.session_id, row?.hostname]).toEqual([null, '', 'shop.example']);
  });

  test('refuses host names that the tenant does not have, when it asked for that', () => {
    const tenant = testTenant('shop', { hostnames: ['shop.example'], onlyHostnames: true });
    expect(rows.encode(aBeacon(LOAD), tenant).kind).toBe('row');
    expect(rows.encode(aBeacon({ u: 'https://copy.example/' }), tenant)).toEqual({
      kind: 'refused',
      reason: 'hostname',
    });
  });

  test('tells of the fields that were not believed', () => {
    const told: string[] = [];
    const counting = createBeaconRows(OPTIONS, {
      geo: NOWHERE,
      onRejected: (fields) => told.push(...fields),
    });
    counting.encode(aBeacon({ t_done: -1, 'c.cls': 'x' }), undefined);
    expect(told).toEqual(['t_done', 'c.cls']);
  });

  test('fills a column for every column of the schema, in its order', () => {
    expect(Object.keys(rowOf({}))).toEqual(EVENT_COLUMNS.map(({ name }) => name));
  });
});

describe('behaviour', () => {
  test('takes a way scrolled that is longer than the page', () => {
    expect(rowOf({ 'c.s': 40, 'c.s.p': 272, 'c.c': 3 })).toMatchObject({
      scrolls: 40,
      scroll_pct: 272,
      clicks: 3,
    });
  });
});
