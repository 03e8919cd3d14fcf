import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BackOffice, PHONE, SHOP, startBackOffice } from '../support/back-office.ts';
import { hold } from '../support/hold.ts';
import { poll } from '../support/poll.ts';

let office: BackOffice;

beforeAll(async () => {
  office = await startBackOffice();
});

afterAll(() => office?.stop());

test('every script and style of the first document may be kept for ever', async () => {
  const { url } = office.rumbrella;
  const document = await (await fetch(`${url}/app/`)).text();
  const files = [...document.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    const answer = await fetch(url + file);
    expect([file, answer.status, answer.headers.get('cache-control')]).toEqual([
      file,
      200,
      'public, max-age=31536000, immutable',
    ]);
  }
});

test('the code of a page comes while it is asked who is there', async () => {
  const visitor = await office.visit();
  const { page } = visitor;
  await visitor.signIn(SHOP);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.route('**/organizations', async (route) => {
    await poll('the code is asked for', () => asked.some((path) => path.includes('/assets/devices-')));
    await route.continue();
  });
  await visitor.go('/app/o/demo_shop/s/-/devices');
  expect(await page.getByRole('main').innerText()).toContain('Devices');
  await visitor.close();
});

test('a phone, which has no map, does not load one', async () => {
  const loads = async (options: typeof PHONE): Promise<boolean> => {
    const visitor = await office.visit(options);
    const asked: string[] = [];
    visitor.page.on('request', (request) => asked.push(request.url()));
    await visitor.signIn(SHOP);
    await visitor.go('/app/o/demo_shop/s/-/geography');
    await visitor.close();
    return asked.some((url) => url.includes('/assets/world-map-'));
  };
  expect([await loads({}), await loads(PHONE)]).toEqual([true, false]);
});

test('the chart of the overview stays where it is when the figures above it come', async () => {
  const visitor = await office.visit();
  const { page } = visitor;
  await visitor.signIn(SHOP);
  const summary = await hold(page, '**/reports/summary*');
  await page.goto(`${office.rumbrella.url}/app/o/demo_shop/s/-/overview`);
  const trend = page.locator('.panel').first();
  const before = await trend.boundingBox();
  expect(await page.locator('.vital-card .skeleton').count()).toBe(5);
  summary.release();
  await visitor.settled();
  expect((await trend.boundingBox())?.y).toBe(before?.y);
  await visitor.close();
});

test('the first chart is asked for alone, then the figures around it, then what they are compared with, then the rest', async () => {
  const visitor = await office.visit();
  const { page } = visitor;
  await visitor.signIn(SHOP);
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname.startsWith('/reports/'))
      asked.push(`${pathname.slice('/reports/'.length)}${searchParams.has('compare') ? ' compared' : ''}`);
  });
  const series = await hold(page, '**/reports/series*');
  await page.goto(`${office.rumbrella.url}/app/o/demo_shop/s/-/overview`);
  await poll('the chart is asked for', () => asked.includes('series'));
  // Whatever else the page asks for at once has been asked for after two frames.
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))))',
  );
  expect(asked).toEqual(['series']);
  series.release();
  await visitor.settled();
  expect(asked.slice(0, 2)).toEqual(['series', 'summary']);
  expect(asked.slice(2, 4).toSorted()).toEqual(['site-names', 'summary compared']);
  expect(asked.slice(4)).toContain('breakdown');
  await visitor.close();
});
