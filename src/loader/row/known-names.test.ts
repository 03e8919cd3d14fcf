import { afterEach, expect, test, vi } from 'vitest';
import { aBeacon } from '../../../test/support/a-beacon.ts';
import { createBeaconRows } from '../beacon-row.ts';
import { PARAMETER_NAMES, type ParameterName } from '../decode/parameter-names.ts';
import { Parameters } from '../decode/parameters.ts';

/** Known so that they are not kept a second time: their content is in the journal's record. */
const OF_THE_RECORD: readonly ParameterName[] = [
  'brum_trace',
  'brum_site_id',
  'subscription_id',
  'request_headers',
];

afterEach(() => vi.restoreAllMocks());

test('every parameter that is not kept in the map is read for a column', () => {
  const read = new Set<string>();
  for (const reader of ['has', 'text', 'whole', 'bytes', 'number'] as const) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the five have a name first, and that is all that is looked at
    const original = Parameters.prototype[reader] as (...args: unknown[]) => unknown;
    vi.spyOn(Parameters.prototype, reader).mockImplementation(function (
      this: Parameters,
      ...args: unknown[]
    ) {
      read.add(String(args[0]));
      return original.apply(this, args) as never;
    });
  }
  const rows = createBeaconRows(
    { pageGroups: [], keepQuery: true, keepUserAgent: true },
    { geo: { find: () => ({ country: '', city: null }) } },
  );
  const all = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, '1']));
  // A parameter may be read only when another one is missing, or on some kinds of beacons.
  rows.decode(aBeacon(all));
  rows.decode(aBeacon({ u: 'https://a.example/', n: '1', 'et.e': '~(~(n~0~s~1~d~8~i~1))' }));
  rows.decode(
    aBeacon({
      u: 'https://a.example/',
      nt_nav_st: '1763780000000',
      nt_res_st: '1763780000100',
      'pt.lcp': '900',
    }),
  );
  rows.decode(aBeacon({ 'http.initiator': 'error' }));
  const unread = PARAMETER_NAMES.filter((name) => !read.has(name) && !OF_THE_RECORD.includes(name));
  expect(unread).toEqual([]);
});

test('a parameter that no column takes is in the map', () => {
  const rows = createBeaconRows(
    { pageGroups: [], keepQuery: true, keepUserAgent: true },
    { geo: { find: () => ({ country: '', city: null }) } },
  );
  const fields = {
    sv: '15',
    sb: '1',
    'vis.pre': '1',
    nt_unload_st: '1763780000001',
    nt_first_paint: '1763780000300',
  };
  expect(Object.fromEntries(rows.decode(aBeacon({ u: 'https://a.example/', ...fields })).other)).toEqual(
    fields,
  );
});
