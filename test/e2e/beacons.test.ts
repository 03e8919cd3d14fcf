import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { poll } from '../support/poll.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

/** What the test looks at of a row. */
interface Row {
  readonly event_type: string;
  readonly url_path: string;
  readonly page_id: string;
  readonly session_id: string;
  readonly hostname: string;
  readonly browser_name: string;
  readonly largest_contentful_paint: number | null;
  readonly first_byte_duration: number | null;
  readonly cumulative_layout_shift: number | null;
  readonly inp: number | null;
  readonly navigation_type: string;
}

/** A browser tells its observers of shifts and events a little after they happened; a visitor stays as long. */
const OBSERVERS_MS = 500;

let rumbrella: RunningRumbrella;
let browser: Browser;

beforeAll(async () => {
  rumbrella = await startRumbrella();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await rumbrella?.remove();
});

const rowsOf = (tenant: string): Promise<Row[]> =>
  rumbrella.sql<Row>(`SELECT * FROM ${tenant}_webperf_rum_events ORDER BY received_at, beacon_no`);

const rowThat = (tenant: string, what: string, is: (row: Row) => boolean): Promise<Row> =>
  poll(`a row of ${tenant}: ${what}`, async () => (await rowsOf(tenant)).find(is));

/** Opens a page of the demo site and waits until Boomerang has sent its first beacon. */
const visit = async (page: Page, path: string): Promise<void> => {
  const beacon = page.waitForRequest((request) => request.url().includes('/beacon/catcher'));
  await page.goto(`${rumbrella.url}${path}`);
  await beacon;
};

describe('a beacon from a real browser', () => {
  test('becomes a page view with paint, shift and interaction in the table of its organization', async () => {
    const page = await browser.newPage();
    await visit(page, '/demo/shop/?as=shop');
    await page.waitForSelector('.banner');
    await page.waitForTimeout(OBSERVERS_MS);
    await page.click('#add');
    await page.locator('#cart', { hasText: '1' }).waitFor();
    await page.waitForTimeout(OBSERVERS_MS);
    await page.goto('about:blank');
    await page.close();

    const load = await rowThat('demo_shop', 'the load beacon', (row) => row.event_type === 'visit_page');
    expect(load).toMatchObject({
      hostname: 'localhost',
      url_path: '/demo/shop/',
      navigation_type: 'navigate',
    });
    expect(load.browser_name).toMatch(/Chrome/);
    expect(load.largest_contentful_paint).toBeGreaterThan(0);
    expect(load.first_byte_duration).not.toBeNull();

    const quit = await rowThat('demo_shop', 'the unload beacon', (row) => row.event_type === 'quit_page');
    expect(quit.page_id).toBe(load.page_id);
    expect(quit.session_id).toBe(load.session_id);
    expect(quit.inp).toBeGreaterThanOrEqual(200);

    const views = await rumbrella.sql<{ cls: number; inp: number; lcp: number }>(
      `SELECT cls, inp, largest_contentful_paint AS lcp FROM demo_shop_page_views WHERE page_id = '${load.page_id}'`,
    );
    expect(views).toHaveLength(1);
    expect(views[0]?.cls).toBeGreaterThan(0);
    expect(views[0]?.inp).toBe(quit.inp);
    expect(views[0]?.lcp).toBe(load.largest_contentful_paint);
  });

  test('of a route without a page load is a row of its own kind', async () => {
    const page = await browser.newPage();
    await visit(page, '/demo/shop/rooms?as=shop');
    const route = page.waitForRequest((request) => request.url().includes('/beacon/catcher'));
    await page.click('text=Kitchen');
    await route;
    await page.close();
    const row = await rowThat('demo_shop', 'the route', (candidate) => candidate.event_type === 'spa');
    expect(row.url_path).toBe('/demo/shop/rooms/kitchen');
  });

  test('reaches only its own organization', async () => {
    const page = await browser.newPage();
    await visit(page, '/demo/news/?as=news');
    await visit(page, '/demo/news/article');
    await page.goBack();
    // Whoever leaves before the page has told anything leaves no trace of the return.
    await page.waitForFunction(
      "performance.getEntriesByType('resource').some(({ name }) => name.includes('/beacon/catcher'))",
    );
    await page.goto('about:blank');
    await page.close();
    await rowThat('demo_news', 'the article', (row) => row.url_path === '/demo/news/article');
    const back = await rowThat(
      'demo_news',
      'the return to the front page',
      (row) => row.event_type === 'bfcache' || row.navigation_type === 'back_forward',
    );
    expect(back.url_path).toBe('/demo/news/');
    expect((await rowsOf('demo_shop')).filter((row) => row.url_path.includes('news'))).toEqual([]);
    expect((await rowsOf('demo_news')).filter((row) => row.url_path.includes('shop'))).toEqual([]);
  });

  test('of an unknown or expired organization is only backed up, and the control page counts it', async () => {
    const page = await browser.newPage();
    await visit(page, '/demo/shop/?as=unknown');
    await visit(page, '/demo/shop/product?as=expired');
    await page.goto(`${rumbrella.url}/demo/`);
    await page.locator('#count-unknown', { hasText: /^[1-9]/ }).waitFor();
    await page.locator('#count-expired', { hasText: /^[1-9]/ }).waitFor();
    await page.waitForSelector('[data-tenant="demo_shop"]:not([data-total="0"])');
    await page.screenshot({ path: 'test/artifacts/demo-control-page.png', fullPage: true });
    await page.close();
    expect((await rowsOf('demo_shop')).filter((row) => row.url_path === '/demo/shop/product')).toEqual([]);
  });

  test('leaves a count of rows for everybody to see, and nothing of what was measured', async () => {
    const answer = await fetch(`${rumbrella.url}/demo/live.json`);
    const number = expect.any(Number) as number;
    expect(await answer.json()).toEqual({
      tables: ['demo_shop', 'demo_news'].map((tenant) => ({
        tenant,
        table: `${tenant}_webperf_rum_events`,
        total: number,
      })),
    });
  });
});

describe("an organization's own users map", () => {
  test('has no demo site beside it, although the demo is on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rumbrella-own-map-'));
    await writeFile(
      join(folder, 'users-map.yaml'),
      '- user: { prefix: demo_shop, name: Ours, brum_trace: ours-alone-1, expire: 2099-01-01 }\n',
    );
    const own = await startRumbrella({ folder });
    try {
      for (const path of ['/demo', '/demo/', '/demo/live.json', '/demo/boomerang.js', '/demo/shop/'])
        expect([path, (await fetch(`${own.url}${path}`, { redirect: 'manual' })).status]).toEqual([
          path,
          404,
        ]);
    } finally {
      await own.remove();
    }
  });
});
