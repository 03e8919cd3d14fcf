import type { Page } from 'playwright-core';

/** Lets no request of an address (a glob) through until it is released. */
export const hold = async (page: Page, address: string): Promise<{ readonly release: () => void }> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(address, async (route) => {
    await promise;
    await route.continue();
  });
  return { release: () => resolve() };
};
