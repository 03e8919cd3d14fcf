import { describe, expect, test } from 'vitest';
import { HOSTILE, HOSTILE_URLS, pagesOf, SHORT, sidewaysOf, visit } from '../support/back-office-visitors.ts';
import { CHROME, SHOP, type Visitor } from '../support/back-office.ts';

describe('hostile beacons', () => {
  const comeIn = async (): Promise<{ visitor: Visitor; expectHarmless: () => Promise<void> }> => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    const dialogs: string[] = [];
    visitor.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    return {
      visitor,
      expectHarmless: async () => {
        expect(await visitor.page.title()).not.toBe('taken');
        expect(await visitor.page.locator('img[src="x"], svg[onload], main script').count()).toBe(0);
        expect(dialogs).toEqual([]);
        expect(visitor.errors).toEqual([]);
        expect(await sidewaysOf(visitor), visitor.page.url()).toBe(0);
      },
    };
  };

  test('are text where they are shown: overview, pages, one page, distributions, one page view', async () => {
    const { visitor, expectHarmless } = await comeIn();
    const { page } = visitor;
    const site = '/app/o/demo_shop/s/shop.example';
    const shows = async (...texts: readonly string[]): Promise<void> => {
      for (const text of texts)
        await page.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 10_000 });
      await expectHarmless();
    };
    const path = new URL(HOSTILE_URLS[0] ?? '').pathname;

    await visitor.go(`${site}/overview?from=-1d`);
    await shows(SHORT, HOSTILE, `shop.example${path}`);
    await visitor.picture('shell-hostile');
    await visitor.go(`${site}/pages?from=-1d`);
    await shows(SHORT);
    await visitor.go(`${site}/pages?from=-1d&layout=flat`);
    await shows(path);
    await visitor.go(`${site}/pages?from=-1d`);
    await page.getByRole('link', { name: SHORT }).first().click();
    await page.getByRole('heading', { level: 1, name: SHORT }).waitFor();
    await visitor.settled();
    await shows(HOSTILE, path);
    await visitor.go(
      `${site}/distributions?from=-1d&f=release:is:${encodeURIComponent(encodeURIComponent(HOSTILE))}`,
    );
    await shows(HOSTILE, '3 page views');

    await visitor.go(`${site}/page/group/${encodeURIComponent(SHORT)}?from=-1d`);
    await page.getByRole('link', { name: path }).first().click();
    await page.getByRole('heading', { level: 1, name: path }).waitFor();
    await visitor.settled();
    await page.getByText('Page load').click();
    await shows(`${CHROME} ${HOSTILE}`, HOSTILE, 'dom.title', 'evil.example');
    await visitor.picture('shell-hostile-view');
  }, 120_000);

  test('are no more than text on any page', async () => {
    const { visitor, expectHarmless } = await comeIn();
    for (const path of await pagesOf(visitor)) {
      await visitor.go(`${path}${path.includes('/s/') ? '?from=-1d&e=all' : ''}`);
      await expectHarmless();
    }
  });
});
