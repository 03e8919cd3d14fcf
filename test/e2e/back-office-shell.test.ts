import { describe, expect, test } from 'vitest';
import { here, HOSTILE, office, OVERVIEW, visit } from '../support/back-office-visitors.ts';
import { AGENCY, NEWS, SHOP } from '../support/back-office.ts';

describe('the address', () => {
  test('holds every choice, so that back goes one choice back', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.signIn(SHOP);
    await visitor.go(OVERVIEW);
    await page.getByRole('group', { name: 'Device' }).getByRole('button', { name: 'Mobile' }).click();
    await page.getByLabel('Compare').selectOption('prev');
    await page.keyboard.press('Escape');
    expect(here(visitor)).toBe(`${OVERVIEW}?cmp=prev`);
    await page.goBack();
    expect(here(visitor)).toBe(`${OVERVIEW}?f=device:is:mobile&cmp=prev`);
    await page.goBack();
    expect(here(visitor)).toBe(`${OVERVIEW}?f=device:is:mobile`);
    await page.goBack();
    expect(here(visitor)).toBe(OVERVIEW);
  });

  test('of an organization that one may not act for is refused in words', async () => {
    const visitor = await visit();
    await visitor.signIn(NEWS);
    await visitor.go(OVERVIEW);
    expect(await visitor.page.getByRole('main').innerText()).toContain(
      'You cannot look at this organization',
    );
    await visitor.picture('shell-other-organization');
  });

  test('of a page that there is not says so', async () => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    await visitor.go('/app/o/demo_shop/nothing');
    expect(await visitor.page.getByRole('main').innerText()).toContain('There is no such page');
  });

  test('of a site that there is not says so once, and which there are', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.signIn(SHOP);
    await visitor.go(OVERVIEW.replace(/\/s\/[^/]+/, '/s/nope.example'));
    await page.getByRole('heading', { name: 'Demo Shop has no site “nope.example”' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await visitor.picture('shell-unknown-site');
    await page.getByRole('main').getByRole('link', { name: 'shop.example' }).click();
    await page.getByRole('main', { name: 'Overview' }).waitFor();
    expect(here(visitor)).toContain('/s/shop.example/');
  });

  test('may hold anything without becoming part of the page', async () => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    const hostile = encodeURIComponent(HOSTILE);
    await visitor.go(
      `/app/o/demo_shop/s/${hostile}/overview?f=url_path:is:${encodeURIComponent(hostile)}&m=${hostile}`,
    );
    await visitor.go(`/app/o/${hostile}/home`);
    expect(await visitor.page.title()).not.toBe('taken');
    expect(await visitor.page.locator('img[src="x"]').count()).toBe(0);
    expect(visitor.errors).toEqual([]);
  });
});

describe('acting for a member', () => {
  test('stands above everything, with relation and end, and is left by Shift+Esc', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.signIn(AGENCY);
    await page.getByRole('button', { name: 'Organization: Demo Agency' }).click();
    await page.getByRole('dialog', { name: 'Organization' }).getByRole('link', { name: 'Demo Shop' }).click();
    await visitor.settled();
    const bar = page.getByRole('region', { name: 'Acting for another organization' });
    expect(await bar.innerText()).toMatch(
      /Acting in Demo Shop as agency of Demo Agency, may see reports, page views and notes, write notes via relation demo_agency#1, until 31 Dec \d{4}/,
    );
    await visitor.picture('shell-acting');
    await page.keyboard.press('Shift+Escape');
    await page.waitForURL('**/o/demo_agency/**');
    expect(await bar.count()).toBe(0);
  });

  test('goes by the members where the umbrella has no reports of its own', async () => {
    const visitor = await visit();
    await visitor.signIn(AGENCY);
    await visitor.go('/app/o/demo_agency/s/-/overview?from=-7d');
    await visitor.picture('shell-no-reports');
    await visitor.page.getByRole('main').getByRole('link', { name: 'Demo News' }).click();
    expect(here(visitor)).toBe('/app/o/demo_news/s/-/overview?from=-7d');
  });
});

describe('the keyboard alone', () => {
  test('signs in, goes everywhere and chooses', async () => {
    const visitor = await visit();
    const { page } = visitor;
    const { keyboard } = page;
    await page.goto(`${office.rumbrella.url}/app/`);
    await page.getByLabel('Organization').waitFor();
    for (const text of ['demo_shop', 'shop', 'password-of-the-tests']) {
      await keyboard.press('Tab');
      await keyboard.type(text);
    }
    await keyboard.press('Enter');
    await page.waitForURL('**/o/demo_shop/home');
    await visitor.settled();

    await keyboard.press('g');
    await keyboard.press('o');
    await page.waitForURL(`**${OVERVIEW}`);
    await page.getByRole('region', { name: 'Selection' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');

    await keyboard.press('w');
    await keyboard.press('x');
    await keyboard.press('3');
    expect(here(visitor)).toBe(`${OVERVIEW}?from=-7d&m=cls&cmp=prev`);
    await keyboard.press('ArrowLeft');
    expect(here(visitor)).toMatch(/from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d&m=cls&cmp=prev$/);

    await keyboard.press('Control+k');
    await page.waitForFunction("document.activeElement?.closest('dialog') != null");
    await keyboard.type('set');
    await visitor.picture('shell-palette');
    await keyboard.press('Enter');
    await page.waitForURL('**/o/demo_shop/set-up');
    // Letters that are typed into the palette are no keys; it closes after the address has changed.
    await page.waitForFunction("document.querySelector('dialog[open]') === null");

    await keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await visitor.picture('shell-keys');
    await keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(visitor.errors).toEqual([]);
  });

  test('finds the pages of a site by a few letters', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.signIn(SHOP);
    await visitor.go(OVERVIEW);
    await page.keyboard.press('Control+k');
    const option = page.getByRole('option').filter({ hasText: 'Address' }).first();
    await option.waitFor();
    await visitor.picture('shell-palette-pages');
    await option.click();
    await page.waitForURL('**/page/path/**');
    await page.getByRole('main', { name: 'Page' }).waitFor();
  });

  test('skips the navigation', async () => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    await visitor.go(OVERVIEW);
    await visitor.page.keyboard.press('Tab');
    expect(await visitor.page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await visitor.page.keyboard.press('Enter');
    expect(await visitor.page.evaluate('document.activeElement.id')).toBe('main');
  });

  test('types letters into fields, and nowhere else once they are switched off', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.signIn(SHOP);
    await visitor.go('/app/help');
    await page.getByLabel('Single letters are shortcuts').uncheck();
    await visitor.go(OVERVIEW);
    await page.keyboard.press('d');
    expect(here(visitor)).toBe(OVERVIEW);
  });
});

describe('filters', () => {
  test('are added, changed, kept as a segment of the organization, and cleared', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.signIn(SHOP);
    await visitor.go(`${OVERVIEW}?e=all`);
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a filter' });
    await dialog.getByLabel('Dimension').selectOption({ label: 'Page' });
    await dialog.getByLabel('Condition').selectOption({ label: 'contains' });
    await dialog.getByLabel('Text').fill('a|b:c');
    await visitor.picture('shell-filter');
    await dialog.getByRole('button', { name: 'Add filter' }).click();
    expect(here(visitor)).toBe(`${OVERVIEW}?f=url_path:contains:a%7Cb%3Ac&e=all`);

    await page.getByRole('button', { name: 'Segments' }).click();
    await page.getByRole('menuitem', { name: /Keep these filters/ }).click();
    await page.getByLabel('Name').fill('Mine');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByRole('button', { name: 'Remove Page contains a|b:c' }).click();
    expect(here(visitor)).toBe(`${OVERVIEW}?e=all`);
    await page.getByRole('button', { name: 'Segments' }).click();
    await page.getByRole('menuitem', { name: 'Mine', exact: true }).click();
    expect(here(visitor)).toBe(`${OVERVIEW}?f=url_path:contains:a%7Cb%3Ac&e=all`);
    await page.keyboard.press('Escape');
    expect(here(visitor)).toBe(`${OVERVIEW}?e=all`);
  });
});
