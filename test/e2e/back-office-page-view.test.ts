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

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fixture of ours
const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/beacons/recorded.json', import.meta.url), 'utf8'),
) as readonly { readonly body: string }[];

/** The beacons of a real page that was scrolled, with long tasks and a click: those of the first page that has a list of long tasks. */
const realPage = (): readonly Readonly<Record<string, string>>[] => {
  const beacons = recorded.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  const { pid } = beacons.find((beacon) => beacon['c.lt'] !== undefined) ?? {};
  return beacons.filter((beacon) => beacon['pid'] === pid);
};

const HOSTILE = `"'><img src=x onerror="document.title='taken'">`;
const SESSION = '0a1b2c3d-0000-4000-8000-000000000001-t0abcd';

/** Two errors of a page: one with a stack and what was before it, all of it hostile; and one that is told of in a word. */
const errorsAt = (navigation = '', jsurl: string): string => {
  const time = (Number.parseInt(navigation, 36) + 900).toString(36);
  const frames = `~(~(c~48~f~'${jsurl}~l~35~wo~'*2fdemo*2fpage.js)~(f~'HTMLDocument.*3canonymous*3e~l~1~w~'https*3a*2f*2fcdn.example*2f${'long-'.repeat(30)}.js))`;
  const events = `~(~(d~400~g~'BUTTON~i~'buy~t~1)~(d~20~m~'${jsurl}~s~'warn~t~3))`;
  return `~(~(d~'${time}~e${events}~f${frames}~m~'${jsurl}~n~3~t~'TypeError~v~2~x~'${jsurl})~(m~'Script*20error.~v~6))`;
};

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
  const jsurl = HOSTILE.replaceAll(/[^\w.-]/g, (letter) => `*${letter.charCodeAt(0).toString(16)}`);
  for (const beacon of realPage())
    await office.sendBeacon(demoShop.trace, {
      ...beacon,
      u: 'https://shop.example/p/over-time',
      pid: 'viewed-over-time',
      'rt.si': `${SESSION}x`,
      ...(beacon['servertiming'] !== undefined && {
        servertiming: beacon['servertiming'].replace("'picture", `'${jsurl}`),
      }),
      ...(beacon['c.lt'] !== undefined && {
        'c.lt': beacon['c.lt'].replace("s~'~t~0", `i~'${jsurl}~t~1`),
      }),
      ...(beacon['c.cls.d'] !== undefined && {
        'c.cls.d': beacon['c.cls.d'].replace("s~'main*20img.hero", `s~'${jsurl}`),
      }),
      ...(beacon['restiming'] !== undefined && { err: errorsAt(beacon['c.e'], jsurl) }),
    });
  await poll('the beacons are loaded', async () => {
    const tables = await office.rumbrella.sql(
      "SELECT 1 FROM system.tables WHERE name = 'demo_shop_webperf_rum_events'",
    );
    if (tables.length === 0) return false;
    const [row] = await office.rumbrella.sql<{ n: string }>(
      "SELECT count() AS n FROM demo_shop_webperf_rum_events WHERE page_id LIKE 'viewed%'",
    );
    return Number(row?.n) >= 6 + realPage().length;
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

  test('shows what happened over time, on the axis of the waterfall', async () => {
    const visitor = await open(3);
    const { page } = visitor;
    await page.getByRole('button', { name: 'Whole visit' }).click();
    const lanes = page.getByRole('group', {
      name: /^Long tasks, Errors, Frames, Visitor, .*Memory.* over time/,
    });
    await lanes.waitFor();
    const ticks = await page.evaluate<readonly (readonly number[])[]>(
      `['.waterfall', '.time-lanes'].map((chart) => [...document.querySelectorAll(chart + ' .page-time-grid line')]
        .map((line) => Math.round(line.getBoundingClientRect().left)))`,
    );
    expect(ticks[0]?.length).toBeGreaterThan(3);
    expect(ticks[1]).toEqual(ticks[0]);
    await visitor.picture('page-view-over-time');
    await lanes.focus();
    await page.keyboard.press('End');
    const said = page.locator('p[aria-live="polite"]', { hasText: /^At / });
    const heard = new Set<string>();
    for (let step = 0; step < 200 && heard.size < 3; step++) {
      const words = (await said.textContent()) ?? '';
      for (const part of ['Long tasks: ', 'Frames: ', 'Visitor: click at '])
        if (words.includes(part)) heard.add(part);
      await page.keyboard.press('ArrowLeft');
    }
    expect(heard.size).toBe(3);
    await visitor.picture('page-view-over-time-keyboard');
    await page.keyboard.press('Escape');
    expect(await said.count()).toBe(0);
    expect(await page.title()).not.toBe('taken');
    expect(await visitor.violations()).toEqual([]);
    expect(visitor.errors).toEqual([]);
  });

  test('has what happened over time, and what the server said, as tables', async () => {
    const visitor = await open(3);
    const { page } = visitor;
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const rowsOf = (name: string) => page.getByRole('table', { name }).getByRole('row');
    expect(await rowsOf('Over time, by seconds').count()).toBeGreaterThan(2);
    expect(await rowsOf('Long tasks').nth(1).textContent()).toContain(
      `of the page itself, iframe ${HOSTILE}`,
    );
    expect(await rowsOf('What the visitor did').filter({ hasText: 'click at' }).count()).toBe(1);
    const server = await rowsOf('Fetches by their start')
      .filter({ hasText: 'chair-400x300.svg' })
      .textContent();
    expect(server).toContain(`(${HOSTILE}), demo`);
    await visitor.picture('page-view-over-time-table');
    expect(await page.title()).not.toBe('taken');
    expect(await visitor.violations()).toEqual([]);
  });

  test('shows its errors with their stacks, what moved and what the visitor waited for', async () => {
    const visitor = await open(3);
    const { page } = visitor;
    const errors = page.getByRole('region', { name: 'Errors' });
    await errors.waitFor();
    expect(await errors.getByRole('list', { name: 'Stack' }).first().getByRole('listitem').count()).toBe(2);
    expect(await errors.textContent()).toContain(`TypeError: ${HOSTILE}`);
    expect(await errors.textContent()).toContain('https://shop.example/demo/page.js:35:48');
    expect(await errors.textContent()).toContain('400 ms before: click button #buy');
    await errors.scrollIntoViewIfNeeded();
    await visitor.picture('page-view-errors');
    const moments = page.getByRole('list', { name: 'Moments of the page view' });
    expect(await moments.textContent()).toMatch(/The layout shifted by 0\.\d+: .* 88 px down/);
    expect(await page.getByText(/Boomerang was fetched from \d+ ms to \d+ ms\./).count()).toBe(1);
    await page.getByRole('button', { name: 'Whole visit' }).click();
    await page.getByRole('group', { name: /Errors, .*Waited, .*Shifts.* over time/ }).waitFor();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const rowsOf = (name: string) => page.getByRole('table', { name }).getByRole('row');
    expect(await rowsOf('Slow events').count()).toBeGreaterThan(3);
    expect(await rowsOf('Layout shifts').filter({ hasText: HOSTILE }).first().textContent()).toContain(
      'px down',
    );
    await page.getByRole('table', { name: 'Layout shifts' }).scrollIntoViewIfNeeded();
    await visitor.picture('page-view-shifts-table');
    expect(await page.title()).not.toBe('taken');
    expect(await visitor.violations()).toEqual([]);
    expect(visitor.errors).toEqual([]);
  });

  test('has no place for errors where there were none', async () => {
    const { page } = await open(0);
    await page.getByRole('group', { name: /Waterfall of/ }).waitFor();
    expect(await page.getByRole('region', { name: 'Errors' }).count()).toBe(0);
  });

  test('says in the details of a fetch what the server said of it', async () => {
    const visitor = await open(3);
    const { page } = visitor;
    await page.getByRole('group', { name: /Waterfall of/ }).focus();
    await page.keyboard.press('Home');
    const details = page.locator('p[aria-live="polite"]', { hasText: 'server: read' });
    expect(await details.textContent()).toMatch(/h1\.1.*server: read [\d.]+ ms \(shop\.html\)/);
    await visitor.picture('page-view-fetch-details');
  });

  test('fits a phone with what happened over time, and the dark', async () => {
    const visitor = await open(3, { ...PHONE, colorScheme: 'dark' });
    const { page } = visitor;
    await page.getByRole('button', { name: 'Whole visit' }).click();
    await page.getByRole('group', { name: /over time/ }).scrollIntoViewIfNeeded();
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await visitor.picture('page-view-over-time-phone-dark');
    await page.getByRole('region', { name: 'Errors' }).scrollIntoViewIfNeeded();
    await visitor.picture('page-view-errors-phone-dark');
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
