import { describe, expect, test } from 'vitest';
import { here, office, OVERVIEW, visit } from '../support/back-office-visitors.ts';
import { SHOP } from '../support/back-office.ts';

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
