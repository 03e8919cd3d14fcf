import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type VitalId, VITAL_IDS } from '#vitals';
import { type EventRow, openViews } from '#warehouse';
import type {
  BfcacheReasonsAnswer,
  BounceAnswer,
  Breakdown,
  CoverageAnswer,
  DistributionAnswer,
  ElementsAnswer,
  HeatAnswer,
  LiveAnswer,
  PageViewAnswer,
  PageViewsAnswer,
  PhasesAnswer,
  Selection,
  SiteNamesAnswer,
  SitesAnswer,
  Summary,
} from '../../../src/modules/reports/contract.ts';
import { writeCsv } from '../../../src/modules/reports/exports/csv.ts';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import type { ExportRow, TableColumns } from '../../../src/modules/reports/report.ts';
import { ANSWERS } from '../../../src/modules/reports/openapi/answers.ts';
import { openTenantViews } from '../../../src/modules/reports/tenant-views.ts';
import { systemClock } from '#core';
import { insertBeaconRows } from '../../support/warehouse-rows.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../../support/warehouse.ts';
import { queryOf, storeVisits } from './asking.ts';
import { byDimension, isSelected, percentile, shares, tolerance, valuesOf } from './slow.ts';
import { beaconsOf, FURTHER_DIMENSIONS, makeVisits, type SomeDimension, type Visit } from './visits.ts';

const tenant = testTenant('further').id;
const DAY = 86_400_000;
const END = Date.UTC(2026, 9, 22, 12);
const BEGIN = END - 12 * DAY;
const visits = makeVisits(5, 900, BEGIN, END);

/** What the shared visits lack, by their number. */
const SELECTORS = ['img#hero', '', "div[title='O\\'x | y']", 'h1', 'утро > p'];
const REASONS = ['unload-listener', 'unload-listener,broadcastchannel', 'id-frame, unload-listener'];
const selectorOf = (index: number, turn: number): string => SELECTORS[(index + turn) % 5] ?? '';
const reasonsOf = (index: number): string =>
  index % 3 === 0 ? (REASONS[index % 9 === 0 ? 1 : index % 2] ?? '') : '';
const partsOf = (index: number): readonly number[] | null =>
  index % 4 === 0 ? null : [100 + (index % 300), index % 90, (index * 7) % 800, 1 + (index % 1_500)];

const BROWSERS = ['Chrome', 'Safari', "Fire'fox", ''];
const VERSIONS = ['1.815.1', '1.720.0', ''];
const browserOf = (index: number): string => BROWSERS[index % 4] ?? '';
const versionOf = (index: number): string => VERSIONS[index % 3] ?? '';
const isHidden = (index: number): boolean => index % 3 === 0;
const isAbandoned = (index: number): boolean => index % 5 === 0;

const rows = beaconsOf(visits).map((row): EventRow => {
  const index = Number(row.page_id.slice(1));
  const parts = row.is_page_view ? partsOf(index) : null;
  return {
    ...row,
    inp_selector: row.inp === null && row.inp_increment === null ? '' : selectorOf(index, 1),
    ...(row.is_page_view && {
      browser_name: browserOf(index),
      boomerang_version: versionOf(index),
      was_hidden: isHidden(index),
      abandoned: isAbandoned(index),
      lcp_selector: selectorOf(index, 0),
      cls_selector: selectorOf(index, 2),
      cls_top: 0.1,
      navigation_type: reasonsOf(index) === '' ? 'navigate' : 'back_forward',
      other: new Map(reasonsOf(index) === '' ? [] : [['bfc.nrr', reasonsOf(index)]]),
      lcp_ttfb: parts?.[0] ?? null,
      lcp_load_delay: parts?.[1] ?? null,
      lcp_load_duration: parts?.[2] ?? null,
      lcp_render_delay: parts?.[3] ?? null,
      restiming: index % 2 === 0 ? `{"https://cdn.example/":{"${index}.js":"3g,3c,2s,1e"}}` : '',
    }),
  };
});

let world: TestWarehouse;

beforeAll(async () => {
  world = await startTestWarehouse();
  await storeVisits(world, tenant, []);
  const { client } = world.warehouse;
  for (let at = 0; at < rows.length; at += 2_000)
    await insertBeaconRows(client, tenant, rows.slice(at, at + 2_000));
}, 60_000);
afterAll(() => world.stop());

const ask = async <A>(path: string, query: URLSearchParams | string = '', id = ''): Promise<A> => {
  const report = REPORTS.find((each) => each.path === `/reports/${path}`);
  if (report === undefined) throw new Error(`no report ${path}`);
  const { client } = world.warehouse;
  const views = openTenantViews(
    {
      client,
      sources: openViews({ client }),
      hostnames: () => ['a.example', 'b.example', 'c.example'],
      clock: systemClock,
    },
    tenant,
    new AbortController().signal,
    null,
  );
  const {
    answer,
    columns,
    rows: lines,
  } = await report.ask(new URLSearchParams(query), {
    tenant,
    params: { id },
    views,
    now: END,
  });
  ANSWERS[report.path]?.parse(answer);
  for (const line of lines()) expect(new Set(Object.keys(line))).toEqual(new Set(Object.keys(columns)));
  return answer as A;
};

/** The answer of a report with its lines as a file has them. */
const askWhole = async (
  path: string,
  query: URLSearchParams,
): Promise<{ answer: unknown; columns: TableColumns; lines: readonly ExportRow[] }> => {
  const report = REPORTS.find((each) => each.path === `/reports/${path}`);
  if (report === undefined) throw new Error(`no report ${path}`);
  const { client } = world.warehouse;
  const views = openTenantViews(
    {
      client,
      sources: openViews({ client }),
      hostnames: () => ['a.example', 'b.example'],
      clock: systemClock,
    },
    tenant,
    new AbortController().signal,
    null,
  );
  const known = [...query].filter(([name]) => Object.hasOwn(report.parameters.shape, name));
  const answered = await report.ask(new URLSearchParams(known), { tenant, params: {}, views, now: END });
  return { answer: answered.answer, columns: answered.columns, lines: answered.rows() };
};

/** CSV after RFC 4180, read character by character. */
const parseCsv = (text: string): readonly Readonly<Record<string, string>>[] => {
  const table: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (isQuoted && letter === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (letter === ',' || letter === '\n')) {
      table.at(-1)?.push(letter === '\n' ? cell.replace(/\r$/, '') : cell);
      cell = '';
      if (letter === '\n') table.push([]);
    } else cell += letter;
  }
  const [head = [], ...lines] = table.filter((line) => line.length > 0);
  return lines.map((line) => Object.fromEntries(head.map((name, place) => [name, line[place] ?? ''])));
};

const wholeSecond = (ms: number): string => new Date(Math.floor(ms / 1_000) * 1_000).toISOString();
const selection: fc.Arbitrary<Selection> = fc.record({
  site: fc.option(fc.constantFrom('a.example', 'b.example'), { freq: 2 }),
  from: fc.integer({ min: BEGIN - DAY, max: END - DAY }).map(wholeSecond),
  to: fc.integer({ min: END - DAY + 1_000, max: END }).map(wholeSecond),
  filters: fc.array(
    fc
      .constantFrom<SomeDimension>(
        'hostname',
        'page_group',
        'device',
        'country',
        'release',
        ...FURTHER_DIMENSIONS,
      )
      .chain((dimension) =>
        fc.record({
          dimension: fc.constant(dimension),
          op: fc.constantFrom('is' as const, 'is_not' as const),
          values: fc.subarray([...new Set(visits.map((visit) => visit.dimensions[dimension]))], {
            minLength: 1,
          }),
        }),
      ),
    { maxLength: 2 },
  ),
  navigations: fc.constantFrom('hard' as const, 'hard' as const, 'soft' as const, 'all' as const),
  percentile: fc.constantFrom(50, 75, 95),
  bots: fc.boolean(),
});
const RUNS = { numRuns: 8, endOnFailure: true } as const;

/** The selected visits with their numbers. */
const chosen = (by: Selection): readonly { readonly visit: Visit; readonly index: number }[] =>
  visits.map((visit, index) => ({ visit, index })).filter(({ visit }) => isSelected(visit, by));
const onlyVisits = (list: readonly { readonly visit: Visit }[]): readonly Visit[] =>
  list.map(({ visit }) => visit);

const expectNear = (id: VitalId, shown: number | null, exact: number | null): void => {
  if (shown === null || exact === null) return expect(shown).toBe(exact);
  expect(Math.abs(shown - exact)).toBeLessThanOrEqual(tolerance(id, exact));
};

describe('reports behind the figures', () => {
  it('name the elements of a vital, with the share of the page views that have a value', async () => {
    await fc.assert(
      fc.asyncProperty(
        selection,
        fc.constantFrom('lcp' as const, 'inp' as const, 'cls' as const),
        async (by, id) => {
          const answer = await ask<ElementsAnswer>('elements', queryOf(by, { vital: id }));
          const turn = { lcp: 0, inp: 1, cls: 2 }[id];
          const measured = chosen(by).filter(({ visit }) => visit.vitals[id] !== null);
          const groups = Map.groupBy(measured, ({ index }) => selectorOf(index, turn));
          groups.delete('');
          expect(new Set(answer.rows.map(({ selector }) => selector))).toEqual(new Set(groups.keys()));
          expect(answer.rows.map(({ views }) => views)).toEqual(
            [...groups.values()].map((group) => group.length).toSorted((a, b) => b - a),
          );
          for (const row of answer.rows) {
            const group = onlyVisits(groups.get(row.selector) ?? []);
            expect(row.views).toBe(group.length);
            expect(row.share).toBeCloseTo(group.length / measured.length, 12);
            expectNear(id, row.value, percentile(valuesOf(group, id), by.percentile));
            expect(row.shares?.good).toBeCloseTo(shares(valuesOf(group, id), id)?.good ?? -1, 12);
          }
        },
      ),
      RUNS,
    );
  }, 60_000);

  it('take each part of LCP at its own percentile', async () => {
    await fc.assert(
      fc.asyncProperty(selection, async (by) => {
        const answer = await ask<PhasesAnswer>('phases', queryOf(by));
        const parts = chosen(by).flatMap(({ index }) => {
          const all = partsOf(index);
          return all === null ? [] : [all];
        });
        expect(answer.samples).toBe(parts.length);
        for (const [place, { value }] of answer.phases.entries()) {
          const sorted = parts.map((all) => all[place] ?? 0).toSorted((a, b) => a - b);
          expectNear('lcp', value, percentile(sorted, by.percentile));
        }
      }),
      RUNS,
    );
  }, 60_000);

  it('list the slowest and the newest page views', async () => {
    await fc.assert(
      fc.asyncProperty(selection, fc.constantFrom<VitalId>(...VITAL_IDS), async (by, id) => {
        const all = chosen(by);
        const slowest = await ask<PageViewsAnswer>('page-views', queryOf(by, { vital: id, limit: '20' }));
        const values = valuesOf(onlyVisits(all), id).toReversed().slice(0, 20);
        expect(slowest.views).toHaveLength(values.length);
        for (const [place, view] of slowest.views.entries())
          expectNear(id, view.vitals[id], values[place] ?? null);
        const newest = await ask<PageViewsAnswer>(
          'page-views',
          queryOf(by, { order: 'newest', limit: '20' }),
        );
        const moments = all.map(({ visit }) => visit.startedAt).toSorted((a, b) => b - a);
        expect(newest.views.map(({ startedAt }) => Math.floor(Date.parse(startedAt) / 1_000))).toEqual(
          moments.slice(0, 20).map((at) => Math.floor(at / 1_000)),
        );
        expect(new Set(newest.views.map((view) => view.id)).size).toBe(newest.views.length);
      }),
      RUNS,
    );
  }, 60_000);

  it('show one page view whole, between its neighbours in the session', async () => {
    const { views } = await ask<PageViewsAnswer>(
      'page-views',
      'order=newest&limit=200&bots=with&navigations=all',
    );
    const idAt = new Map(views.map((view) => [Date.parse(view.startedAt), view.id]));
    const known = visits
      .map((visit, index) => ({ visit, index }))
      .filter(({ visit }) => idAt.has(visit.startedAt));
    expect(known.length).toBeGreaterThan(150);
    for (const { visit, index } of known.slice(5, 15)) {
      const answer = await ask<PageViewAnswer>('page-views/{id}', '', idAt.get(visit.startedAt));
      expect(answer.view).toMatchObject({
        startedAt: new Date(visit.startedAt).toISOString(),
        hostname: visit.dimensions.hostname,
        sessionId: visit.session,
        pageId: `p${index}`,
        vitals: visit.vitals,
      });
      expect(answer.facts).toMatchObject({ url_path: visit.dimensions.url_path, is_bot: visit.isBot });
      expect(answer.beacons).toHaveLength(index % 2 === 0 ? 2 : 1);
      expect(answer.resources.map(({ url }) => url)).toEqual(
        index % 2 === 0 ? [`https://cdn.example/${index}.js`] : [],
      );
      const lcp = answer.moments.find(({ name }) => name === 'lcp')?.at ?? null;
      expect(lcp).toBe(visit.vitals.lcp);
      const session =
        visit.session === '' ? [visit] : visits.filter((each) => each.session === visit.session);
      const place = session.indexOf(visit);
      const at = (neighbour: Visit | undefined): string | null =>
        neighbour === undefined ? null : (idAt.get(neighbour.startedAt) ?? 'of an older page view');
      for (const [shown, neighbour] of [
        [answer.previous, session[place - 1]],
        [answer.next, session[place + 1]],
      ] as const)
        if (at(neighbour) !== 'of an older page view') expect(shown).toBe(at(neighbour));
    }
  }, 120_000);

  it('describe all sites, and every day of each', async () => {
    await fc.assert(
      fc.asyncProperty(selection, async (any) => {
        const by = { ...any, site: null };
        const query = queryOf(by);
        const answer = await ask<SitesAnswer>('sites', query);
        const groups = byDimension(onlyVisits(chosen(by)), 'hostname');
        expect(answer.sites.map(({ views }) => views)).toEqual(
          [...groups.values()].map((group) => group.length).toSorted((a, b) => b - a),
        );
        for (const { hostname, vitals, days } of answer.sites) {
          const group = groups.get(hostname) ?? [];
          for (const { vital, value, samples } of vitals) {
            expect(samples).toBe(valuesOf(group, vital).length);
            expectNear(vital, value, percentile(valuesOf(group, vital), by.percentile));
          }
          expect(days[0]?.at).toBe(`${by.from.slice(0, 10)}T00:00:00.000Z`);
          expect(days.reduce((sum, { views }) => sum + views, 0)).toBe(group.length);
          for (const day of days) {
            const own = group.filter(
              ({ startedAt }) => wholeSecond(startedAt).slice(0, 10) === day.at.slice(0, 10),
            );
            expect(day.views).toBe(own.length);
            for (const id of ['lcp', 'inp', 'cls'] as const)
              expectNear(id, day[id], percentile(valuesOf(own, id), by.percentile));
          }
        }
      }),
      RUNS,
    );
  }, 60_000);

  it('name all sites with their page views, and nothing else of them', async () => {
    await fc.assert(
      fc.asyncProperty(selection, async (any) => {
        const by = { ...any, site: null };
        const answer = await ask<SiteNamesAnswer>('site-names', queryOf(by));
        const groups = [...byDimension(onlyVisits(chosen(by)), 'hostname')]
          .map(([hostname, group]) => ({ hostname, views: group.length }))
          .toSorted((a, b) => b.views - a.views || (a.hostname < b.hostname ? -1 : 1));
        expect(answer.sites).toEqual(groups);
      }),
      RUNS,
    );
  }, 60_000);

  it('count what is known of the page views of each browser and each version of Boomerang', async () => {
    await fc.assert(
      fc.asyncProperty(selection, async (by) => {
        const answer = await ask<CoverageAnswer>('coverage', queryOf(by));
        const all = chosen(by);
        const countsOf = (some: typeof all) => ({
          views: some.length,
          // Who painted was not hidden, whatever the browser said in the beginning.
          hidden: some.filter(({ visit, index }) => isHidden(index) && visit.vitals.fcp === null).length,
          loaded: some.filter(({ index }) => !isAbandoned(index)).length,
          left: some.filter(({ index }) => !isAbandoned(index) && index % 2 === 0).length,
          vitals: VITAL_IDS.map((id) => ({ vital: id, samples: valuesOf(onlyVisits(some), id).length })),
        });
        expect(answer.total).toEqual(countsOf(all));
        const byName = <N extends string>(name: N, nameOf: (index: number) => string) =>
          [...Map.groupBy(all, ({ index }) => nameOf(index))]
            .map(
              ([value, some]) =>
                ({ [name]: value, ...countsOf(some) }) as { [K in N]: string } & ReturnType<typeof countsOf>,
            )
            .toSorted((a, b) => b.views - a.views || (a[name] < b[name] ? -1 : 1));
        expect(answer.browsers).toEqual(byName('browser', browserOf));
        expect(answer.versions).toEqual(byName('version', versionOf));
      }),
      RUNS,
    );
  }, 60_000);

  it('count the last half hour by minute, with its pages', async () => {
    const answer = await ask<LiveAnswer>('live');
    const from = END - 29 * 60_000;
    const recent = visits.filter(
      ({ startedAt, isBot }) => !isBot && startedAt >= from && startedAt < END + 60_000,
    );
    expect(answer.views).toBe(recent.length);
    expect(answer.points).toHaveLength(30);
    for (const { at, views } of answer.points) {
      const begin = Date.parse(at);
      expect(views).toBe(
        recent.filter(({ startedAt }) => startedAt >= begin && startedAt < begin + 60_000).length,
      );
    }
    const pages = Map.groupBy(recent, ({ dimensions }) => `${dimensions.hostname}${dimensions.url_path}`);
    for (const { url, views } of answer.pages) expect(views).toBe(pages.get(url)?.length);
  });

  it('count every reason of a page view once', async () => {
    await fc.assert(
      fc.asyncProperty(selection, async (by) => {
        const answer = await ask<BfcacheReasonsAnswer>('bfcache-reasons', queryOf(by));
        const told = chosen(by).flatMap(({ index }) => [
          ...new Set(
            reasonsOf(index)
              .split(',')
              .map((reason) => reason.trim())
              .filter((reason) => reason !== ''),
          ),
        ]);
        const counts = [...Map.groupBy(told, (reason) => reason)].map(([reason, all]) => ({
          reason,
          views: all.length,
        }));
        expect(answer.rows.toSorted((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual(
          counts.toSorted((a, b) => (a.reason < b.reason ? -1 : 1)),
        );
      }),
      RUNS,
    );
  }, 60_000);
});

/** The lines of a report in its JSON answer: where they are, and how a line's cells are called there. */
const LINES: Readonly<Record<string, (answer: never) => readonly object[]>> = {
  summary: ({ vitals }: Summary) => vitals,
  breakdown: ({ rows: lines }: Breakdown) => lines,
  distribution: ({ buckets }: DistributionAnswer) => buckets,
  bounce: ({ bins }: BounceAnswer) => bins,
  heat: ({ cells }: HeatAnswer) => cells.map(({ value, views, samples }) => ({ value, views, samples })),
  elements: ({ rows: lines }: ElementsAnswer) => lines,
  phases: ({ phases }: PhasesAnswer) => phases,
  'bfcache-reasons': ({ rows: lines }: BfcacheReasonsAnswer) => lines,
  'site-names': ({ sites }: SiteNamesAnswer) => sites,
  sites: ({ sites }: SitesAnswer) => sites,
  coverage: ({ browsers }: CoverageAnswer) => browsers,
  'page-views': ({ views }: PageViewsAnswer) => views,
};

describe('every report', () => {
  it.each(Object.keys(LINES))(
    '%s has in its files the values of its answer, line by line',
    async (path) => {
      await fc.assert(
        fc.asyncProperty(selection, async (by) => {
          const query = queryOf(path.startsWith('site') ? { ...by, site: null } : by);
          if (path === 'breakdown') query.set('dimension', 'page_group');
          const { answer, columns, lines } = await askWhole(path, query);
          const told = LINES[path]?.(answer as never) ?? [];
          expect(lines).toHaveLength(told.length);
          const csv = parseCsv(writeCsv(columns, lines));
          for (const [place, line] of told.entries()) {
            for (const [name, value] of Object.entries(line)) {
              if (!Object.hasOwn(columns, name) || typeof value === 'object') continue;
              expect([name, lines[place]?.[name]]).toEqual([name, value]);
              const cell = csv[place]?.[name] ?? '';
              if (typeof value === 'string') expect(cell.replace(/^'/, '')).toBe(value.replace(/^'/, ''));
              else expect(cell).toBe(value === null ? '' : String(value));
            }
          }
        }),
        { numRuns: 3, endOnFailure: true },
      );
    },
    60_000,
  );

  it.each(
    REPORTS.filter(({ path }) => !path.includes('{')).map(({ path }) => path.slice('/reports/'.length)),
  )('%s answers what its schema says, and lines that have its columns', async (path) => {
    const report = REPORTS.find((each) => each.path === `/reports/${path}`);
    for (const query of ['', 'site=b.example', 'from=2020-01-01&to=2020-01-03']) {
      const asked = new URLSearchParams(query);
      if (path === 'breakdown') asked.set('dimension', 'page_group');
      const known = [...asked].filter(([name]) => Object.hasOwn(report?.parameters.shape ?? {}, name));
      await ask(path, new URLSearchParams(known));
    }
  });
});
