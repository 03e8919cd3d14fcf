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
    await page.click('text=Kitchen');
    // The page stays open until then: whatever else it tells meanwhile does not stand for the route.
    const row = await rowThat('demo_shop', 'the route', (candidate) => candidate.event_type === 'spa');
    await page.close();
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

  test('of an unknown or expired organization is only backed up, as the control page shows', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await visit(page, '/demo/shop/?as=unknown');
    await visit(page, '/demo/shop/product?as=expired');
    await page.goto(`${rumbrella.url}/demo/`);
    const expired = page.locator('[data-place="expired/"]').first();
    await expired.waitFor();
    await page.locator('[data-place="unknown/"]').first().waitFor();
    expect(await expired.locator('td').allTextContents()).toEqual(
      expect.arrayContaining(['archived in expired/', '/demo/shop/product']),
    );
    await page.locator('#waiting', { hasText: 'has no row' }).waitFor();
    await context.close();
    expect((await rowsOf('demo_shop')).filter((row) => row.url_path === '/demo/shop/product')).toEqual([]);
  });

  test('appears as a row on the control page while it is open, new by a word, with what was measured', async () => {
    const context = await browser.newContext();
    const control = await context.newPage();
    await control.goto(`${rumbrella.url}/demo/`);
    await control.locator('#empty', { hasText: 'Press Visit above' }).waitFor();
    expect(await control.locator('#beacons').isVisible()).toBe(false);

    const site = await context.newPage();
    await visit(site, '/demo/shop/?as=shop');
    const row = control.locator('tr[data-place="demo_shop_webperf_rum_events"]', { hasText: 'visit_page' });
    await row.waitFor();
    await row.locator('.mark', { hasText: 'new' }).waitFor();
    await control.locator('#arrivals', { hasText: /new beacon/ }).waitFor();
    const cells = new Map<string, string>();
    for (const cell of await row.locator('td').all())
      cells.set((await cell.getAttribute('data-title')) ?? '', (await cell.textContent()) ?? '');
    expect(cells.get('Page')).toBe('/demo/shop/');
    expect(cells.get('Navigation')).toBe('navigate');
    expect(cells.get('LCP')).toMatch(/^[1-9]\d* ms$/);
    expect(cells.get('TTFB')).toMatch(/^\d+ ms$/);

    await site.waitForSelector('.banner');
    await site.click('#add');
    await site.waitForTimeout(OBSERVERS_MS);
    await site.goto('about:blank');
    const quit = control.locator('tr', { hasText: 'quit_page' });
    await quit.waitFor();
    expect(await quit.locator('[data-title="INP"]').textContent()).toMatch(/^[2-9]\d\d ms$/);
    await visit(site, '/demo/news/article?as=news');
    await control.locator('tr[data-place="demo_news_webperf_rum_events"]').first().waitFor();
    await visit(site, '/demo/shop/?as=unknown');
    await control.locator('[data-place="unknown/"]').first().waitFor();

    await control.setViewportSize({ width: 1200, height: 900 });
    await control.screenshot({ path: 'test/artifacts/demo-control-page.png', fullPage: true });
    await control.emulateMedia({ colorScheme: 'dark' });
    await control.screenshot({ path: 'test/artifacts/demo-control-page-dark.png', fullPage: true });
    await control.setViewportSize({ width: 360, height: 740 });
    expect(await control.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await control.screenshot({ path: 'test/artifacts/demo-control-page-phone.png', fullPage: true });

    // Seen before: a second look calls nothing new, and a row that has been there for a while is not new for ever.
    await control.reload();
    await row.waitFor();
    expect(await row.locator('.mark').count()).toBe(0);
    await context.close();
  });

  test('is shown to the browser that sent it, and to no other', async () => {
    const mine = await browser.newContext();
    const control = await mine.newPage();
    await visit(control, '/demo/shop/?as=shop');
    await control.goto(`${rumbrella.url}/demo/`);
    await control.locator('tr[data-place]').first().waitFor();
    const seen = (await control.evaluate(
      "fetch('/demo/live.json?visit=' + demoVisit).then((a) => a.json())",
    )) as {
      readonly beacons: readonly Readonly<Record<string, unknown>>[];
    };
    expect(seen.beacons.length).toBeGreaterThan(0);
    const allowed = ['at', 'place', 'path', 'eventType', 'navigationType', 'lcp', 'inp', 'cls', 'ttfb'];
    for (const beacon of seen.beacons)
      expect(Object.keys(beacon).filter((name) => !allowed.includes(name))).toEqual([]);
    await mine.close();

    const other = await browser.newContext();
    const page = await other.newPage();
    await page.goto(`${rumbrella.url}/demo/`);
    await page.locator('#empty', { hasText: 'Nothing yet' }).waitFor();
    await page.locator('#state', { hasText: 'Looked at' }).waitFor();
    expect(await page.locator('tr[data-place]').count()).toBe(0);
    await page.screenshot({ path: 'test/artifacts/demo-control-page-empty.png', fullPage: true });
    await other.close();
    for (const visitId of ['', '%25', 'x'.repeat(32), "'%20OR%201=1%20--"])
      expect((await fetch(`${rumbrella.url}/demo/live.json?visit=${visitId}`)).status).toBe(400);
  });

  test('is not asked for while nobody looks at the control page', async () => {
    const page = await browser.newPage();
    await page.goto(`${rumbrella.url}/demo/`);
    await page.locator('#state', { hasText: 'Looked at' }).waitFor();
    const looks: string[] = [];
    page.on('request', (request) => looks.push(request.url()));
    await page.evaluate(
      "Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))",
    );
    // A look that was under way may end; none is begun.
    await page.waitForTimeout(OBSERVERS_MS);
    const before = looks.length;
    await page.waitForTimeout(2_500);
    expect(looks.length).toBe(before);
    const again = page.waitForRequest((request) => request.url().includes('/demo/live.json'));
    await page.evaluate(
      "Object.defineProperty(document, 'hidden', { value: false }); document.dispatchEvent(new Event('visibilitychange'))",
    );
    await again;
    await page.close();
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

describe('without the demo', () => {
  test('its site is no other path than any that nobody serves', async () => {
    const off = await startRumbrella({ env: { RUMBRELLA_DEMO: 'off' } });
    try {
      const answerOf = async (path: string) => {
        const answer = await fetch(`${off.url}${path}`, { redirect: 'manual' });
        return [answer.status, (await answer.text()).replaceAll(path.split('?')[0] ?? path, 'PATH')];
      };
      const nothing = await answerOf('/no-such-path');
      expect(nothing[0]).toBe(400);
      for (const path of ['/demo', '/demo/', '/demo/visit.js', `/demo/live.json?visit=${'0'.repeat(32)}`])
        expect([path, ...(await answerOf(path))]).toEqual([path, ...nothing]);
    } finally {
      await off.remove();
    }
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
