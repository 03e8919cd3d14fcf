import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { demoShop } from '#demo';
import {
  type BackOffice,
  PHONE,
  SHOP,
  startBackOffice,
  type Visitor,
  type VisitOptions,
} from '../support/back-office.ts';
import { poll } from '../support/poll.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fixture of ours
const { beacons: real } = JSON.parse(
  readFileSync(new URL('../fixtures/beacons/public-restiming.json', import.meta.url), 'utf8'),
) as { readonly beacons: readonly { readonly pid: string; readonly restiming: string }[] };

const HOSTILE = `"'><img src=x onerror="document.title='taken'">`;
const SESSION = '0a1b2c3d-0000-4000-8000-000000000001-t0abcd';

let office: BackOffice;
const visitors: Visitor[] = [];

beforeAll(async () => {
  office = await startBackOffice();
  for (const [index, { restiming }] of real.slice(0, 3).entries()) {
    // Page views of a session are ordered by the second in which they began.
    const before = Math.floor(Date.now() / 1_000);
    await poll('the next second', () => Promise.resolve(Math.floor(Date.now() / 1_000) > before));
    const started = Date.now() - 60_000 + index * 1_000;
    const page = {
      u: `https://shop.example/p/${index === 1 ? HOSTILE : `product-${index}`}`,
      pid: `viewed${index}`,
      'rt.si': SESSION,
      'rt.sl': String(index + 1),
    };
    await office.sendBeacon(demoShop.trace, {
      ...page,
      n: '1',
      restiming,
      nt_nav_st: String(started),
      nt_req_st: String(started + 90),
      nt_res_st: String(started + 240),
      nt_res_end: String(started + 300),
      nt_domint: String(started + 700),
      nt_domcontloaded_end: String(started + 820),
      nt_domcomp: String(started + 1_700),
      nt_load_end: String(started + 1_730),
      t_done: '1730',
      'pt.fp': '640',
      'pt.fcp': '640',
      'pt.lcp': '1480',
      'pt.lcp.e': 'main > img.hero',
      'c.cls': '0.031',
      'c.cls.d': "~(~(t~'p0~v~'v))",
      'cdim.plan': HOSTILE,
    });
    await office.sendBeacon(demoShop.trace, {
      ...page,
      n: '2',
      'rt.quit': '',
      'et.inp': '232',
      'et.inp.t': '6400',
      'et.inp.e': 'button#buy',
    });
  }
  await poll('the beacons are loaded', async () => {
    const tables = await office.rumbrella.sql(
      "SELECT 1 FROM system.tables WHERE name = 'demo_shop_webperf_rum_events'",
    );
    if (tables.length === 0) return false;
    const [row] = await office.rumbrella.sql<{ n: string }>(
      "SELECT count() AS n FROM demo_shop_webperf_rum_events WHERE page_id LIKE 'viewed%'",
    );
    return Number(row?.n) >= 6;
  });
});
afterAll(() => office?.stop());
afterEach(async () => {
  for (const visitor of visitors.splice(0)) await visitor.close();
});

/** Signs in and opens the page view number `index`, found by its path among the newest. */
const open = async (index: number, options?: VisitOptions): Promise<Visitor> => {
  const visitor = await office.visit(options);
  visitors.push(visitor);
  await visitor.signIn(SHOP);
  const ids = await visitor.page.evaluate<readonly string[]>(
    `fetch('/reports/page-views?order=newest&limit=200&bots=with', { headers: { 'x-okapi-tenant': 'demo_shop' } })
      .then((answer) => answer.json()).then(({ views }) => views.filter(({ url }) => url.includes('shop.example/p/'))
      .toSorted((a, b) => a.startedAt < b.startedAt ? -1 : 1).map(({ id }) => id))`,
  );
  await visitor.go(`/app/o/demo_shop/s/-/page-view/${ids[index]}`);
  return visitor;
};

describe('a page view', () => {
  test('shows its waterfall, vitals, facts and beacons, and nothing in it is taken for markup', async () => {
    const visitor = await open(1);
    const { page } = visitor;
    await page.getByRole('group', { name: /Waterfall of \d+ fetches/ }).waitFor();
    expect(await page.getByText('1.48 s').first().isVisible()).toBe(true);
    await page.getByText('Page load').click();
    expect(await page.getByText('cdim.plan').isVisible()).toBe(true);
    expect(await page.title()).not.toBe('taken');
    await visitor.picture('page-view');
    expect(await visitor.violations()).toEqual([]);
    expect(visitor.errors).toEqual([]);
  });

  test('is read with the keyboard alone', async () => {
    const visitor = await open(0);
    const { page } = visitor;
    const waterfall = page.getByRole('group', { name: /Waterfall of/ });
    await waterfall.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('p[aria-live="polite"]', { hasText: 'from' }).count()).toBe(1);
    await visitor.picture('page-view-keyboard');
    await page.keyboard.press('Escape');
    expect(await page.locator('p[aria-live="polite"]', { hasText: 'from' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Table', exact: true }).focus();
    await page.keyboard.press('Enter');
    expect(
      await page.getByRole('table', { name: 'Fetches by their start' }).getByRole('row').count(),
    ).toBeGreaterThan(15);
    expect(await visitor.violations()).toEqual([]);
  });

  test('leads to its neighbours in the session', async () => {
    const visitor = await open(0);
    const { page } = visitor;
    const first = page.url();
    expect(await page.getByRole('button', { name: '← Before' }).isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Next →' }).click();
    await page.getByRole('link', { name: '← Before' }).waitFor();
    await visitor.settled();
    await page.keyboard.press(']');
    await page.getByRole('button', { name: 'Next →' }).waitFor();
    await visitor.settled();
    await page.keyboard.press('[');
    await visitor.settled();
    await page.getByRole('link', { name: '← Before' }).click();
    await page.waitForURL(first);
  });

  test('fits a phone, and the dark', async () => {
    const visitor = await open(2, { ...PHONE, colorScheme: 'dark' });
    const { page } = visitor;
    await page.getByRole('group', { name: /Waterfall of/ }).waitFor();
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await visitor.picture('page-view-phone-dark');
    expect(await visitor.violations()).toEqual([]);
  });

  test('says so when there is none of that id', async () => {
    const visitor = await open(0);
    for (const id of ['1-1', "x'%3Cscript%3E"]) {
      await visitor.go(`/app/o/demo_shop/s/-/page-view/${id}`);
      expect(await visitor.page.getByRole('alert').count()).toBe(1);
    }
    expect(visitor.errors).toEqual([]);
  });
});
