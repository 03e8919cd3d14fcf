import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { poll } from '../support/poll.ts';
import { demoClosed } from '#demo';
import {
  type BackOffice,
  type DemoAccount,
  PHONE,
  SHOP,
  startBackOffice,
  type Visitor,
} from '../support/back-office.ts';

const OPERATOR: DemoAccount = { tenant: 'demo_agency', username: 'operator' };
const HOME = '/app/o/demo_agency';
const PAGES = [
  'organizations',
  'data-health',
  'replay',
  'gateway',
  'gateway?tab=routes',
  'requests',
  'explain?tenant=demo_agency&method=GET&path=/reports/summary',
  'activity?of=all',
];

let office: BackOffice;
let operator: Visitor;

beforeAll(async () => {
  office = await startBackOffice();
  operator = await office.visit();
  await operator.signIn(OPERATOR);
});

afterAll(() => office?.stop());

const button = (name: string | RegExp, visitor = operator) =>
  visitor.page.getByRole('button', { name, exact: typeof name === 'string' });

/** Waits until so many beacons of nobody are in a folder of the archive. */
const inArchive = (folder: 'unknown' | 'expired', beacons: number): Promise<unknown> =>
  poll(`${beacons} beacons are in ${folder}`, async () => {
    const metrics = await (await fetch(`${office.rumbrella.url}/metrics`)).text();
    const found = new RegExp(`archived_only_total\\{folder="${folder}"\\} (\\d+)`).exec(metrics)?.[1];
    return Number(found ?? 0) >= beacons;
  });

/** Page views and value of the steps of the trend that have any, as its table says them. */
const trendValues = async (): Promise<readonly (readonly (string | undefined)[])[]> => {
  const table = operator.page.getByRole('table', { name: 'Largest Contentful Paint over time, p75' });
  const rows = await table.getByRole('row').all();
  const cells = await Promise.all(rows.map((row) => row.getByRole('cell').allTextContents()));
  return cells
    .filter((row) => row.length > 0 && row.at(-1) !== '0')
    .map(([value, , views]) => [views, value]);
};

describe('an operator', () => {
  test('makes rows of beacons that nobody was known for, and sees them in the chart', async () => {
    const trace = randomUUID();
    const hostile = '<img src=x onerror="document.title=1">';
    for (const [index, u] of [hostile, 'https://late.example/a', 'https://late.example/b'].entries())
      await office.sendBeacon(trace, { u, pid: `late${index}`, 'pt.lcp': '1200' });
    await inArchive('unknown', 3);
    await operator.go(`${HOME}/data-health`);
    const row = operator.page.getByRole('row').filter({ hasText: trace });
    expect(await row.innerText()).toContain(hostile);
    await row.getByRole('button', { name: 'Add organization & replay' }).click();
    await operator.page.getByLabel('Name', { exact: true }).fill('Late Shop');
    expect(await operator.page.getByLabel('Prefix').inputValue()).toBe('late_shop');
    await button('Add organization').click();
    await button('Replay 3 beacons').click();
    await operator.page.getByText('Became rows').waitFor();
    await operator.picture('operator-replayed');

    await operator.go(`${HOME}/organizations`);
    await button('Add relation').click();
    await operator.page.getByLabel('Late Shop', { exact: true }).check();
    await operator.page.getByRole('dialog').getByRole('button', { name: 'Add relation' }).click();
    await operator.page.getByText('demo_agency#2').waitFor();
    await operator.go('/app/o/late_shop/s/-/overview?from=-1d');
    await operator.page.getByRole('heading', { level: 1, name: 'All sites of Late Shop' }).waitFor();
    await operator.page.getByText('3 page views, 0 sessions').waitFor();
    await operator.page.getByRole('button', { name: /^LCP/ }).filter({ hasText: '1.20 s' }).waitFor();
    // They may lie in two steps of the chart.
    const trend = await trendValues();
    expect(trend.reduce((sum, [views]) => sum + Number(views), 0)).toBe(3);
    expect(new Set(trend.map(([, value]) => value))).toEqual(new Set(['1.20 s']));
    await operator.page.getByRole('button', { name: /Replay: 3 beacons more.* by Rumbrella/ }).waitFor();
    await operator.picture('operator-replayed-chart');
    expect(operator.errors).toEqual([]);
  });

  test('gives beacons of nobody to an organization that is there', async () => {
    const trace = randomUUID();
    await office.sendBeacon(trace, { u: 'https://second.example/', pid: 'second' });
    await inArchive('unknown', 4);
    await operator.go(`${HOME}/data-health?days=7`);
    const row = operator.page.getByRole('row').filter({ hasText: trace });
    await row.getByRole('button', { name: 'Add organization & replay' }).click();
    await button('An existing organization instead').click();
    await operator.page.getByLabel('Organization', { exact: true }).selectOption('demo_news');
    await button('Add the trace').click();
    await button('Replay 1 beacon').click();
    await operator.page.getByText('Became rows').waitFor();
    await operator.page.keyboard.press('Escape');
  });

  test('renews an expired organization and replays what came meanwhile', async () => {
    await office.sendBeacon(demoClosed.trace, { u: 'https://closed.example/', pid: 'closed' });
    await inArchive('expired', 1);
    await operator.go(`${HOME}/data-health?folder=expired`);
    const row = operator.page.getByRole('row').filter({ hasText: demoClosed.trace });
    await row.getByRole('button', { name: 'Renew & replay' }).click();
    await button('Renew').click();
    await button(/^Replay \d+ beacons?$/).click();
    await operator.page.getByText('Became rows').waitFor();
    await operator.go(`${HOME}/activity?of=all`);
    const summary = operator.page.getByText('began a replay of expired for demo_closed');
    await summary.waitFor();
    expect(operator.errors).toEqual([]);
  });

  test('renews and replays an organization whose beacons came after its end, by its line', async () => {
    await operator.go(`${HOME}/data-health`);
    const line = operator.page
      .getByRole('table', { name: 'Beacons that came after the end of their organization' })
      .getByRole('row')
      .filter({ hasText: demoClosed.prefix });
    await line.getByText('renewed').waitFor();
    // It ends again, and one more beacon comes.
    await operator.go(`${HOME}/organizations`);
    await button(`What to do with ${demoClosed.name}`).click();
    await operator.page.getByRole('menuitem', { name: /expire/i }).click();
    await button('Let it expire').click();
    await operator.page.getByText(`${demoClosed.name} is expired.`).waitFor();
    await office.sendBeacon(demoClosed.trace, { u: 'https://closed.example/again', pid: 'again' });
    await inArchive('expired', 2);
    await operator.go(`${HOME}/data-health`);
    await line.getByText('expired', { exact: true }).waitFor();
    expect(await line.innerText()).toMatch(/\b2\b/);
    await operator.picture('operator-expired');
    await line.getByRole('button', { name: 'Renew & replay' }).click();
    await button('Renew').click();
    await button('Replay 1 beacon').click();
    await operator.page.getByText('Became rows').waitFor();
    await operator.page.keyboard.press('Escape');
    await line.getByText('renewed').waitFor();
    expect(operator.errors).toEqual([]);
  });

  test('reads why a change is refused beside the field', async () => {
    await operator.go(`${HOME}/organizations`);
    await button('Add organization').click();
    await operator.page.getByLabel('Prefix').fill('Not Good');
    await operator.page.getByRole('dialog').getByRole('button', { name: 'Add organization' }).click();
    await operator.page.locator('.field-fault', { hasText: 'lower-case letter' }).waitFor();
    expect(await operator.page.getByLabel('Prefix').getAttribute('aria-invalid')).toBe('true');
    await operator.page.keyboard.press('Escape');
  });

  test('sees the hops of a request as a picture and as a list', async () => {
    await operator.go(`${HOME}/requests?path=/operations/organizations`);
    await operator.page
      .getByRole('link', { name: /GET \/operations\/organizations/ })
      .first()
      .click();
    const picture = operator.page.getByRole('img', { name: /^Calls between/ });
    await picture.waitFor();
    const described = await picture.getAttribute('aria-describedby');
    expect(await operator.page.locator(`[id="${described}"]`).innerText()).toContain('mod-operations');
    await operator.picture('operator-trace');
  });
});

describe('the rules of a relation', () => {
  const dialog = () => operator.page.getByRole('dialog');
  const open = async (): Promise<void> => {
    await operator.go(`${HOME}/organizations`);
    await button('What to do with demo_agency#1').click();
    await operator.page.getByRole('menuitem', { name: 'Edit' }).click();
    await dialog().getByRole('group', { name: 'Requests that go to a member by themselves' }).waitFor();
  };
  const save = () => dialog().getByRole('button', { name: 'Save' });
  const sentences = () => dialog().locator('.rule summary').allInnerTexts();

  test('are added, moved and removed with the keyboard, and stand in the file', async () => {
    await open();
    const { keyboard } = operator.page;
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await keyboard.press(key);
    };
    await dialog().getByRole('button', { name: 'Add rule' }).focus();
    await press('Enter');
    // The new rule is open and has the keyboard; method, path and member are the next stops.
    await press('Tab', 'Tab');
    await keyboard.type('/eholdings/*');
    await dialog().getByRole('button', { name: 'Add rule' }).focus();
    await press('Enter', 'Tab', 'Tab');
    await keyboard.type('/eholdings/providers');
    await dialog().getByText('Never reached: rule 1 takes every request of it').waitFor();
    await dialog().getByRole('button', { name: 'Move rule 2 up' }).focus();
    await press('Enter');
    await poll('the second rule is the first', async () => (await sentences())[0]?.includes('/providers'));
    expect(await dialog().getByText('Never reached').count()).toBe(0);
    // It is the first, so that its only way is down: the keyboard is there.
    await poll('the keyboard is at the rule that moved', () =>
      operator.page.evaluate<boolean>('document.activeElement.ariaLabel === "Move rule 1 down"'),
    );
    await dialog().getByRole('button', { name: 'Add condition' }).first().click();
    await dialog().getByLabel('Name', { exact: true }).fill('site');
    await dialog().getByLabel('has the value').fill('demo.example');
    await operator.picture('operator-rules');
    expect(await operator.violations()).toEqual([]);
    const explained = await dialog()
      .getByRole('link', { name: 'Explain a request that it takes' })
      .first()
      .getAttribute('href');
    await save().click();
    await operator.page.getByText('The relation was changed.').waitFor();
    const map = await readFile(join(office.rumbrella.folder, 'users-map.yaml'), 'utf8');
    expect(map).toMatch(
      /when:\n +- \{ path: \/eholdings\/providers, query: \{ "site": "demo\.example" \}, tenant: \w+ \}\n +- \{ path: \/eholdings\/\*, tenant/,
    );
    await operator.go(explained ?? '');
    await operator.page.getByText('demo_agency#1.when[0]').first().waitFor();
  });

  test('say what is wrong as the file would, beside the rule', async () => {
    await open();
    await dialog().locator('.rule summary').last().click();
    const path = dialog().getByLabel('Path', { exact: true }).last();
    await path.fill('no-slash');
    await save().click();
    const fault = dialog().locator('.rule .field-fault');
    await fault.waitFor();
    expect(await fault.innerText()).toMatch(
      /^Line \d+, relation\[0\]\.when\[1\]\.path: found "no-slash", expected a path that begins with \//,
    );
    expect(await path.getAttribute('aria-invalid')).toBe('true');
    await operator.picture('operator-rules-fault');
    for (const remaining of [1, 0]) {
      await dialog()
        .getByRole('button', { name: `Remove rule ${remaining + 1}` })
        .click();
      await poll('a rule is gone', async () => (await sentences()).length === remaining);
    }
    await dialog()
      .getByLabel(/^Only for people who have an account there/)
      .check();
    await save().click();
    await operator.page.getByText('only with an account there').waitFor();
    await open();
    await dialog()
      .getByLabel(/^Only for people who have an account there/)
      .uncheck();
    await save().click();
    await operator.page.getByText('The relation was changed.').waitFor();
    expect(operator.errors).toEqual([]);
  });

  test('are written with a relation that is added, and what is wrong with one stands beside it', async () => {
    await operator.go(`${HOME}/organizations`);
    await button('Add relation').click();
    const add = dialog().getByRole('button', { name: 'Add rule' });
    expect(await add.isDisabled()).toBe(true);
    await dialog().getByLabel('Demo News', { exact: true }).check();
    await add.click();
    const path = dialog().getByLabel('Path', { exact: true });
    await path.fill('no-slash');
    // Of a relation that is not there yet, nothing can be explained.
    expect(await dialog().getByRole('link').count()).toBe(0);
    const send = dialog().getByRole('button', { name: 'Add relation' });
    await send.click();
    await dialog().locator('.rule .field-fault', { hasText: 'found "no-slash"' }).waitFor();
    await path.fill('/notes/*');
    await operator.picture('operator-relation-new');
    expect(await operator.violations()).toEqual([]);
    await send.click();
    await operator.page.getByText('The relation was added.').waitFor();
    const map = await readFile(join(office.rumbrella.folder, 'users-map.yaml'), 'utf8');
    expect(map).toMatch(/when:\n +- \{ path: \/notes\/\*, tenant: demo_news \}/);
    await button('What to do with demo_agency#2').click();
    await operator.page.getByRole('menuitem', { name: 'End it now' }).click();
    await dialog().getByRole('button', { name: 'End it' }).click();
    await operator.page
      .getByText(/^ended/)
      .first()
      .waitFor();
    expect(operator.errors).toEqual([]);
  });

  test('fit a phone, and can be read in the dark', async () => {
    for (const [name, options] of [
      ['phone', PHONE],
      ['dark', { colorScheme: 'dark' }],
    ] as const) {
      const visitor = await office.visit(options);
      await visitor.signIn(OPERATOR);
      await visitor.go(`${HOME}/organizations`);
      await button('What to do with demo_agency#1', visitor).click();
      await visitor.page.getByRole('menuitem', { name: 'Edit' }).click();
      await button('Add rule', visitor).click();
      await button('Add condition', visitor).click();
      await visitor.page.getByLabel('Path', { exact: true }).fill('/reports/*');
      await visitor.page.getByLabel('Path', { exact: true }).scrollIntoViewIfNeeded();
      await visitor.picture(`operator-rules-${name}`);
      expect(await visitor.violations()).toEqual([]);
      const overflow = await visitor.page.evaluate(
        '(() => { const box = document.querySelector(".dialog-body"); return box.scrollWidth - box.clientWidth; })()',
      );
      expect(overflow, name).toBeLessThanOrEqual(0);
      await visitor.close();
    }
  });
});

describe('the pages of operators', () => {
  let dark: Visitor;

  beforeAll(async () => {
    dark = await office.visit({ colorScheme: 'dark' });
    await dark.signIn(OPERATOR);
  });

  test.each(PAGES)('%s is accessible, in light and dark', async (page) => {
    for (const [visitor, name] of [
      [operator, 'light'],
      [dark, 'dark'],
    ] as const) {
      await visitor.go(`${HOME}/${page}`);
      await visitor.picture(`operator-${page.replaceAll(/\W+/g, '-').slice(0, 20)}-${name}`);
      expect(await visitor.violations()).toEqual([]);
    }
    expect(dark.errors).toEqual([]);
  });

  test('fit a phone', async () => {
    const phone = await office.visit(PHONE);
    await phone.signIn(OPERATOR);
    for (const page of PAGES) {
      await phone.go(`${HOME}/${page}`);
      await phone.picture(`operator-${page.replaceAll(/\W+/g, '-').slice(0, 20)}-phone`);
      const overflow = await phone.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow, page).toBeLessThanOrEqual(0);
    }
    await phone.close();
  });
});

describe('an administrator', () => {
  test('sees who may act for the organization and ends it, and is not shown what operators see', async () => {
    const shop = await office.visit();
    await shop.signIn(SHOP);
    await shop.go('/app/o/demo_shop/relations');
    expect(await shop.violations()).toEqual([]);
    await shop.page.getByRole('button', { name: 'End', exact: true }).first().click();
    await shop.page.getByRole('button', { name: 'End it' }).click();
    await shop.page.getByText('Nobody acts for your organization').waitFor();
    await shop.go('/app/o/demo_shop/activity');
    await shop.page.getByText('withdrew demo_shop from the relation demo_agency#1').waitFor();
    expect(await shop.violations()).toEqual([]);
    await shop.go('/app/o/demo_shop/organizations');
    await shop.page.getByText('This may not be seen from here').waitFor();
    await shop.close();
  });
});
