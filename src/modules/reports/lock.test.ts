import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCode } from '#core';
import type { Filter, Selection } from './contract.ts';
import { type Lock, readLock, withinLock } from './lock.ts';

/** A page view that a selection or a lock may hold. */
interface Page {
  readonly at: number;
  readonly site: string;
  readonly device: string;
  readonly isBot: boolean;
}

const DEVICES = ['mobile', 'desktop'];
const SITES = ['a.example', 'b.example'];
const pages: readonly Page[] = SITES.flatMap((site) =>
  DEVICES.flatMap((device) =>
    Array.from({ length: 25 }, (_, at) => ({ at: at * 1_000, site, device, isBot: at % 5 === 0 })),
  ),
);

const filters: fc.Arbitrary<readonly Filter[]> = fc.array(
  fc.record({
    dimension: fc.constant('device'),
    op: fc.constantFrom('is' as const, 'is_not' as const),
    values: fc.subarray(DEVICES, { minLength: 1 }),
  }),
  { maxLength: 2 },
);
const site = fc.option(fc.constantFrom(...SITES));
const second = fc.integer({ min: 0, max: 24 }).map((seconds) => seconds * 1_000);
const selections: fc.Arbitrary<Selection> = fc.record({
  site,
  from: second.map((ms) => new Date(ms).toISOString()),
  to: second.map((ms) => new Date(ms).toISOString()),
  filters,
  navigations: fc.constantFrom('hard' as const, 'all' as const),
  percentile: fc.constantFrom(50, 75),
  bots: fc.boolean(),
});
const locks: fc.Arbitrary<Lock> = fc.record({
  site,
  period: fc.option(fc.record({ from: second, to: second })),
  filters,
  bots: fc.boolean(),
});

const hasFilters = (given: readonly Filter[], { device }: Page): boolean =>
  given.every(({ op, values }) => values.includes(device) === (op === 'is'));
const isSelected = (by: Selection, page: Page): boolean =>
  (by.site === null || by.site === page.site) &&
  page.at >= Date.parse(by.from) &&
  page.at < Date.parse(by.to) &&
  (by.bots || !page.isBot) &&
  hasFilters(by.filters, page);
const isAllowed = (by: Lock, page: Page): boolean =>
  (by.site === null || by.site === page.site) &&
  (by.period === null || (page.at >= by.period.from && page.at < by.period.to)) &&
  (by.bots || !page.isBot) &&
  hasFilters(by.filters, page);

/** The limited selection; null when it was refused. */
const limited = (selection: Selection, lock: Lock): Selection | null => {
  try {
    return withinLock(selection, lock);
  } catch (error) {
    expect(errorCode(error)).toBe('REPORTS_REFUSED');
    return null;
  }
};

describe('a selection within a lock', () => {
  test('holds exactly the page views that both hold', () => {
    fc.assert(
      fc.property(selections, locks, (selection, lock) => {
        const left = limited(selection, lock);
        const shown = left === null ? [] : pages.filter((page) => isSelected(left, page));
        expect(shown).toEqual(pages.filter((page) => isSelected(selection, page) && isAllowed(lock, page)));
      }),
    );
  });

  test('stays as it is when it is limited again, and changes in nothing else', () => {
    fc.assert(
      fc.property(selections, locks, (selection, lock) => {
        const left = limited(selection, lock);
        if (left === null) return;
        expect(limited(left, lock)).toEqual(left);
        const { navigations, percentile } = selection;
        expect(left).toMatchObject({ navigations, percentile });
      }),
    );
  });
});

describe('a selection within a lock with a comparison', () => {
  const periods = fc
    .tuple(second, second)
    .filter(([from, to]) => from < to)
    .map(([from, to]) => ({ from, to }));
  const compared: fc.Arbitrary<Lock> = fc.record({
    site,
    period: periods,
    compared: periods,
    filters,
    bots: fc.boolean(),
  });
  const isSeen = (lock: Lock, page: Page): boolean =>
    [lock.period, lock.compared ?? null].some((period) => isAllowed({ ...lock, period }, page));

  test('holds nothing outside of both periods, and all of the one that is asked for', () => {
    fc.assert(
      fc.property(selections, compared, fc.boolean(), (anything, lock, isOther) => {
        const asked = isOther ? lock.compared : lock.period;
        for (const selection of [
          anything,
          {
            ...anything,
            from: new Date(asked?.from ?? 0).toISOString(),
            to: new Date(asked?.to ?? 0).toISOString(),
          },
        ]) {
          const left = limited(selection, lock);
          const shown = left === null ? [] : pages.filter((page) => isSelected(left, page));
          const seen = pages.filter((page) => isSelected(selection, page) && isSeen(lock, page));
          if (selection === anything) expect(seen).toEqual(expect.arrayContaining([...shown]));
          else expect(shown).toEqual(seen);
        }
      }),
    );
  });

  test('is read beside the period', async () => {
    const { period, compared: other } = (await readLock({
      userId: 'user',
      call: () => {
        const body = {
          site: null,
          from: '2026-11-15T00:00:00Z',
          to: '2026-11-22T00:00:00Z',
          compared: { from: '2026-11-08T00:00:00Z', to: '2026-11-15T00:00:00Z' },
          filters: [],
        };
        return Promise.resolve({
          status: 200,
          headers: {},
          body: new Uint8Array(),
          json: () => body,
          text: () => JSON.stringify(body),
        });
      },
    })) as Lock;
    expect([period?.from, other?.to]).toEqual([Date.UTC(2026, 10, 15), Date.UTC(2026, 10, 15)]);
  });
});

describe('the lock of an account', () => {
  const asked = (status: number, body: unknown, userId: string | null = 'user') =>
    readLock({
      userId,
      call: () =>
        Promise.resolve({
          status,
          headers: {},
          body: new Uint8Array(),
          json: () => body,
          text: () => JSON.stringify(body),
        }),
    });
  const LOCK = { site: 'a.example', from: null, to: null, filters: [] };

  test('is what the accounts module answers, and none where it knows of none', async () => {
    const lock = { site: 'a.example', period: null, filters: [], bots: true };
    expect(await asked(200, LOCK)).toEqual(lock);
    expect(await asked(200, { ...LOCK, bots: false })).toEqual({ ...lock, bots: false });
    expect([await asked(404, 'none'), await asked(500, '', null)]).toEqual([null, null]);
  });

  test('holds from its begin on when it has no end', async () => {
    const lock = await asked(200, { ...LOCK, from: '2026-11-22T00:00:00Z' });
    expect(lock?.period).toEqual({ from: Date.UTC(2026, 10, 22), to: Date.UTC(2100, 0) });
  });

  test.each([
    [500, 'broken'],
    [403, 'refused'],
    [200, {}],
    [200, { ...LOCK, filters: [{ dimension: '1; DROP', op: 'is', values: ['x'] }] }],
    [200, { ...LOCK, from: 'yesterday' }],
  ])('shows nothing when the answer is %i %j', async (status, body) => {
    await expect(asked(status, body)).rejects.toMatchObject({ code: 'REPORTS_REFUSED' });
  });
});
