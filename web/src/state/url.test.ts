import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VITAL_IDS } from '#vitals';
import { OPERATORS } from './filter.ts';
import {
  type Address,
  DEFAULT_VIEW,
  ENGINES,
  formatAddress,
  NAVIGATIONS,
  parseAddress,
  PERCENTILES,
  STEPS,
} from './url.ts';

/** What may stand in a part of a path. A URL has no parts `.` and `..`, and no empty ones. */
const part = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '.' && text !== '..');
const name = fc.stringMatching(/^[a-z][a-z-]{0,12}$/);
const moment = fc.oneof(
  fc.constantFrom('now', 'year', 'month', 'month-1', '-28d', '-30m', '-24h', '2026-11-22T10:00Z'),
  fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
);
const filter = fc.record({
  dimension: fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/),
  op: fc.constantFrom(...OPERATORS),
  values: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }),
});
const view: fc.Arbitrary<Address['view']> = fc.record({
  from: moment,
  to: moment,
  filters: fc.array(filter, { maxLength: 5 }),
  vital: fc.constantFrom(...VITAL_IDS),
  percentile: fc.constantFrom(...PERCENTILES),
  engine: fc.constantFrom(...ENGINES),
  navigations: fc.constantFrom(...NAVIGATIONS),
  compare: fc.oneof(fc.constantFrom('none', 'prev', 'year'), fc.record({ from: moment, to: moment })),
  step: fc.constantFrom(...STEPS),
  bots: fc.boolean(),
});
const extra = fc.dictionary(fc.stringMatching(/^x[a-z]{0,8}$/), fc.string({ unit: 'grapheme' }), {
  noNullPrototype: true,
});
const rest = fc.array(part, { maxLength: 3 });
const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({
    org: name,
    site: fc.option(part.filter((text) => text !== '-')),
    scope: fc.constant('site' as const),
    page: name,
    rest,
    view,
    extra,
  }),
  fc.record({
    org: name,
    site: fc.constant(null),
    scope: fc.constant('organization' as const),
    page: name.filter((text) => text !== 's'),
    rest,
    view,
    extra,
  }),
  fc.record({
    org: fc.constant(null),
    site: fc.constant(null),
    scope: fc.constant('nobody' as const),
    page: name.filter((text) => text !== 'o'),
    rest,
    view,
    extra,
  }),
);

const read = (href: string): Address => {
  const url = new URL(href, 'https://rum.example.org');
  return parseAddress(url.pathname, url.search);
};

describe('addresses', () => {
  test('come back as they were written, through a browser’s URL', () => {
    fc.assert(
      fc.property(address, (original) => {
        expect(read(formatAddress(original))).toEqual(original);
      }),
    );
  });

  test('are read from anything without failing, and written again in the form that is read', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        const once = parseAddress(`/app${path}`, `?${query}`);
        expect(read(formatAddress(once)).view).toEqual(once.view);
      }),
      { numRuns: 30 },
    );
  });

  test('leave out what is as usual', () => {
    expect(
      formatAddress({
        org: 'demo_shop',
        site: null,
        scope: 'site',
        page: 'overview',
        rest: [],
        view: DEFAULT_VIEW,
        extra: {},
      }),
    ).toBe('/app/o/demo_shop/s/-/overview');
  });

  test('can be read by people', () => {
    const view = {
      ...DEFAULT_VIEW,
      from: '-7d',
      filters: [{ dimension: 'device', op: 'is' as const, values: ['mobile'] }],
      compare: 'prev' as const,
    };
    const base = {
      org: 'demo_shop',
      site: 'shop.example',
      scope: 'site' as const,
      page: 'overview',
      rest: [],
    };
    expect(formatAddress({ ...base, view, extra: {} })).toBe(
      '/app/o/demo_shop/s/shop.example/overview?from=-7d&f=device:is:mobile&cmp=prev',
    );
  });

  test.each([
    ['a vital that there is not', '?m=speed', 'vital'],
    ['a percentile that there is not', '?p=42', 'percentile'],
    ['a day that there is not', '?from=2026-02-30', 'from'],
    ['a filter without an operator', '?f=device', 'filters'],
    ['a filter by something that is no name', '?f=__proto__:is:x', 'filters'],
    ['a comparison of one moment', '?cmp=-7d', 'compare'],
  ] as const)('take the usual for %s', (_what, search, key) => {
    expect(parseAddress('/app/o/a/s/-/overview', search).view[key]).toEqual(DEFAULT_VIEW[key]);
  });
});
