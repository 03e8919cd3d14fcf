import type { Visitor } from './back-office.ts';

/** What has the focus, as it is read out. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  return (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent).trim();
})()`;

/** Presses Tab until something of this name has the focus; says on what it came, when it never does. */
export const tabTo = async ({ page }: Visitor, name: string | RegExp): Promise<void> => {
  const seen: string[] = [];
  for (let step = 0; step < 120; step++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<string>(FOCUSED);
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    seen.push(focused.slice(0, 30));
  }
  throw new Error(`Tab never came to ${String(name)}, only to ${[...new Set(seen)].join(' · ')}`);
};
