import { describe, expect, test } from 'vitest';
import { here, office, OVERVIEW, pagesOf, visit } from '../support/back-office-visitors.ts';
import { AGENCY, NEWS, PHONE, SHOP } from '../support/back-office.ts';

describe('notes that lie too near to each other on a chart', () => {
  test('are one mark, and each of them is opened from its menu', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.signIn(SHOP);
    const statuses = await page.evaluate<readonly number[]>(
      `Promise.all(['Earlier', 'Later'].map((title, index) => fetch('/annotations/mine', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-okapi-tenant': 'demo_shop' },
        body: JSON.stringify({ kind: 'incident', title, at: new Date(Date.now() - 120000 + index * 1000).toISOString() }),
      }).then(({ status }) => status)))`,
    );
    expect(statuses).toEqual([201, 201]);
    await visitor.go(`${OVERVIEW}?from=-1d&e=all`);
    await page.getByRole('button', { name: '2 notes' }).click();
    const menu = page.getByRole('menu', { name: '2 notes' });
    await visitor.picture('shell-notes-cluster');
    await menu.getByRole('menuitem', { name: /^Later/ }).click();
    await page.getByRole('dialog', { name: 'Note', exact: true }).getByText('Later').waitFor();
    expect(visitor.errors).toEqual([]);
  });
});

describe('every page of the navigation', () => {
  test.each([
    ['light', SHOP, {}],
    ['dark', SHOP, { colorScheme: 'dark' as const }],
    ['phone', SHOP, PHONE],
    ['umbrella', AGENCY, {}],
  ])(
    'is free of faults that axe knows, has a heading and no sideways scrolling: %s',
    async (name, account, options) => {
      const visitor = await visit(options);
      await visitor.signIn(account);
      if (name === 'phone') await visitor.page.getByRole('button', { name: 'Menu' }).click();
      const paths = await pagesOf(visitor);
      const faults: string[] = [];
      for (const path of [...paths, '/app/help']) {
        await visitor.go(path);
        const page = path.split('/').at(-1);
        for (const violation of await visitor.violations()) faults.push(`${path} ${violation}`);
        if ((await visitor.page.getByRole('heading', { level: 1 }).count()) !== 1)
          faults.push(`${path} headings`);
        if (await visitor.page.evaluate('document.documentElement.scrollWidth > innerWidth + 1'))
          faults.push(`${path} scrolls sideways`);
        await visitor.picture(`shell-${name}-${page}`);
      }
      expect(paths.length).toBeGreaterThan(0);
      expect(faults).toEqual([]);
      expect(visitor.errors).toEqual([]);
    },
  );

  test('is found in the sheet of a phone, and its filters in another', async () => {
    const visitor = await visit(PHONE);
    const { page } = visitor;
    await visitor.signIn(SHOP);
    await page.getByRole('button', { name: 'Menu' }).click();
    await visitor.picture('shell-phone-menu');
    expect(await visitor.violations()).toEqual([]);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('button', { name: 'Mobile' }).click();
    await visitor.picture('shell-phone-filters');
    expect(await visitor.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    expect(here(visitor)).toBe(`${OVERVIEW}?f=device:is:mobile`);
  });
});

describe('colours', () => {
  test('follow the system until somebody chooses, and then stay', async () => {
    const visitor = await visit({ colorScheme: 'dark' });
    const { page } = visitor;
    const background = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor');
    await visitor.signIn(SHOP);
    expect(await background()).toBe('rgb(15, 20, 25)');
    await page.getByRole('button', { name: 'Signed in as: shop' }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.reload();
    await visitor.settled();
    expect(await background()).toBe('rgb(255, 255, 255)');
  });
});

describe('without a network', () => {
  test('what was shown stays, and a sentence says that it is old', async () => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    await visitor.go(OVERVIEW);
    await visitor.page.context().setOffline(true);
    await visitor.page.getByText('You are offline. What you see is as it was before.').waitFor();
    await visitor.page.keyboard.press('d');
    await visitor.page.getByText('You are offline. What you see may be old.').first().waitFor();
    await visitor.picture('shell-offline');
    await visitor.page.context().setOffline(false);
    await visitor.page
      .getByText('You are offline. What you see is as it was before.')
      .waitFor({ state: 'detached' });
  });
});

describe('setting up', () => {
  test('shows the snippet of the organization, and tells when a beacon arrives', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.signIn(NEWS);
    await visitor.go('/app/o/demo_news/set-up');
    const snippet = await page.getByRole('region', { name: 'The snippet' }).innerText();
    expect(snippet).toContain(`${office.rumbrella.url}/beacon/catcher`);
    const trace = /'brum_trace', '([^']+)'/.exec(snippet)?.[1] ?? '';
    await page.getByText('Waiting for the first beacon…').waitFor();
    await visitor.picture('shell-set-up-waiting');
    await office.sendBeacon(trace, {
      u: 'https://news.example/',
      pid: 'first001',
      'rt.si': 'one',
      'pt.lcp': '900',
    });
    await page.getByText('A beacon has just arrived.').waitFor({ timeout: 60_000 });
    await visitor.picture('shell-set-up-arrived');

    // One site that sends says nothing of another.
    await page.getByRole('textbox', { name: 'Site' }).fill('https://Second.example/start');
    await page.getByText('Waiting for the first beacon of second.example…').waitFor();
    await office.sendBeacon(trace, { u: 'https://second.example/', pid: 'second01', 'pt.lcp': '900' });
    await page.getByText('A beacon has just arrived.').waitFor({ timeout: 60_000 });
  });
});
