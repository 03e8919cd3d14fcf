import { describe, expect, test } from 'vitest';
import { BASE, here, member, office, OPERATOR, panel } from '../support/back-office-past.ts';
import { AGENCY, PHONE, SHOP, type VisitOptions, type Visitor } from '../support/back-office.ts';
import { CUT_OFF } from '../support/cut-off.ts';
import { poll } from '../support/poll.ts';
import { tabTo } from '../support/tab-to.ts';

describe('with the keyboard alone', () => {
  test('a member filters in the dialog, orders a table, follows a row, and clears it all', async () => {
    const { page } = member;
    await member.go(`${BASE}/overview`);
    await tabTo(member, 'Filter');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Add a filter' }).waitFor();
    await page.getByLabel('Dimension').focus();
    await page.keyboard.type('Devi');
    await page.getByRole('checkbox', { name: /^Mobile/ }).waitFor();
    await tabTo(member, /^Mobile/);
    await page.keyboard.press('Space');
    await tabTo(member, 'Add filter');
    await page.keyboard.press('Enter');
    await poll(
      'the filter is in the address',
      () => here(member).searchParams.get('f') === 'device:is:mobile',
    );
    await member.settled();

    await panel(member, 'Visitors').getByRole('button', { name: 'Countries', exact: true }).focus();
    await tabTo(member, /^Page views/);
    await page.keyboard.press('Enter');
    await poll(
      'the order is in the address',
      () => here(member).searchParams.get('visitors.order') === 'views:asc',
    );
    await member.settled();
    await tabTo(member, 'Brazil');
    await page.keyboard.press('Enter');
    await poll('the row is a filter', () => here(member).searchParams.getAll('f').includes('country:is:BR'));
    await page.keyboard.press('Escape');
    await poll('the filters are gone', () => here(member).searchParams.getAll('f').length === 0);
    expect(member.errors).toEqual([]);
  });

  test('an operator adds an organization', async () => {
    const operator = await office.visit();
    await operator.signIn(OPERATOR);
    const { page } = operator;
    await operator.go('/app/o/demo_agency/organizations');
    await tabTo(operator, 'Add organization');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /organization/ });
    await dialog.waitFor();
    expect(
      await page.evaluate<boolean>(`document.querySelector('dialog[open]').contains(document.activeElement)`),
    ).toBe(true);
    await tabTo(operator, /^Name/);
    await page.keyboard.type('Keyboard Shop');
    await tabTo(operator, 'Add organization');
    await page.keyboard.press('Enter');
    const snippet = page.getByRole('dialog', { name: 'On the pages of Keyboard Shop' });
    await snippet.waitFor();
    await page.keyboard.press('Escape');
    await snippet.waitFor({ state: 'hidden' });
    await page.getByRole('row', { name: /keyboard_shop/ }).waitFor();
    expect(operator.errors).toEqual([]);
    await operator.close();
  });

  test('an operator gives a relation another ceiling', async () => {
    const operator = await office.visit();
    await operator.signIn(OPERATOR);
    const { page } = operator;
    await operator.go('/app/o/demo_agency/organizations');
    await tabTo(operator, 'What to do with demo_agency#1');
    await page.keyboard.press('Enter');
    // The menu takes the focus after it is there.
    await page.locator('[role=menuitem]:focus', { hasText: 'Edit' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'What Demo Agency may do' }).waitFor();
    await operator.picture('operator-edit-relation');
    await tabTo(operator, /^At most/);
    await page.keyboard.press('End');
    await page.keyboard.type(', users.item.get');
    await tabTo(operator, 'Save');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /demo_agency#1.*users\.item\.get/ }).waitFor();
    expect(await operator.violations()).toEqual([]);
    await operator.close();
  });
});

const LOOKS: readonly (readonly [name: string, options: VisitOptions])[] = [
  ['desktop', { viewport: { width: 1280, height: 800 } }],
  ['desktop-dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }],
  ['phone', PHONE],
  ['phone-dark', { ...PHONE, colorScheme: 'dark' }],
];

/** A program for the page: of for whom one acts, of tables of values and of oneself, what is there but not to be seen without scrolling. */
const NOT_ALL_SEEN = `(() => {
  const wide = [...document.querySelectorAll('.context-bar p, .context-detail, .breakdown-scroll')]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
    .map(({ className, innerText }) => 'not all is seen of ' + (className || 'the bar') + ': ' + innerText.slice(0, 60));
  const account = document.querySelector('.rail-account')?.getBoundingClientRect();
  return account !== undefined && account.bottom > innerHeight + 1 ? [...wide, 'the account menu is below the window'] : wide;
})()`;

describe.each(LOOKS)('on the %s', (look, options) => {
  test('nothing is cut off or lies over its neighbours, and axe finds nothing', async () => {
    const faults: string[] = [];
    const look_ = async (visitor: Visitor, name: string, path: string): Promise<void> => {
      await visitor.go(path);
      await visitor.picture(`${name}-${look}`);
      const cut = await visitor.page.evaluate<readonly string[]>(CUT_OFF);
      faults.push(...cut.map((words) => `${name}: ${words}`));
      faults.push(...(await visitor.violations()).map((words) => `${name}: ${words}`));
      // Not the window's own width, which grows on phones with what does not fit.
      const { width = 0 } = visitor.page.viewportSize() ?? {};
      const over = (await visitor.page.evaluate<number>('document.documentElement.scrollWidth')) - width;
      if (over > 0) faults.push(`${name} is ${over} px too wide`);
      const unread = await visitor.page.evaluate<readonly string[]>(NOT_ALL_SEEN);
      faults.push(...unread.map((words) => `${name}: ${words}`));
    };
    const umbrella = await office.visit(options);
    await umbrella.signIn(AGENCY);
    await look_(umbrella, 'umbrella-members', '/app/o/demo_agency/consortium');
    await look_(umbrella, 'umbrella-acting', '/app/o/demo_shop/s/-/overview');
    await look_(
      umbrella,
      'umbrella-organizations',
      '/app/o/demo_shop/s/-/compare?by=organization&a=demo_shop&b=demo_news',
    );
    const shop = await office.visit(options);
    await shop.signIn(SHOP);
    for (const path of [
      'overview',
      'pages',
      'page/group/product',
      'distributions',
      'navigations',
      'devices',
      'compare',
    ])
      await look_(shop, `look-${path.replaceAll('/', '-')}`, `${BASE}/${path}`);
    await look_(shop, 'operator-data', '/app/o/demo_shop/data');
    const operator = await office.visit(options);
    await operator.signIn(OPERATOR);
    for (const path of ['organizations', 'data-health'])
      await look_(operator, `operator-${path}`, `/app/o/demo_agency/${path}`);
    expect([...faults, ...umbrella.errors, ...shop.errors, ...operator.errors]).toEqual([]);
    await Promise.all([umbrella.close(), shop.close(), operator.close()]);
  });
});
