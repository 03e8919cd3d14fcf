import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { demoShop } from '#demo';
import {
  AGENCY,
  type BackOffice,
  CHROME,
  NEWS,
  PHONE,
  SHOP,
  startBackOffice,
  type Visitor,
  type VisitOptions,
} from '../support/back-office.ts';
import { poll } from '../support/poll.ts';

let office: BackOffice;
const visitors: Visitor[] = [];

beforeAll(async () => {
  office = await startBackOffice();
  for (const [at, url] of HOSTILE_URLS.entries())
    await office.sendBeacon(
      demoShop.trace,
      {
        u: url,
        r: `https://evil.example/${HOSTILE}`,
        pid: `hostile${at}`,
        'rt.si': `session-${at}`,
        'h.pg': SHORT,
        'cdim.release': HOSTILE,
        'pt.lcp': '1234',
        'pt.lcp.e': HOSTILE,
        'dom.title': HOSTILE,
      },
      { userAgent: `${CHROME} ${HOSTILE}` },
    );
  await poll('the beacons are loaded', async () => {
    const tables = await office.rumbrella.sql(
      "SELECT 1 FROM system.tables WHERE name = 'demo_shop_webperf_rum_events'",
    );
    if (tables.length === 0) return false;
    const [row] = await office.rumbrella.sql<{ n: string }>(
      "SELECT count() AS n FROM demo_shop_webperf_rum_events WHERE page_id LIKE 'hostile%'",
    );
    return Number(row?.n) >= HOSTILE_URLS.length;
  });
});

afterAll(() => office?.stop());

afterEach(async () => {
  for (const visitor of visitors.splice(0)) await visitor.close();
});

const HOSTILE = `"'><img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
/** As long as the name of a page group may be. */
const SHORT = `<img src=x onerror="document.title='taken'">`;
const HOSTILE_URLS = [
  `https://shop.example/${HOSTILE}`,
  'https://shop.example/javascript:alert(1)?q=</title><svg/onload=alert(1)>',
  'https://shop.example/‮gnp.exe',
];

const visit = async (options?: VisitOptions): Promise<Visitor> => {
  const visitor = await office.visit(options);
  visitors.push(visitor);
  return visitor;
};

const here = ({ page }: Visitor): string => {
  const { pathname, search } = new URL(page.url());
  return pathname + decodeURIComponent(search);
};

/** Pixels by which a page can be scrolled sideways. */
const sidewaysOf = ({ page }: Visitor): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

const OVERVIEW = '/app/o/demo_shop/s/-/overview';

/** Addresses of all pages that the navigation leads to. */
const pagesOf = async ({ page }: Visitor): Promise<readonly string[]> => {
  const all = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await all.first().waitFor();
  const links = await all.all();
  const paths = await Promise.all(links.map((link) => link.getAttribute('href')));
  return paths.filter((path) => path !== null);
};

describe('signing in and out', () => {
  test('leads to where one wanted to go, with its filters', async () => {
    const visitor = await visit();
    const wanted = `${OVERVIEW}?from=-7d&f=device:is:mobile`;
    await visitor.page.goto(office.rumbrella.url + wanted);
    await visitor.page.waitForURL('**/app/sign-in?next=*');
    await visitor.picture('shell-sign-in');
    await visitor.signIn(SHOP);
    expect(here(visitor)).toBe(wanted);
    expect(visitor.errors).toEqual([]);
  });

  test('leads nowhere outside of the application', async () => {
    for (const next of ['https://evil.example/', '//evil.example/', 'javascript:alert(1)', '/notes']) {
      const visitor = await visit();
      await visitor.page.goto(`${office.rumbrella.url}/app/sign-in?next=${encodeURIComponent(next)}`);
      await visitor.signIn(SHOP);
      expect(here(visitor)).toBe('/app/o/demo_shop/home');
    }
  });

  test('keeps the session where no script can read it', async () => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    expect(await visitor.page.evaluate('document.cookie')).toBe('');
    const stored = await visitor.page.evaluate<string>(
      'JSON.stringify({ ...localStorage, ...sessionStorage })',
    );
    expect(stored).not.toMatch(/eyJ|token/i);
  });

  test('says that name or password are wrong, not which', async () => {
    const { page } = await visit();
    await page.goto(`${office.rumbrella.url}/app/`);
    const sentences: string[] = [];
    for (const username of ['shop', 'nobody']) {
      await page.getByLabel('Organization').fill('demo_shop');
      await page.getByLabel('User name').fill(username);
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      sentences.push(await page.getByRole('alert').innerText());
    }
    expect(sentences).toEqual(['User name or password is wrong.', 'User name or password is wrong.']);
  });

  test('out again ends the session, also for whoever kept its cookies', async () => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    const cookies = await visitor.page.context().cookies();
    await visitor.page.getByRole('button', { name: 'Signed in as: shop' }).click();
    await visitor.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await visitor.page.waitForURL('**/app/sign-in**');
    const refresh = cookies.find(({ name }) => name === 'folioRefreshToken');
    const answer = await fetch(`${office.rumbrella.url}/authn/refresh`, {
      method: 'POST',
      headers: {
        'x-okapi-tenant': 'demo_shop',
        cookie: `folioRefreshToken=${refresh?.value}`,
        origin: new URL(office.rumbrella.url).origin,
      },
    });
    expect(answer.status).toBe(401);
  });

  test('again after the session has ended leads back to the same view', async () => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    await visitor.go(`${OVERVIEW}?from=-7d`);
    await visitor.page.context().clearCookies();
    // One key alone: a second one is the dialog's as soon as that is open.
    await visitor.page.keyboard.press('d');
    await visitor.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await visitor.picture('shell-session-ended');
    await visitor.page.getByRole('link', { name: 'Sign in again' }).click();
    await visitor.signIn(SHOP);
    expect(here(visitor)).toBe(`${OVERVIEW}?from=-1d`);
  });

  test('is not lost when the access token runs out: it is renewed by itself', async () => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    await visitor.page.context().clearCookies({ name: 'folioAccessToken' });
    await visitor.go(OVERVIEW);
    expect(await visitor.page.getByRole('heading', { level: 1 }).innerText()).not.toBe('Sign in');
    expect(here(visitor)).toBe(OVERVIEW);
  });

  test('makes no page of another origin able to act', async () => {
    const visitor = await visit();
    await visitor.signIn(SHOP);
    const cookies = await visitor.page.context().cookies();
    const answer = await fetch(`${office.rumbrella.url}/authn/logout`, {
      method: 'POST',
      headers: {
        origin: 'https://evil.example',
        cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      },
    });
    expect(answer.status).toBe(403);
  });
});

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

    await keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await visitor.picture('shell-keys');
    await keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(visitor.errors).toEqual([]);
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
