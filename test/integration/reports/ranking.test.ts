import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENOUGH_TO_RATE, VITAL_IDS } from '#vitals';
import type { EventRow } from '#warehouse';
import type { Breakdown } from '../../../src/modules/reports/contract.ts';
import { beaconRow } from '../../support/warehouse-rows.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../../support/warehouse.ts';
import { asker, storeBeacons, storeVisits } from './asking.ts';
import { choicesFrom } from './seeded.ts';
import { atRank, tolerance } from './slow.ts';
import { makeVisits } from './visits.ts';

const BEGIN = Date.UTC(2026, 9, 1);
const END = Date.UTC(2026, 9, 22);
const PERCENTILES = [50, 75, 90, 95, 99] as const;
const PERIOD = 'from=2026-10-01&to=2026-10-22';

/** A place with a fast and a slow half, the border between them at the rank of one of the percentiles or beside it. */
interface Place {
  readonly name: string;
  readonly values: readonly number[];
}

const placesOnBorders = (seed: number, names: readonly string[]): readonly Place[] => {
  const { next, pick } = choicesFrom(seed);
  return names.map((name, index) => {
    const count = pick([100, 120, 140, 200, 100 + Math.floor(next() * 60)]);
    const fast = Math.ceil((count * pick(PERCENTILES)) / 100) + pick([-1, 0, 0, 1]);
    return {
      name,
      values: Array.from({ length: count }, (_, rank) =>
        rank < fast ? 200 + index * 40 : 90_000 - index * 1_200,
      ),
    };
  });
};

const SEED = Number(process.env['RUMBRELLA_REPORT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const PLACES = placesOnBorders(
  SEED,
  Array.from({ length: 24 }, (_, index) => String.fromCharCode(65 + index, 90 - index)),
);

/** The place as a path, which the warehouse ranks, and as a country, which is ranked by what was counted. */
const beaconsOfPlaces = (): readonly EventRow[] =>
  PLACES.flatMap(({ name, values }, place) =>
    values.map((value, index) =>
      beaconRow({
        hostname: 'a.example',
        session_id: `s${index}`,
        page_id: `p${place}`,
        journal_segment: 1n,
        journal_offset: place * 1_000 + index,
        event_type: 'visit_page',
        is_page_view: true,
        beacon_no: 1,
        received_at: BEGIN + index * 60_000,
        url_path: `/${name}`,
        geo_country_code: name,
        largest_contentful_paint: value,
        first_contentful_paint: null,
      }),
    ),
  );

let world: TestWarehouse;
const visited = testTenant('visited').id;
const bordered = testTenant('bordered').id;

beforeAll(async () => {
  world = await startTestWarehouse();
  await storeVisits(world, visited, makeVisits(1, 2_000, BEGIN, END));
  await storeBeacons(world, bordered, beaconsOfPlaces());
}, 120_000);
afterAll(() => world.stop());

describe('rows of a breakdown', () => {
  it.each(['country', 'url_path'] as const)(
    'are ranked, searched and paged by %s',
    async (dimension) => {
      const ask = asker(world, visited, END, ['a.example']);
      const query = `${PERIOD}&vital=lcp&order=value&dimension=${dimension}`;
      const { rows, totalRows } = await ask<Breakdown>('breakdown', query);
      const isRated = rows.map(({ vitals }) => (vitals[0]?.samples ?? 0) >= ENOUGH_TO_RATE);
      expect(isRated).toEqual(isRated.toSorted((a, b) => Number(b) - Number(a)));
      const rated = rows.filter((_, index) => isRated[index]).map(({ vitals }) => vitals[0]?.value ?? 0);
      expect(rated.length).toBeGreaterThan(2);
      expect(rated).toEqual(rated.toSorted((a, b) => b - a));
      const pages = await Promise.all(
        [0, 2, 100].map((offset) => ask<Breakdown>('breakdown', `${query}&limit=2&offset=${offset}`)),
      );
      expect(pages.map((page) => page.rows)).toEqual([rows.slice(0, 2), rows.slice(2, 4), []]);
      expect(pages.map((page) => page.totalRows)).toEqual([totalRows, totalRows, totalRows]);
      const found = await ask<Breakdown>(
        'breakdown',
        `${query}&search=${dimension === 'country' ? 'b' : 'BLOG'}`,
      );
      expect(found.rows.map(({ value }) => value)).toEqual([dimension === 'country' ? 'BG' : '/Blog/Ä']);
      expect(found.total).toEqual({ ...found.total, views: rows.reduce((sum, { views }) => sum + views, 0) });
    },
    60_000,
  );

  it.each(
    PERCENTILES.flatMap((percentile) =>
      (['country', 'url_path'] as const).map((dimension) => [dimension, percentile] as const),
    ),
  )(
    `are ranked by %s after the p%i that they show, also where the border between fast and slow is at its rank (seed ${SEED})`,
    async (dimension, percentile) => {
      const ask = asker(world, bordered, END, ['a.example']);
      for (const direction of ['asc', 'desc']) {
        const { rows } = await ask<Breakdown>(
          'breakdown',
          `${PERIOD}&vital=lcp&order=value&dimension=${dimension}&percentile=${percentile}&direction=${direction}`,
        );
        expect(rows).toHaveLength(PLACES.length);
        const shown = rows.map(({ vitals }) => vitals[0]?.value ?? -1);
        expect(shown).toEqual(shown.toSorted((a, b) => (direction === 'asc' ? a - b : b - a)));
        for (const { value, vitals } of rows) {
          const place = PLACES.find(({ name }) => name === value.replace('/', ''));
          const exact = atRank(
            place?.values ?? [],
            Math.ceil(((place?.values.length ?? 0) * percentile) / 100),
          );
          expect(Math.abs((vitals[0]?.value ?? -1) - (exact ?? -1))).toBeLessThanOrEqual(
            tolerance('lcp', exact ?? 0),
          );
        }
      }
    },
  );

  it('without a value of the vital come last, in either direction', async () => {
    const ask = asker(world, bordered, END, ['a.example']);
    for (const vital of VITAL_IDS.slice(1))
      for (const direction of ['asc', 'desc']) {
        const query = `${PERIOD}&vital=${vital}&order=value&dimension=url_path&direction=${direction}`;
        const { rows } = await ask<Breakdown>('breakdown', query);
        expect(rows.map(({ vitals }) => vitals.find((each) => each.vital === vital)?.value)).toEqual(
          PLACES.map(() => null),
        );
      }
  });
});
