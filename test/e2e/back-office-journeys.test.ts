import { beforeAll, describe, expect, test } from 'vitest';
import { here, member, office, panel, SITE } from '../support/back-office-past.ts';
import { AGENCY, PHONE, SHOP, type Visitor } from '../support/back-office.ts';
import { hold } from '../support/hold.ts';
import { poll } from '../support/poll.ts';

describe('a member', () => {
  test('sees at once which of his sites pass, and goes to one', async () => {
    const { page } = member;
    await page.getByRole('heading', { name: SITE }).waitFor();
    await page.getByRole('heading', { name: 'All sites together' }).waitFor();
    expect(await page.locator('.site-card').count()).toBe(3);
    await page.getByText('Demo data, generated').waitFor();
    await member.picture('member-1-sites');
    expect(await member.violations()).toEqual([]);
    await page.getByRole('link', { name: SITE }).click();
    await page.getByRole('heading', { level: 1, name: SITE }).waitFor();
    await member.settled();
  });

  test('reads how the site performs', async () => {
    const { page } = member;
    const cards = page.getByRole('group', { name: /^Vitals/ }).getByRole('button');
    expect(await cards.count()).toBe(5);
    expect(await cards.first().innerText()).toMatch(
      /LCP[\s\S]*\d\.\d\d s[\s\S]*(good|needs work|poor)[\s\S]*from \d+ %/,
    );
    await member.picture('member-2-overview');
    expect(await member.violations()).toEqual([]);
  });

  test('narrows everything to a row of a table, in the address', async () => {
    const visitors = panel(member, 'Visitors');
    await visitors.getByRole('button', { name: 'Devices', exact: true }).click();
    await visitors
      .getByRole('row', { name: /^Mobile/ })
      .getByRole('button')
      .click();
    await member.settled();
    expect(here(member).searchParams.getAll('f')).toEqual(['device:is:mobile']);
    await visitors.getByRole('row', { name: /^Mobile/ }).waitFor();
    expect(await visitors.getByRole('row', { name: /^Desktop/ }).count()).toBe(0);
  });

  test('sees the bad release among the others', async () => {
    const releases = panel(member, 'What was shown');
    const bad = releases.getByRole('row', { name: /^4\.2\.0/ });
    const good = releases.getByRole('row', { name: /^4\.2\.1/ });
    const lcp = async (row: typeof bad): Promise<number> =>
      Number.parseFloat(await row.getByRole('cell').nth(1).innerText());
    expect(await bad.getByRole('cell').nth(1).innerText()).toMatch(/needs work|poor/);
    expect(await lcp(bad)).toBeGreaterThan((await lcp(good)) + 0.5);
    await member.picture('member-3-mobile');
  });

  test('drills down to the page that it made slow, and why', async () => {
    const { page } = member;
    await panel(member, 'Where work pays').getByRole('link', { name: 'product' }).click();
    await page.getByRole('heading', { level: 1, name: 'product' }).waitFor();
    await member.settled();
    expect(await panel(member, 'Elements').innerText()).toContain('div.gallery > img.hero-image');
    expect(await panel(member, 'What LCP consists of').innerText()).toMatch(
      /Resource load delay\s+[\d.,]+ m?s/,
    );
    await member.picture('member-4-product');
    expect(await member.violations()).toEqual([]);
  });

  test('looks at a slow page view', async () => {
    const { page } = member;
    await panel(member, 'Slowest page views').getByRole('link').first().click();
    await page.waitForURL('**/page-view/**');
    await member.settled();
    await page
      .getByRole('heading', { name: /waterfall/i })
      .first()
      .waitFor();
    await member.picture('member-5-page-view');
  });

  test('writes a note where the crosshair stands, with the keyboard alone', async () => {
    const { page } = member;
    await member.go(`/app/o/demo_shop/s/${SITE}/overview`);
    const chart = page.getByRole('application', { name: /^Largest Contentful Paint over time/ });
    await chart.focus();
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.time-readout').innerText()).toMatch(/LCP p75/);
    const before = await page.locator('.note-mark, .note-range').count();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New note' });
    await dialog.getByLabel('Title').fill('Banner for the holidays');
    await dialog.getByRole('button', { name: 'Add note' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await poll(
      'the note is on the chart',
      async () => (await page.locator('.note-mark, .note-range').count()) > before,
    );
    await page.getByRole('button', { name: /Banner for the holidays/ }).hover();
    await page.locator('.tip', { hasText: 'Banner for the holidays' }).waitFor();
    await member.picture('member-6-note');
    expect(await member.violations()).toEqual([]);
  });

  test('zooms by dragging, into the address', async () => {
    const { page } = member;
    const box = await page.locator('.u-over').first().boundingBox();
    if (box === null) throw new Error('the chart is not there');
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await poll('the address has the period', () =>
      here(member).searchParams.get('from')?.endsWith('T00:00Z'),
    );
    await member.settled();
    expect(here(member).searchParams.get('to')).toMatch(/T00:00Z$/);
    expect(member.errors).toEqual([]);
  });
});

describe('an umbrella organization', () => {
  let umbrella: Visitor;

  beforeAll(async () => {
    umbrella = await office.visit({ viewport: { width: 1440, height: 900 } });
    await umbrella.signIn(AGENCY);
  });

  test('sees its members side by side, and sorts them', async () => {
    const { page } = umbrella;
    await page.getByRole('heading', { level: 1, name: /Members of/ }).waitFor();
    const rows = page.getByRole('table', { name: /Members/ }).getByRole('row');
    const names = async (): Promise<readonly string[]> =>
      (await rows.allInnerTexts())
        .map((text) => text.split(/[\t\n]/)[0] ?? '')
        .filter((name) => /Shop|News/.test(name));
    await page.getByRole('button', { name: 'Organization', exact: true }).click();
    const ascending = await names();
    await page.getByRole('button', { name: 'Organization', exact: true }).click();
    expect(await names()).toEqual(ascending.toReversed());
    await umbrella.picture('umbrella-1-members');
    expect(await umbrella.violations()).toEqual([]);
  });

  test('acts in a member, and is told so', async () => {
    const { page } = umbrella;
    await page.getByRole('link', { name: 'Demo Shop' }).click();
    await page.getByRole('region', { name: 'Acting for another organization' }).waitFor();
    await umbrella.settled();
    expect(here(umbrella).pathname).toBe('/app/o/demo_shop/s/-/overview');
    await umbrella.picture('umbrella-2-acting');
  });

  test('compares two releases of the member', async () => {
    const { page } = umbrella;
    await umbrella.go('/app/o/demo_shop/s/-/compare?by=release&a=4.2.0&b=4.2.1');
    const row = panel(umbrella, 'Difference').getByRole('row', { name: /^LCP/ });
    expect(await row.innerText()).toMatch(/slower/);
    await panel(umbrella, 'What else is different').getByRole('row').nth(1).waitFor();
    await umbrella.picture('umbrella-3-compare');
    expect(await umbrella.violations()).toEqual([]);
    expect(await page.getByLabel('A', { exact: true }).inputValue()).toBe('=4.2.0');
  });

  test('annotates in the member’s context, with both names', async () => {
    const { page } = umbrella;
    await umbrella.go('/app/o/demo_shop/s/-/overview');
    await page
      .locator('.u-over')
      .first()
      .dblclick({ position: { x: 200, y: 40 } });
    const dialog = page.getByRole('dialog', { name: 'New note' });
    await dialog.getByLabel('Title').fill('Looked at together');
    await dialog.getByRole('button', { name: 'Add note' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const mark = page.getByRole('button', { name: /Looked at together.* of Demo Agency/ });
    await mark.waitFor();
    await mark.focus();
    await umbrella.picture('umbrella-4-note');
  });

  test('is refused an organization that it has no relation to, in words', async () => {
    const { page } = umbrella;
    await umbrella.go('/app/o/demo_closed/s/-/overview');
    await page.getByText('Your account may not act for “demo_closed”').waitFor();
    expect(await page.locator('.vital-card').count()).toBe(0);
    await umbrella.picture('umbrella-5-refused');
    expect(umbrella.errors).toEqual([]);
  });
});

describe.each([
  { window: 'a desktop', options: {} },
  { window: 'a phone', options: PHONE },
])('on $window', ({ options }) => {
  test.each(['overview', 'page/group/product'])(
    'the chart of %s and its canvas stay where they are when the figures above them come, then notes',
    async (path) => {
      const visitor = await office.visit(options);
      const { page } = visitor;
      await visitor.signIn(SHOP);
      const summaries = await hold(page, '**/reports/summary*');
      const notes = await hold(page, '**/annotations*');
      // The demo has four weeks: of 27 days at least a day lies before, with which they are compared.
      await page.goto(`${office.rumbrella.url}/app/o/demo_shop/s/-/${path}?from=-27d`);
      const canvas = page.locator('.time-chart canvas').first();
      const places = async () => [
        (await page.locator('.panel').first().boundingBox())?.y,
        (await canvas.boundingBox())?.y,
      ];
      await canvas.waitFor();
      const before = await places();
      expect(await page.locator('.vital-card .skeleton').count()).toBe(5);
      summaries.release();
      await visitor.settled();
      await page.locator('.vital-card-line', { hasText: /[≈↓↑]/ }).first().waitFor();
      expect(await page.locator('.verdict').innerText()).toContain('Core Web Vitals');
      expect(await places()).toEqual(before);
      notes.release();
      await page.getByRole('button', { name: 'New note' }).waitFor();
      expect(await places()).toEqual(before);
      await visitor.close();
    },
  );
});

describe('what a page asks for first is what stands at its top', () => {
  const RECORD = `window.asked = []; {
    const ask = window.fetch;
    window.fetch = (...args) => {
      window.asked.push(String(args[0]));
      return ask(...args);
    };
  }`;
  /** The reports and notes that were asked for since the last call, in order. */
  const asks = async (page: Visitor['page']): Promise<string[]> => {
    const asked = await page.evaluate<string[]>('window.asked.splice(0)');
    return asked
      .filter((url) => /\/(reports\/(?!site-names)|annotations)/.test(url))
      .map((url) => {
        const { pathname, searchParams } = new URL(url, office.rumbrella.url);
        return [pathname.replace(/^\/(reports\/)?/, ''), searchParams.get('compare')]
          .filter((part) => part !== null)
          .join(' ');
      });
  };

  test('on the overview, when it opens and when a row narrows it', async () => {
    const visitor = await office.visit();
    const { page } = visitor;
    await page.addInitScript({ content: RECORD });
    await visitor.signIn(SHOP);
    await visitor.go('/app/o/demo_shop/s/-/overview');
    expect((await asks(page)).slice(0, 5)).toEqual([
      'series',
      'summary',
      'annotations',
      'summary previous',
      'breakdown',
    ]);
    await panel(visitor, 'Visitors').locator('button.row-name').first().click();
    await visitor.settled();
    expect((await asks(page)).slice(0, 4)).toEqual(['series', 'summary', 'summary previous', 'breakdown']);
    await visitor.close();
  });

  test.each([
    { path: 'devices', first: 'grid', panelOf: 'Device by browser', next: 'breakdown' },
    { path: 'compare', first: 'compare', panelOf: 'Difference', next: 'causes' },
  ])('on $path alone, until it is there', async ({ path, first, panelOf, next }) => {
    const visitor = await office.visit();
    const { page } = visitor;
    await page.addInitScript({ content: RECORD });
    await visitor.signIn(SHOP);
    const answer = await hold(page, `**/reports/${first}?*`);
    await page.goto(`${office.rumbrella.url}/app/o/demo_shop/s/-/${path}`);
    await panel(visitor, panelOf).getByRole('status', { name: 'Loading' }).waitFor();
    // All effects of that frame have run.
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)))');
    expect(await asks(page)).toEqual([first]);
    answer.release();
    await visitor.settled();
    expect((await asks(page))[0]).toBe(next);
    await visitor.close();
  });
});
