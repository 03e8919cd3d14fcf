import fc from 'fast-check';
import { expect } from 'vitest';
import type { PageViewAnswer, Resource } from '../../../../src/modules/reports/contract.ts';
import type { StitchedView } from '../slow-views.ts';
import { type Check, type Checked, forAny } from './check.ts';
import { expectLine } from './page-views.ts';

/** It shows one page view whole, between its neighbours in the session; a beacon that is of none is not found. */
export const pageView: Check = async (checked) => {
  await forAny(
    [placesOf(checked)],
    async (place) => {
      const view = checked.views[place];
      if (view === undefined) throw new Error(`no page view ${place}`);
      const answer = await checked.ask<PageViewAnswer>('page-views/{id}', '', checked.ids.get(view));
      expectLine(answer.view, view);
      expect(answer.view).toMatchObject({
        id: checked.ids.get(view),
        hostname: view.hostname,
        sessionId: view.session,
        pageId: view.pageId,
        vitals: view.vitals,
      });
      expectFacts(answer, view);
      expect(answer.beacons.map(({ at, kind, segment, offset }) => [at, kind, segment, offset])).toEqual(
        view.rows.map((row) => [
          new Date(row.received_at).toISOString(),
          row.event_type,
          String(row.journal_segment),
          String(row.journal_offset),
        ]),
      );
      for (const [index, { parameters }] of answer.beacons.entries())
        expect([parameters['hostname'], parameters['url'] ?? '']).toEqual([
          view.hostname,
          view.rows[index]?.url,
        ]);
      expect(answer.resources).toHaveLength(resourcesOf(view).length);
      expect(answer.resources).toMatchObject(resourcesOf(view));
      expectMoments(answer, view);
      expect([answer.previous, answer.next]).toEqual(neighboursOf(checked, view));
      expect(answer.source.hasGenerated).toBe(view.isGenerated);
    },
    3,
  );
  for (const id of checked.noViews.slice(0, 5))
    await expect(checked.ask('page-views/{id}', '', id)).rejects.toThrow(/no such page view/);
};

/** Places of any page views, of those without a session or a page's id, and of those that the session goes on from within a second. */
const placesOf = ({ views }: Checked): fc.Arbitrary<number> => {
  const all = [...views.keys()];
  const special = [
    all.filter((place) => views[place]?.session === ''),
    all.filter((place) => views[place]?.pageId === ''),
    all.filter((place) => {
      const [view, next] = [views[place], views[place + 1]];
      return view?.session === next?.session && (next?.startedAt ?? 0) - (view?.startedAt ?? 0) < 1_000;
    }),
  ];
  return fc.oneof(
    ...[all, ...special].filter((places) => places.length > 0).map((places) => fc.constantFrom(...places)),
  );
};

/** Of the beacon that describes it, nulls included. */
const AS_DESCRIBED = [
  'url_path',
  'page_group',
  'page_type',
  'is_bot',
  'session_length',
  'navigation_type',
  'device_type',
  'browser_version',
  'geo_country_code',
  'mob_rtt',
  'screen_width',
  'cpu_cnc',
  'utm_campaign',
  'lcp_ttfb',
  'lcp_load_delay',
  'lcp_load_duration',
  'lcp_render_delay',
] as const;

const expectFacts = ({ facts }: PageViewAnswer, view: StitchedView): void => {
  const { described, rows } = view;
  const empty = (value: unknown): unknown => (value === '' ? null : value);
  expect(facts).toMatchObject({
    ...Object.fromEntries(AS_DESCRIBED.map((name) => [name, empty(described[name])])),
    largest_contentful_paint: view.vitals.lcp,
    first_contentful_paint: view.vitals.fcp,
    first_byte_duration: view.vitals.ttfb,
    inp: view.vitals.inp,
    described_by: described.event_type,
    event_type: ['spa', 'spa_hard', 'bfcache'].includes(described.event_type)
      ? described.event_type
      : 'visit_page',
    has_quit: view.hasQuit,
    abandoned: !view.isLoaded,
    was_hidden: rows.some((row) => row.was_hidden),
    hidden_at_load: described.was_hidden,
    ended_at: new Date(endOf(view)).toISOString(),
  });
};

/** When its last beacon came; one that came twice counts when it came first. */
const endOf = ({ rows }: StitchedView): number => {
  const first = new Map<string, number>();
  for (const row of rows) {
    const identity = row.beacon_no === null ? `${row.journal_offset}` : `${row.event_type} ${row.beacon_no}`;
    first.set(identity, Math.min(row.received_at, first.get(identity) ?? Number.MAX_SAFE_INTEGER));
  }
  return Math.max(...first.values());
};

/** Every script of its beacons once, by start. */
const resourcesOf = ({ rows }: StitchedView): readonly Partial<Resource>[] => {
  const told = rows.flatMap(({ restiming }) =>
    restiming === '' ? [] : Object.entries(Object.values(JSON.parse(restiming) as Trie)[0] ?? {}),
  );
  return [...new Map(told)]
    .map(([name, packed]) => {
      const [start = 0, end = 0, response = 0, request = 0] = packed
        .slice(1)
        .split(',')
        .map((digits) => Number.parseInt(digits, 36));
      return {
        url: `https://cdn.example/${name}`,
        kind: 'script',
        start,
        requestStart: start + request,
        responseStart: start + response,
        end: start + end,
        transferBytes: null,
        ...NOT_TOLD,
      };
    })
    .toSorted((a, b) => a.start - b.start);
};

/** What those scripts say nothing of. */
const NOT_TOLD = {
  encodedBytes: null,
  decodedBytes: null,
  redirect: null,
  dns: null,
  connect: null,
  tls: null,
  worker: null,
  protocol: '',
  attributes: [],
  element: null,
  serverTiming: [],
};

type Trie = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Moments are counted since navigation; paints of a prerendered page are told since it was shown. */
const expectMoments = ({ moments }: PageViewAnswer, { described, vitals, rows }: StitchedView): void => {
  const shown = described.activation_duration ?? 0;
  const at = (name: string): number | null => moments.find((moment) => moment.name === name)?.at ?? null;
  const since = (value: number | null): number | null =>
    value === null || (shown > 0 && value === 0) ? null : value + shown;
  expect([at('activated'), at('ttfb'), at('fcp'), at('lcp')]).toEqual([
    shown > 0 ? shown : null,
    since(vitals.ttfb),
    since(vitals.fcp),
    since(vitals.lcp),
  ]);
  const shifts = new Set(
    rows.flatMap((row) => row.cls_shift_at.map((when, index) => `${when} ${row.cls_shift_value[index]}`)),
  );
  expect(
    new Set(moments.filter(({ name }) => name === 'shift').map((each) => `${each.at} ${each.value}`)),
  ).toEqual(shifts);
  expect(moments.map((moment) => moment.at)).toEqual(
    moments.map((moment) => moment.at).toSorted((a, b) => a - b),
  );
};

const HALF_DAY = 43_200;

/** Ids of the page views before and after it in its session, at most half a day away; within a second by what the id says besides. */
const neighboursOf = (
  { views, ids }: Checked,
  view: StitchedView,
): readonly [previous: string | null, next: string | null] => {
  if (view.session === '') return [null, null];
  const second = (each: StitchedView): number => Math.floor(each.startedAt / 1_000);
  const own = views
    .filter((each) => each.session === view.session && Math.abs(second(each) - second(view)) <= HALF_DAY)
    .toSorted((a, b) => second(a) - second(b) || Number(hashIn(ids.get(a)) - hashIn(ids.get(b))));
  const place = own.indexOf(view);
  const idOf = (neighbour: StitchedView | undefined): string | null =>
    neighbour === undefined ? null : (ids.get(neighbour) ?? null);
  return [idOf(own[place - 1]), idOf(own[place + 1])];
};

/** The second part of an id, which is a number to base 36. */
const hashIn = (id = ''): bigint =>
  Array.from(id.split('-')[1] ?? '').reduce(
    (sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)),
    0n,
  );
