import { describe, expect, test } from 'vitest';
import { BASE, here, member, office, OPERATOR, panel, SITE } from '../support/back-office-past.ts';
import { AGENCY, COLOURS, PHONE, SHOP, type VisitOptions, type Visitor } from '../support/back-office.ts';
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

/** The windows, and whether the dark colours are looked at as well. */
const LOOKS: readonly (readonly [name: string, options: VisitOptions, dark: boolean])[] = [
  ['desktop', { viewport: { width: 1280, height: 800 } }, true],
  ['tablet', { viewport: { width: 820, height: 1180 } }, false],
  ['phone', PHONE, true],
];
const UMBRELLA_PAGES = [
  'demo_agency/consortium',
  'demo_shop/s/-/overview',
  'demo_shop/s/-/compare?by=organization&a=demo_shop&b=demo_news',
];
const MEMBER_PAGES = [
  ...[
    'overview',
    'pages',
    'page/group/product',
    'distributions',
    'geography',
    'devices',
    'compare',
    'navigations',
  ].map((page) => `demo_shop/s/${SITE}/${page}`),
  'demo_shop/data',
];
const OPERATOR_PAGES = ['demo_agency/organizations', 'demo_agency/data-health'];

/** A program for the page: of for whom one acts, of names of vitals, of tables of values and of oneself, what is there but not to be seen without scrolling. */
const NOT_ALL_SEEN = `(() => {
  const wide = [...document.querySelectorAll('.context-bar p, .context-detail, .breakdown-scroll, .vital-card-name')]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
    .map(({ className, innerText }) => 'not all is seen of ' + (className || 'the bar') + ': ' + innerText.slice(0, 60));
  const account = document.querySelector('.rail-account')?.getBoundingClientRect();
  return account !== undefined && account.bottom > innerHeight + 1 ? [...wide, 'the account menu is below the window'] : wide;
})()`;

/** What is wrong with the page that a visitor sees. */
const faultsOf = async (visitor: Visitor): Promise<readonly string[]> => {
  const { page } = visitor;
  // Not the window's own width, which grows on phones with what does not fit.
  const { width = 0 } = page.viewportSize() ?? {};
  const over = (await page.evaluate<number>('document.documentElement.scrollWidth')) - width;
  return [
    ...(over > 0 ? [`${over} px too wide`] : []),
    ...(await page.evaluate<readonly string[]>(CUT_OFF)),
    ...(await page.evaluate<readonly string[]>(NOT_ALL_SEEN)),
    ...(await visitor.violations()),
  ];
};

describe.each(LOOKS)('on the %s', (look, options, dark) => {
  test.each([
    ['an umbrella', AGENCY, UMBRELLA_PAGES],
    ['a member', SHOP, MEMBER_PAGES],
    ['an operator', OPERATOR, OPERATOR_PAGES],
  ] as const)(
    '%s sees nothing cut off or over its neighbours, and axe finds nothing',
    async (_, who, paths) => {
      const faults: string[] = [];
      const visitor = await office.visit(options);
      await visitor.signIn(who);
      for (const path of paths) {
        const name = path.replace(/\?.*(?==)/, '').replaceAll(/[^a-z_]+/g, '-');
        await visitor.go(`/app/o/${path}`);
        await visitor.picture(`look-${name}-${look}`);
        faults.push(...(await faultsOf(visitor)).map((fault) => `${path}: ${fault}`));
        if (!dark) continue;
        await visitor.page.emulateMedia({ colorScheme: 'dark' });
        await visitor.picture(`look-${name}-${look}-dark`);
        faults.push(...(await visitor.violations(COLOURS)).map((fault) => `${path}, dark: ${fault}`));
        await visitor.page.emulateMedia({ colorScheme: 'light' });
      }
      expect([...faults, ...visitor.errors]).toEqual([]);
      await visitor.close();
    },
  );
});
