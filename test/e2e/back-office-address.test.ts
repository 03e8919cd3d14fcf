import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { BASE, here, member, office, panel } from '../support/back-office-past.ts';
import { PHONE, SHOP, type Visitor } from '../support/back-office.ts';
import { poll } from '../support/poll.ts';

/** Goes to a page, makes choices, and looks at what is said of them after a reload and one step back. */
const staysInAddress = async (
  path: string,
  choose: () => Promise<unknown>,
  parameter: string,
  seen: () => Promise<unknown>,
): Promise<void> => {
  await member.go(`${BASE}/${path}`);
  const before = await seen();
  await choose();
  await poll(`${parameter} is in the address`, () => member.page.url().includes(parameter));
  await member.settled();
  const chosen = await seen();
  expect(chosen, parameter).not.toEqual(before);
  await member.page.reload();
  await member.settled();
  expect(await seen(), `${parameter} after a reload`).toEqual(chosen);
  await member.page.goBack();
  await member.settled();
  expect(await seen(), `${parameter} after one step back`).toEqual(before);
};

const press = (region: string | RegExp, name: string | RegExp) => () =>
  panel(member, region)
    .getByRole('button', { name, exact: typeof name === 'string' })
    .click();
const pressed = (region: string | RegExp) => () =>
  panel(member, region).locator('[aria-pressed="true"]').allInnerTexts();

describe('what a page shows', () => {
  test('is its address: tabs, orders, layers, so that a link, a reload and "back" show the same', async () => {
    const heads = (region: string | RegExp) => () =>
      panel(member, region).locator('th[aria-sort]:not([aria-sort="none"])').allInnerTexts();
    await staysInAddress('overview', press('Visitors', 'Devices'), 'visitors=device', pressed('Visitors'));
    await staysInAddress(
      'overview',
      press('Visitors', /^Page views/),
      'visitors.order=views:asc',
      heads('Visitors'),
    );
    await staysInAddress(
      'overview',
      press('Where work pays', 'Pages'),
      'work=url_path',
      pressed('Where work pays'),
    );
    await staysInAddress('pages', press(/^Pages by group/, /LCP/), 'order=value', heads(/^Pages/));
    await staysInAddress('pages', press(/^Pages by group/, 'Pages of product'), 'open=product', () =>
      member.page.getByRole('button', { name: 'Pages of product' }).getAttribute('aria-expanded'),
    );
    await staysInAddress(
      'distributions',
      press(/is spread/, 'Up to here'),
      'bars=cumulative',
      pressed(/is spread/),
    );
    await staysInAddress(
      'distributions',
      () => member.page.getByLabel('Lay over it').selectOption('device:mobile'),
      'over=device:mobile',
      () => member.page.getByLabel('Lay over it').inputValue(),
    );
    await staysInAddress('geography', press(/by country/, 'Page views'), 'map=views', pressed(/by country/));
    await staysInAddress('page/group/product', press('Elements', 'INP'), 'elements=inp', pressed('Elements'));
    await staysInAddress(
      'navigations',
      () =>
        panel(member, /by kind of navigation/)
          .locator('.line-keys button')
          .last()
          .click(),
      'away=',
      pressed(/by kind/),
    );
    expect(member.errors).toEqual([]);
  });

  test('keeps what was searched for, which is no step for "back"', async () => {
    const { page } = member;
    await member.go(`${BASE}/overview`);
    await page.goto(`${office.rumbrella.url}${BASE}/pages`);
    await page.getByRole('searchbox', { name: 'Search' }).fill('lamp');
    await poll('the search is in the address', () => here(member).searchParams.get('search') === 'lamp');
    await member.settled();
    await page.reload();
    await member.settled();
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('lamp');
    expect(await page.getByRole('table', { name: 'Pages by path' }).getByRole('row').count()).toBeGreaterThan(
      1,
    );
    await page.goBack();
    await member.settled();
    expect(here(member).pathname).toBe(`${BASE}/overview`);
  });
});

/** The text of the file that a click saves, and its name. */
const saved = async (visitor: Visitor, click: () => Promise<void>): Promise<readonly [string, string]> => {
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), click()]);
  return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')];
};

describe('export', () => {
  test('saves what a table shows, the total beside it, by the menu', async () => {
    await member.go(`${BASE}/overview`);
    const visitors = panel(member, 'Visitors');
    const first = await visitors.getByRole('row').nth(1).getByRole('rowheader').innerText();
    await visitors.getByRole('button', { name: 'Export: Visitors' }).click();
    const [name, text] = await saved(member, () =>
      member.page.getByRole('menuitem', { name: 'Rows, CSV' }).click(),
    );
    expect(name).toMatch(/^demo_shop-breakdown-www\.demo-shop\.example-.*\.csv$/);
    const lines = text.trim().split('\r\n');
    expect(lines[0]).toMatch(/^dimension,value,views,share,impact,lcp_value/);
    expect(lines.length - 1).toBe(await visitors.locator('tbody tr').count());
    const code = lines[1]?.split(',')[1] ?? '';
    expect(new Intl.DisplayNames(['en'], { type: 'region' }).of(code)).toBe(first);

    await visitors.getByRole('button', { name: 'Export: Visitors' }).click();
    const [, total] = await saved(member, () =>
      member.page.getByRole('menuitem', { name: 'All together, NDJSON' }).click(),
    );
    expect(JSON.parse(total)).toMatchObject({ dimension: 'country' });
  });

  test('opens by the key e at the first chart, and arrow keys choose', async () => {
    await member.go(`${BASE}/overview`);
    await member.page.keyboard.press('e');
    await member.page.getByRole('menuitem', { name: 'CSV' }).waitFor();
    await member.page.keyboard.press('ArrowDown');
    const [name, text] = await saved(member, () => member.page.keyboard.press('Enter'));
    expect(name).toMatch(/^demo_shop-series-.*\.ndjson$/);
    const points = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { vital: string; at: string });
    expect(points.length).toBeGreaterThan(25);
    expect(points[0]?.vital).toBe('lcp');
  });

  test('stands on every panel of every page of reports', async () => {
    for (const [path, panels] of [
      ['overview', 5],
      ['pages', 1],
      ['page/group/product', 6],
      ['distributions', 3],
      ['geography', 2],
      ['devices', 9],
      ['navigations', 3],
      ['compare', 1],
    ] as const) {
      await member.go(`${BASE}/${path}`);
      const found = await member.page.locator('main .panel .export-button').count();
      expect(found, path).toBeGreaterThanOrEqual(panels);
    }
  });
});

describe('notes', () => {
  test('are made over a range by dragging with Shift', async () => {
    const { page } = member;
    await member.go(`${BASE}/overview`);
    const box = await page.locator('.u-over').first().boundingBox();
    if (box === null) throw new Error('the chart is not there');
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 70, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const dialog = page.getByRole('dialog', { name: 'New note' });
    await dialog.getByLabel('Title').fill('A week of sales');
    expect(await dialog.getByLabel(/^Until/).inputValue()).not.toBe('');
    await dialog.getByRole('button', { name: 'Add note' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const range = page.locator('.note-range');
    await page.getByRole('button', { name: /A week of sales/ }).waitFor();
    expect(await range.count()).toBeGreaterThan(0);
    // The period is as it was: the drag made a note and zoomed nowhere.
    expect(here(member).searchParams.get('from')).toBeNull();
  });

  test('stand on every chart of their time', async () => {
    for (const path of ['page/group/product', 'navigations', 'distributions']) {
      await member.go(`${BASE}/${path}`);
      await member.page.getByRole('button', { name: /A week of sales/ }).waitFor();
    }
    await member.picture('member-7-note-on-spread');
  });

  test('are made by n on the page of a group, and by a button where there are no keys', async () => {
    const { page } = member;
    await member.go(`${BASE}/page/group/product`);
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New note' });
    await dialog.getByLabel('Title').fill('Gallery rebuilt');
    await dialog.getByRole('button', { name: 'Add note' }).click();
    await page.getByRole('button', { name: /Gallery rebuilt/ }).waitFor();

    const phone = await office.visit(PHONE);
    await phone.signIn(SHOP);
    await phone.go(`${BASE}/navigations`);
    await phone.page.getByRole('button', { name: 'New note' }).tap();
    await phone.page.getByRole('dialog', { name: 'New note' }).getByLabel('Title').fill('By touch');
    await phone.page.getByRole('button', { name: 'Add note' }).tap();
    await phone.page.getByRole('dialog', { name: 'New note' }).waitFor({ state: 'hidden' });
    // On a phone it lies so near to the one before that both are one mark with a menu.
    await phone.page
      .getByRole('button', { name: /^\d notes/ })
      .last()
      .tap();
    await phone.page.getByRole('menuitem', { name: /^By touch/ }).waitFor();
    await phone.picture('phone-note-by-touch');
    expect([...phone.errors, ...member.errors]).toEqual([]);
    await phone.close();
  });
});

describe('a comparison', () => {
  test('takes filters of its own for each side, and another period for one', async () => {
    const { page } = member;
    // The demo's four weeks have no whole period of 28 days before them.
    await member.go(`${BASE}/compare?from=-7d`);
    await page.getByLabel('By', { exact: true }).selectOption('selection');
    for (const [side, value] of [
      ['A', 'Mobile'],
      ['B', 'Desktop'],
    ] as const) {
      await page.getByRole('button', { name: `Filter ${side}` }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a filter' });
      await dialog.getByLabel('Dimension').selectOption('device');
      await dialog.getByRole('checkbox', { name: new RegExp(`^${value}`) }).check();
      await dialog.getByRole('button', { name: 'Add filter' }).click();
    }
    await page.getByLabel('Period of B').selectOption('prev');
    await member.settled();
    expect(here(member).search).toContain('a=device:is:mobile&b=device:is:desktop&when=prev');
    const table = panel(member, 'Difference');
    await table.getByRole('columnheader', { name: /^A Device is Mobile/ }).waitFor();
    expect(await table.getByRole('row', { name: /^LCP/ }).innerText()).toMatch(/slower/);
    expect(await member.violations()).toEqual([]);
    await member.picture('member-8-compare-segments');
  });
});
