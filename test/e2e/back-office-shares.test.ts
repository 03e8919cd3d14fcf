import { describe, expect, test } from 'vitest';
import { demoShop } from '#demo';
import {
  describePages,
  NOTES,
  office,
  secretIn,
  SHARES,
  signedIn,
  visit,
} from '../support/back-office-accounts.ts';
import { PHONE, SHOP } from '../support/back-office.ts';
import { poll } from '../support/poll.ts';

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

describePages(SHOP, [SHARES], [[SHARES, 'Share the selection above']]);
