import { describe, expect, test } from 'vitest';
import { describePages, NOTES, signedIn } from '../support/back-office-accounts.ts';
import { AGENCY, PHONE, SHOP } from '../support/back-office.ts';
import { poll } from '../support/poll.ts';

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

describePages(SHOP, [NOTES], [[NOTES, 'New note']]);
