import type { EventRow } from '#warehouse';
import { createBeaconRows } from '../../src/loader/beacon-row.ts';
import { aBeacon, type BeaconFactsOfTest } from './a-beacon.ts';

/** Parameters of a beacon. */
export type Fields = Readonly<Record<string, string | number>>;

/** How rows of these tests are made. */
export const ROW_OPTIONS = {
  pageGroups: [{ path: '/p/*', group: 'product' }],
  keepQuery: true,
  keepUserAgent: true,
};

/** A database of places that knows none. */
export const NOWHERE = { find: () => ({ country: '', city: null }) };

/** Makes rows of beacons, without a place. */
export const rows = createBeaconRows(ROW_OPTIONS, { geo: NOWHERE });

/** The row of a beacon with these parameters. */
export const rowOf = (parameters: Fields, facts?: BeaconFactsOfTest): EventRow =>
  rows.decode(aBeacon(parameters, facts));

/** When the navigation of `LOAD` began, epoch ms. */
export const START = 1_763_780_000_000;

/** Parameters of a page view that was loaded. */
export const LOAD: Fields = {
  u: 'https://shop.example/p/1',
  n: 1,
  nt_nav_st: START,
  nt_res_st: START + 300,
  t_done: 900,
};
