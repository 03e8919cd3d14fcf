import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type BackOffice,
  PHONE,
  type SHOP,
  startBackOffice,
  type Visitor,
  type VisitOptions,
} from './back-office.ts';

/** The back office of the suite. */
export let office: BackOffice;
const visitors: Visitor[] = [];

beforeAll(async () => {
  office = await startBackOffice();
});

afterAll(() => office?.stop());

afterEach(async () => {
  for (const visitor of visitors.splice(0)) await visitor.close();
});

/** A visitor until the end of the test. */
export const visit = async (options?: VisitOptions): Promise<Visitor> => {
  const visitor = await office.visit(options);
  visitors.push(visitor);
  return visitor;
};

/** A visitor who has signed in. */
export const signedIn = async (account: typeof SHOP, options?: VisitOptions): Promise<Visitor> => {
  const visitor = await visit(options);
  await visitor.signIn(account);
  return visitor;
};

/** What a dialog shows once: a link or a key. */
export const secretIn = async ({ page }: Visitor): Promise<string> =>
  (await page.getByRole('dialog').locator('output').textContent()) ?? '';

/** Is anything of a part of the page wider than it? */
export const isCutOff = ({ page }: Visitor, part: string): Promise<boolean> =>
  page.evaluate<boolean>(
    `Array.from(document.querySelectorAll('${part}')).some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)`,
  );

export const PEOPLE = '/app/o/demo_shop/people';
export const KEYS = '/app/o/demo_shop/api-keys';
export const NOTES = '/app/o/demo_shop/notes';
export const SHARES = '/app/o/demo_shop/s/-/shares?from=-7d&f=device:is:mobile&p=95';

/** Pages as the tests before have filled them, and the buttons that open their dialogs: for everybody's eyes, and nothing cut off. */
export const describePages = (
  account: typeof SHOP,
  paths: readonly string[],
  dialogs: readonly (readonly [path: string, button: string])[],
): void => {
  describe('the pages, as they are filled now', () => {
    test.each<readonly [string, VisitOptions]>([
      ['light', {}],
      ['dark', { colorScheme: 'dark' }],
      ['phone', PHONE],
    ])('have nothing that axe finds wrong, and nothing that is cut off: %s', async (name, options) => {
      const visitor = await signedIn(account, options);
      for (const path of paths) {
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
      const visitor = await signedIn(account);
      for (const [path, button] of dialogs) {
        await visitor.go(path);
        await visitor.page.getByRole('button', { name: button }).click();
        await visitor.settled();
        expect([path, await visitor.violations()]).toEqual([path, []]);
      }
    });
  });
};
