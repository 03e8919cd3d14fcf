import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoNews, demoShop } from '#demo';
import {
  AGENCY,
  type BackOffice,
  CHROME,
  PHONE,
  SHOP,
  startBackOffice,
  type Visitor,
} from '../support/back-office.ts';
import { poll } from '../support/poll.ts';

const ANDROID =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Mobile Safari/537.36';

let office: BackOffice;

beforeAll(async () => {
  office = await startBackOffice();
});

afterAll(() => office?.stop());

/** Page views of which so many are good, from one kind of device. */
const send = async (
  trace: string,
  device: string,
  userAgent: string,
  good: number,
  poor: number,
): Promise<void> => {
  await Promise.all(
    Array.from({ length: good + poor }, (_, n) =>
      office.sendBeacon(
        trace,
        { u: 'https://between.example/', pid: `${device}${n}`, 'pt.lcp': n < good ? '1000' : '9000' },
        { userAgent },
      ),
    ),
  );
};

const stored = (tenant: string, rows: number): Promise<unknown> =>
  poll(`${rows} rows of ${tenant}`, async () => {
    const found = await office.rumbrella
      .sql<{ n: string }>(`SELECT count() AS n FROM ${tenant}_webperf_rum_events`)
      .catch(() => []);
    return Number(found[0]?.n ?? 0) >= rows;
  });

describe('two organizations', () => {
  test('are compared with the split into other visitors and speed, each asked in its own context', async () => {
    // The same speed on each device, and other devices: all of the difference is other visitors.
    await send(demoShop.trace, 'd', CHROME, 90, 10);
    await send(demoShop.trace, 'm', ANDROID, 10, 10);
    await send(demoNews.trace, 'd', CHROME, 18, 2);
    await send(demoNews.trace, 'm', ANDROID, 50, 50);
    await Promise.all([stored('demo_shop', 120), stored('demo_news', 120)]);
    const path = '/app/o/demo_shop/s/-/compare?from=-1d&by=organization&a=demo_shop&b=demo_news';
    for (const [name, options] of [
      ['light', {}],
      ['dark', { colorScheme: 'dark' }],
      ['phone', PHONE],
    ] as const) {
      const visitor = await office.visit(options);
      await visitor.signIn(AGENCY);
      const asked: string[] = [];
      visitor.page.on('request', (request) => {
        const { pathname } = new URL(request.url());
        if (/^\/reports\/(summary|breakdown)$/.test(pathname))
          asked.push(`${pathname} for ${request.headers()['x-okapi-tenant']}`);
      });
      await visitor.go(path);
      const row = visitor.page.getByRole('row', { name: /^LCP/ });
      await poll('the split is there', async () => (await row.locator('td').count()) === 6);
      const cells = (await row.locator('td').allInnerTexts()).slice(3).map((words) => words.trim());
      expect(cells).toEqual(['+26.7 pt', '+26.7 pt', '±0.0 pt']);
      expect(new Set(asked)).toEqual(
        new Set(
          ['summary', 'breakdown'].flatMap((report) =>
            ['demo_shop', 'demo_news'].map((tenant) => `/reports/${report} for ${tenant}`),
          ),
        ),
      );
      await visitor.picture(`between-organizations-${name}`);
      expect(await visitor.violations()).toEqual([]);
      expect(visitor.errors).toEqual([]);
      await visitor.close();
    }
  });
});

describe('a report that takes too much', () => {
  /** The reports of four weeks take too much. */
  const tooHeavy = async (visitor: Visitor): Promise<void> => {
    await visitor.page.route('**/reports/series?*', async (route) => {
      const query = new URL(route.request().url()).searchParams;
      const length = Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '');
      if (length < 8 * 86_400_000) return route.continue();
      return route.fulfill({
        status: 503,
        contentType: 'application/json',
        body: JSON.stringify({
          errors: [
            {
              message: 'the report takes more than the 20 seconds',
              type: 'error',
              code: 'REPORT_TOO_HEAVY',
              parameters: [],
            },
          ],
        }),
      });
    });
  };

  test('offers less, as other addresses', async () => {
    for (const [name, options] of [
      ['light', {}],
      ['dark', { colorScheme: 'dark' }],
      ['phone', PHONE],
    ] as const) {
      const visitor = await office.visit(options);
      await tooHeavy(visitor);
      await visitor.signIn(SHOP);
      const path = '/app/o/demo_shop/s/-/overview?f=device:is:mobile&cmp=year';
      await visitor.go(path);
      const alert = visitor.page.getByRole('alert').filter({ hasText: 'This takes too much' });
      await alert.waitFor();
      expect(await alert.getByRole('button').allInnerTexts()).toEqual([
        'Last 7 days only',
        'Without filters',
        'Without comparison',
        'Only hours that are rolled up',
        'Try again',
      ]);
      await visitor.picture(`too-heavy-${name}`);
      expect(await visitor.violations()).toEqual([]);
      const search = (): string => new URL(visitor.page.url()).search;
      await alert.getByRole('button', { name: 'Without filters' }).click();
      await poll('the filters are gone', () => search() === '?cmp=year');
      await alert.getByRole('button', { name: 'Only hours that are rolled up' }).press('Enter');
      await poll('the period ends with a whole hour', () =>
        /from=[^&]+T00:00Z&to=[^&]+:00Z&cmp=year/.test(decodeURIComponent(search())),
      );
      await visitor.page.goBack();
      await poll('back is back', () => search() === '?cmp=year');
      await alert.getByRole('button', { name: 'Last 7 days only' }).click();
      await alert.waitFor({ state: 'detached' });
      expect(search()).toBe('?from=-7d&cmp=year');
      await visitor.close();
    }
  });
});
