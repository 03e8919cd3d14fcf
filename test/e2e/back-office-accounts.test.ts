import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { demoShop } from '#demo';
import { poll } from '../support/poll.ts';
import {
  AGENCY,
  type BackOffice,
  PHONE,
  SHOP,
  startBackOffice,
  type Visitor,
  type VisitOptions,
} from '../support/back-office.ts';

let office: BackOffice;
const visitors: Visitor[] = [];

beforeAll(async () => {
  office = await startBackOffice();
});

afterAll(() => office?.stop());

afterEach(async () => {
  for (const visitor of visitors.splice(0)) await visitor.close();
});

const visit = async (options?: VisitOptions): Promise<Visitor> => {
  const visitor = await office.visit(options);
  visitors.push(visitor);
  return visitor;
};

const signedIn = async (account: typeof SHOP, options?: VisitOptions): Promise<Visitor> => {
  const visitor = await visit(options);
  await visitor.signIn(account);
  return visitor;
};

/** What a dialog shows once: a link or a key. */
const secretIn = async ({ page }: Visitor): Promise<string> =>
  (await page.getByRole('dialog').locator('output').textContent()) ?? '';

/** Is anything of a part of the page wider than it? */
const isCutOff = ({ page }: Visitor, part: string): Promise<boolean> =>
  page.evaluate<boolean>(
    `Array.from(document.querySelectorAll('${part}')).some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)`,
  );

const PEOPLE = '/app/o/demo_shop/people';
const KEYS = '/app/o/demo_shop/api-keys';
const NOTES = '/app/o/demo_shop/notes';
const SHARES = '/app/o/demo_shop/s/-/shares?from=-7d&f=device:is:mobile&p=95';

describe('an invitation', () => {
  test('makes an account of the role, once', async () => {
    const admin = await signedIn(SHOP);
    await admin.go(PEOPLE);
    await admin.page.getByRole('button', { name: 'Invite' }).click();
    await admin.page.getByLabel('Role', { exact: true }).selectOption('editor');
    await admin.page.getByLabel('For whom').fill('Eve');
    await admin.page.getByRole('button', { name: 'Make the link' }).click();
    const link = await secretIn(admin);
    await admin.picture('accounts-invite');
    expect(link).toContain(`${office.rumbrella.url}/app/invitation/demo_shop.`);

    const eve = await visit();
    await eve.page.goto(link);
    await eve.page.getByRole('heading', { name: 'Join Demo Shop' }).waitFor();
    await eve.picture('accounts-invitation');
    expect(await eve.violations()).toEqual([]);
    await eve.page.getByLabel('User name').fill('viewer');
    await eve.page.getByLabel('Last name').fill('Evers');
    await eve.page.getByLabel('Password').fill('short');
    await eve.page.getByRole('button', { name: 'Make my account' }).click();
    await eve.page.getByText('It has fewer than 8 characters.').waitFor();
    await eve.page.getByLabel('Password').fill('a long password');
    await eve.page.getByRole('button', { name: 'Make my account' }).click();
    await eve.page.getByText('This user name is taken').waitFor();
    await eve.page.getByLabel('User name').fill('eve');
    await eve.page.getByRole('button', { name: 'Make my account' }).click();
    await eve.page.waitForURL('**/app/o/demo_shop/home');
    await eve.settled();
    expect(await eve.page.getByRole('link', { name: 'People' }).count()).toBe(0);

    const late = await visit();
    await late.page.goto(link);
    await late.page.getByText('This invitation has been used already').waitFor();
    await admin.go(PEOPLE);
    await admin.page.getByText('used by eve').waitFor();
    await admin.picture('accounts-people');
    expect(eve.errors).toEqual([]);
    expect(admin.errors).toEqual([]);
  });

  test('with an address that is not whole says so', async () => {
    const visitor = await visit();
    for (const path of ['/app/invitation/', '/app/invitation/demo_shop.short', '/app/share/%3Cscript%3E']) {
      await visitor.page.goto(office.rumbrella.url + path);
      await visitor.page.getByText('The address is not whole.').waitFor();
    }
  });
});

describe('roles', () => {
  test('are changed in the list; who is deactivated is out at once', async () => {
    const viewer = await signedIn({ tenant: 'demo_shop', username: 'viewer' });
    const admin = await signedIn(SHOP);
    await admin.go(PEOPLE);
    await admin.page.getByLabel('Role of Vic Viewer').selectOption('editor');
    await admin.page.getByText('Vic Viewer is editor now.').waitFor();
    await viewer.go(NOTES);
    await viewer.page.getByRole('button', { name: 'New note' }).click();
    await viewer.page
      .getByRole('option', { name: 'Everybody, on charts of this site' })
      .waitFor({ state: 'attached' });
    const row = admin.page.getByRole('row', { name: /Vic Viewer/ });
    await row.getByRole('button', { name: 'Deactivate' }).click();
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
    await row.getByText('deactivated').waitFor();
    const answer = await viewer.page.evaluate<number>(
      "fetch('/accounts/me', { headers: { 'x-okapi-tenant': 'demo_shop' } }).then(({ status }) => status)",
    );
    expect(answer).toBe(401);
    await row.getByRole('button', { name: 'Activate', exact: true }).click();
    await row.getByRole('button', { name: 'Deactivate' }).waitFor();
    await admin.page.getByLabel('Role of Vic Viewer').selectOption('viewer');
    expect(admin.errors).toEqual([]);
  });

  test('of operators are nothing that an administrator gives', async () => {
    const admin = await signedIn(AGENCY);
    await admin.go('/app/o/demo_agency/people');
    const row = admin.page.getByRole('row', { name: /Olga Operator/ });
    await row.waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    expect(await row.getByRole('combobox').count()).toBe(0);
    await admin.page.getByRole('button', { name: 'Invite' }).click();
    expect(await admin.page.getByRole('option', { name: 'Operator' }).count()).toBe(0);
  });
});

describe('an API key', () => {
  test('is shown once, marks a deploy with the command that is shown, and is revoked', async () => {
    const admin = await signedIn(SHOP);
    await admin.go(KEYS);
    await admin.page.getByRole('button', { name: 'New key' }).click();
    await admin.page.getByLabel('Name').fill('deploy job');
    await admin.page.getByLabel('Only for this site').fill('shop.example');
    await admin.page.getByRole('button', { name: 'Make the key' }).click();
    const key = await secretIn(admin);
    await admin.picture('accounts-key');
    expect(await isCutOff(admin, 'dialog')).toBe(false);
    expect(await admin.page.getByRole('dialog').locator('pre').textContent()).toContain(key);
    const mark = (site: string): Promise<Response> =>
      fetch(`${office.rumbrella.url}/annotations`, {
        method: 'POST',
        headers: {
          'x-okapi-tenant': 'demo_shop',
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ version: '9.9.1', site }),
      });
    expect((await mark('shop.example')).status).toBe(201);
    expect((await mark('other.example')).status).toBe(403);
    await admin.page.getByRole('button', { name: 'Done' }).click();
    await admin.go(NOTES);
    await admin.page.getByRole('button', { name: '9.9.1' }).click();
    await admin.page.getByRole('dialog').getByText('deploy job').waitFor();
    await admin.settled();
    await admin.picture('notes-deploy');

    await admin.go(KEYS);
    await admin.page.getByRole('button', { name: 'Revoke' }).click();
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await admin.page.getByText('revoked', { exact: true }).waitFor();
    expect((await mark('shop.example')).status).toBe(401);
    expect(admin.errors).toEqual([]);
  });
});

describe('a share link', () => {
  test('shows its selection to somebody without an account, until it is taken back', async () => {
    const admin = await signedIn(SHOP);
    await admin.go(SHARES);
    await admin.page.getByRole('button', { name: 'Share the selection above' }).click();
    await admin.page.getByLabel('Name').fill('For the board');
    await admin.page.getByRole('button', { name: 'Make the link' }).click();
    const link = await secretIn(admin);
    await admin.page.getByRole('button', { name: 'Done' }).click();
    await admin.page.getByText('Overview of all sites, last 7 days').waitFor();
    await admin.picture('accounts-shares');

    const guest = await visit();
    await guest.page.goto(link);
    await guest.page.waitForURL('**/app/o/demo_shop/s/-/overview*');
    await guest.settled();
    expect(new URL(guest.page.url()).search).toBe('?from=-7d&p=95');
    const locked = guest.page.locator('.pill.is-locked');
    await locked.first().waitFor();
    expect((await locked.allInnerTexts()).map((words) => words.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'Device is Mobile (locked)',
      'Engine is Blink (Chromium) (locked)',
      'Navigation is Hard (locked)',
      'Compared with nothing (locked)',
      'Last 7 days (locked)',
    ]);
    expect(await guest.page.getByRole('button', { name: /^Remove/ }).count()).toBe(0);
    expect(await guest.page.getByText('compared with', { exact: false }).allInnerTexts()).toEqual([
      'Compared with nothing',
    ]);
    // Whatever is asked for, all of it holds.
    const held = await guest.page.evaluate<readonly string[]>(
      "fetch('/reports/summary?filter=engine:is:WebKit&navigations=all&bots=with', { headers: { 'x-okapi-tenant': 'demo_shop' } }).then((answer) => answer.json()).then(({ selection }) => [`bots ${selection.bots}`, ...selection.filters.map(({ dimension, values }) => `${dimension} ${values}`)])",
    );
    expect(held).toEqual(['bots false', 'engine WebKit', 'device mobile', 'engine Blink', 'navigation hard']);
    // A guest cannot set anything up, choose a longer period, or know of beacons.
    await guest.page.getByText('In what this link shows there are none so far.').first().waitFor();
    expect(await guest.page.getByText(/No beacon|Set up|longer period/).count()).toBe(0);
    await guest.picture('accounts-share-open');
    for (const name of ['People', 'API keys', 'Share links', 'Notes', 'Data health'])
      expect([name, await guest.page.getByRole('link', { name, exact: true }).count()]).toEqual([name, 0]);

    await admin.page.getByRole('button', { name: 'Take back' }).click();
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await admin.page.getByText('taken back', { exact: true }).waitFor();
    const late = await visit();
    await late.page.goto(link);
    await late.page.getByText('This link has been taken back').waitFor();
    const status = await guest.page.evaluate<number>(
      "fetch('/reports/summary', { headers: { 'x-okapi-tenant': 'demo_shop' } }).then(({ status }) => status)",
    );
    expect(status).toBe(401);
    expect(guest.errors).toEqual([]);
  });

  test('keeps comparison and vital, shows notes without names, and what it holds cannot be changed', async () => {
    const u = 'https://www.demo-shop.example/';
    await office.sendBeacon(demoShop.trace, { u, pid: 'shared', 'pt.lcp': '1200' });
    await poll('the site is known', () =>
      office.rumbrella
        .sql(`SELECT 1 FROM demo_shop_webperf_rum_events WHERE hostname = 'www.demo-shop.example'`)
        .then((rows) => rows.length > 0),
    );
    const admin = await signedIn(SHOP);
    await admin.go(NOTES);
    await admin.page.keyboard.press('n');
    await admin.page.getByLabel('Title').fill('Told to guests');
    await admin.page.getByLabel('Title').press('Enter');
    await admin.page.getByText('The note was added.').waitFor();
    await admin.go('/app/o/demo_shop/s/www.demo-shop.example/shares?from=-7d&cmp=prev&m=inp');
    await admin.page.getByRole('button', { name: 'Share the selection above' }).click();
    await admin.page.getByText('p75 of INP, compared with the previous period').waitFor();
    await admin.page.getByLabel('Name').fill('With notes');
    const notes = admin.page.getByLabel(/^Show notes/);
    expect(await notes.isChecked()).toBe(false);
    await notes.check();
    await admin.picture('accounts-share-new');
    expect(await admin.violations()).toEqual([]);
    await admin.page.getByRole('button', { name: 'Make the link' }).click();
    const link = await secretIn(admin);

    for (const [name, options] of [
      ['light', {}],
      ['dark', { colorScheme: 'dark' }],
      ['phone', PHONE],
    ] as const) {
      const guest = await visit(options);
      await guest.page.goto(link);
      await guest.page.waitForURL('**/overview*');
      await guest.settled();
      expect(new URL(guest.page.url()).search).toBe('?from=-7d&m=inp&cmp=prev');
      await guest.page.getByRole('button', { name: /Told to guests.* by Demo Shop/ }).waitFor();
      if (name === 'phone') await guest.page.getByRole('button', { name: /^Filters/ }).click();
      const locked = async (): Promise<readonly string[]> =>
        (await guest.page.locator('.pill.is-locked').allInnerTexts()).map((words) =>
          words.replaceAll(/\s+/g, ' ').replace('(locked)', '').trim(),
        );
      for (const words of ['Last 7 days', 'Compared with the previous period'])
        expect(await locked()).toContain(words);
      if (name === 'phone') await guest.page.getByRole('button', { name: 'Show', exact: true }).click();
      else {
        expect(await locked()).toContain('Site: www.demo-shop.example');
        await guest.page.getByRole('button', { name: 'Chromium · p75' }).click();
        const engine = guest.page.getByLabel('Engine');
        expect(await engine.isDisabled()).toBe(true);
        const described = await engine.getAttribute('aria-describedby');
        expect(await guest.page.locator(`[id="${described}"]`).innerText()).toBe(
          'Set by who shared this, and held to by the server.',
        );
        await guest.picture(`accounts-share-measure-${name}`);
        await guest.page.keyboard.press('Escape');
      }
      await guest.picture(`accounts-share-locked-${name}`);
      expect(await guest.violations()).toEqual([]);
      // Neither a key nor the address changes what is held.
      await guest.page.keyboard.press('d');
      await guest.page.keyboard.press('x');
      await guest.go(`${new URL(guest.page.url()).pathname}?from=-91d&e=all&bots=with`);
      await poll(
        'the address says what is held',
        () => new URL(guest.page.url()).search === '?from=-7d&cmp=prev',
      );
      const seen = await guest.page.evaluate<readonly number[]>(`Promise.all(
        ['-7', '-14', '-21'].map(async (days) => {
          const day = (from) => new Date(Math.floor(Date.now() / 864e5) * 864e5 + (Number(from) + 1) * 864e5).toISOString();
          const asked = await fetch('/reports/summary?from=' + day(days) + '&to=' + day(Number(days) + 7), { headers: { 'x-okapi-tenant': 'demo_shop' } });
          return asked.status;
        }))`);
      expect(seen).toEqual([200, 200, 403]);
      expect(guest.errors).toEqual([]);
    }
  });

  test('asks somebody who is signed in before it ends his session', async () => {
    const admin = await signedIn(SHOP);
    await admin.go(SHARES);
    await admin.page.getByRole('button', { name: 'Share the selection above' }).click();
    await admin.page.getByLabel('Name').fill('For me');
    await admin.page.getByRole('button', { name: 'Make the link' }).click();
    const link = await secretIn(admin);
    await admin.page.goto(link);
    await admin.page.getByText('You are signed in as shop.').waitFor();
    await admin.page.getByRole('button', { name: 'Sign out and open' }).click();
    await admin.page.waitForURL('**/overview*');
    await admin.settled();
    expect(await admin.page.getByRole('link', { name: 'People' }).count()).toBe(0);
  });
});

describe('notes', () => {
  test('are written with the keyboard, changed, found by kind, and deleted', async () => {
    const { page, go, settled, picture, errors } = await signedIn(SHOP);
    await go(NOTES);
    await page.keyboard.press('n');
    await page.getByLabel('Kind', { exact: true }).last().selectOption('campaign');
    await page.getByLabel('Title').fill('<b>Black Friday</b>');
    await page.getByLabel('Description').fill('Half of everything');
    await picture('notes-new');
    await page.getByLabel('Title').press('Enter');
    await page.getByText('The note was added.').waitFor();
    await page.getByRole('button', { name: '<b>Black Friday</b>' }).click();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Title').fill('Black Friday');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Black Friday', exact: true }).waitFor();
    await page.getByLabel('Kind').selectOption('campaign');
    await settled();
    expect(page.url()).toContain('kind=campaign');
    await picture('notes-list');
    await page.getByRole('button', { name: 'Black Friday', exact: true }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('The note was deleted.').waitFor();
    await page.getByRole('button', { name: 'Black Friday', exact: true }).waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  test('stand in a calendar, which is walked through with the keyboard', async () => {
    const { page, go, settled, errors } = await signedIn(SHOP);
    await go(`${NOTES}?from=2026-11-01&to=2026-11-30`);
    await page.getByRole('button', { name: 'Calendar' }).click();
    await settled();
    const grid = page.getByRole('grid', { name: 'Notes of November 2026' });
    const focused = () =>
      page.evaluate<string>('document.activeElement.querySelector(".unseen")?.textContent');
    const press = async (key: string, to: string): Promise<void> => {
      await page.keyboard.press(key);
      await poll(`${key} leads to ${to}`, async () => (await focused())?.startsWith(to));
    };
    await grid.getByRole('button', { name: '1 Nov 2026', exact: true }).focus();
    await press('ArrowDown', '8 Nov 2026');
    await press('ArrowRight', '9 Nov 2026');
    await press('End', '15 Nov 2026');
    await press('PageUp', '15 Oct 2026');
    expect(new URL(page.url()).search).toBe('?from=2026-10-01&to=2026-10-31&show=calendar&day=2026-10-15');
    await press('PageDown', '15 Nov 2026');
    await page.keyboard.press('Enter');
    await page.getByText('No note on 15 Nov 2026').waitFor();
    await page.getByRole('button', { name: 'New note on this day' }).press('Enter');
    expect(await page.getByLabel('When').first().inputValue()).toBe('2026-11-15T12:00');
    await page.getByLabel('Title').fill('In the calendar');
    await page.getByLabel('Title').press('Enter');
    await grid.getByRole('button', { name: '15 Nov 2026, 1 note' }).waitFor();
    await page.getByRole('button', { name: 'In the calendar', exact: true }).click();
    await page.getByRole('dialog').getByRole('heading', { name: 'In the calendar' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await page.getByRole('button', { name: 'In the calendar', exact: true }).waitFor();
    expect(errors).toEqual([]);
    for (const [name, options] of [
      ['light', {}],
      ['dark', { colorScheme: 'dark' }],
      ['phone', PHONE],
    ] as const) {
      const visitor = await signedIn(SHOP, options);
      await visitor.go(`${NOTES}?from=2026-11-01&to=2026-11-30&show=calendar&day=2026-11-15`);
      await visitor.picture(`notes-calendar-${name}`);
      expect(await visitor.violations()).toEqual([]);
      const overflow = await visitor.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow, name).toBeLessThanOrEqual(0);
    }
  });

  test('of the umbrella organization reach its members, marked; a member hides them; notes for a member carry both names', async () => {
    const agent = await signedIn(AGENCY);
    await agent.go('/app/o/demo_agency/notes');
    await agent.page.getByRole('button', { name: 'New note' }).click();
    await agent.page.getByLabel('Title').fill('Chrome 150 measures anew');
    await agent.page.getByLabel('Who sees it').selectOption('consortium');
    await agent.page.getByRole('button', { name: 'Add note' }).click();
    await agent.page.getByText('The note was added.').waitFor();
    await agent.go(NOTES);
    await agent.page.getByRole('button', { name: 'New note' }).click();
    await agent.page.getByLabel('Title').fill('Seen from outside');
    await agent.page.getByLabel('Who sees it').selectOption('organization');
    await agent.page.getByRole('button', { name: 'Add note' }).click();
    await agent.page.getByRole('button', { name: 'Seen from outside' }).waitFor();
    await agent.picture('notes-acting');

    const admin = await signedIn(SHOP);
    await admin.go(NOTES);
    await admin.page.getByText('Alex Agency of Demo Agency, for Demo Shop').waitFor();
    await admin.page.getByText('Consortium: Demo Agency').waitFor();
    await admin.page.getByRole('button', { name: 'Chrome 150 measures anew' }).click();
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Hide here' }).waitFor();
    expect(await admin.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).count()).toBe(0);
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Hide here' }).click();
    await admin.page.getByText('The note is hidden.').waitFor();
    await admin.page.getByRole('button', { name: 'Chrome 150 measures anew' }).waitFor({ state: 'detached' });
    await admin.page.getByLabel('Hidden ones, too').check();
    await admin.page.getByRole('button', { name: 'Chrome 150 measures anew' }).waitFor();
  });
});

describe('the account', () => {
  test('keeps names, changes the password and ends other sessions', async () => {
    const desk = await signedIn(SHOP);
    const other = await signedIn(SHOP);
    await desk.go('/app/account');
    await desk.picture('accounts-account');
    await desk.page.getByLabel('First name').fill('Samantha');
    await desk.page.getByRole('button', { name: 'Save profile' }).click();
    await desk.page.getByText('Your profile was saved.').waitFor();
    await desk.page.getByLabel('Password of now').fill('wrong password');
    await desk.page.getByLabel('New password', { exact: true }).fill('password-of-the-tests');
    await desk.page.getByLabel('New password again').fill('password-of-the-tests');
    await desk.page.getByRole('button', { name: 'Change password' }).click();
    await desk.page.getByText('The password of now is wrong.').waitFor();
    await desk.page.getByLabel('Password of now').fill('password-of-the-tests');
    await desk.page.getByRole('button', { name: 'Change password' }).click();
    await desk.page.getByText('Your password was changed.').waitFor();
    const status = await other.page.evaluate<number>(
      "fetch('/accounts/me', { headers: { 'x-okapi-tenant': 'demo_shop' } }).then(({ status }) => status)",
    );
    expect(status).toBe(401);
    await desk.go('/app/account');
    await desk.page.getByText('this one', { exact: true }).waitFor();
    expect(desk.errors).toEqual([]);
  });
});

describe('the pages about accounts and notes', () => {
  const PATHS = [PEOPLE, KEYS, SHARES, NOTES, '/app/account'];

  test.each<readonly [string, VisitOptions]>([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', PHONE],
  ])('have nothing that axe finds wrong, and nothing that is cut off: %s', async (name, options) => {
    const visitor = await signedIn(SHOP, options);
    for (const path of PATHS) {
      await visitor.go(path);
      expect([path, await visitor.violations()]).toEqual([path, []]);
      expect([path, await isCutOff(visitor, ':root')]).toEqual([path, false]);
      if (name !== 'light')
        await visitor.picture(
          `accounts-${name}-${path.split(/[/?]/).findLast((part) => /^[a-z-]{4,}$/.test(part))}`,
        );
    }
    expect(visitor.errors).toEqual([]);
  });

  test('have dialogs that axe finds nothing wrong with', async () => {
    const visitor = await signedIn(SHOP);
    for (const [path, button] of [
      [PEOPLE, 'Invite'],
      [KEYS, 'New key'],
      [SHARES, 'Share the selection above'],
      [NOTES, 'New note'],
    ] as const) {
      await visitor.go(path);
      await visitor.page.getByRole('button', { name: button }).click();
      await visitor.settled();
      expect([path, await visitor.violations()]).toEqual([path, []]);
    }
  });
});
