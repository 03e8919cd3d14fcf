import { describe, expect, test } from 'vitest';
import {
  describePages,
  isCutOff,
  KEYS,
  NOTES,
  office,
  PEOPLE,
  secretIn,
  signedIn,
  visit,
} from '../support/back-office-accounts.ts';
import { AGENCY, SHOP } from '../support/back-office.ts';

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

describe('the account', () => {
  test('keeps names, changes the password and ends other sessions', async () => {
    const desk = await signedIn(SHOP);
    const other = await signedIn(SHOP);
    await desk.go('/app/account');
    await desk.picture('accounts-account');
    await desk.page.getByLabel('First name').fill('Samantha');
    await desk.page.getByRole('button', { name: 'Save profile' }).click();
    await desk.page.getByText('Your profile was saved.').waitFor();
    await desk.page.getByLabel('Current password').fill('wrong password');
    await desk.page.getByLabel('New password', { exact: true }).fill('password-of-the-tests');
    await desk.page.getByLabel('New password again').fill('password-of-the-tests');
    await desk.page.getByRole('button', { name: 'Change password' }).click();
    await desk.page.getByText('The password of now is wrong.').waitFor();
    await desk.page.getByLabel('Current password').fill('password-of-the-tests');
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

describePages(
  SHOP,
  [PEOPLE, KEYS, '/app/account'],
  [
    [PEOPLE, 'Invite'],
    [KEYS, 'New key'],
  ],
);
