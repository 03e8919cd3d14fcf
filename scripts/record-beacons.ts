import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { silentLog } from '#core';
import { openJournalReader } from '#journal';
import { launchChromium } from '../test/support/chromium.ts';
import { startRumbrella } from '../test/support/rumbrella.ts';

/**
 * Drives the demo site in real Chromium and writes the beacons that Boomerang sent to `test/fixtures/beacons/recorded.json`: what the tests of the
 * decoder, the loader and the archive read. Run it again after a new Boomerang.
 */
const path = fileURLToPath(new URL('../test/fixtures/beacons/recorded.json', import.meta.url));
/** A browser tells its observers of shifts and events a little after they happened. */
const EVENTS_MS = 500;
/** Memory and document are measured once a second. */
const READING_MS = 2_200;

interface Recorded {
  readonly method: string;
  readonly query: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const rumbrella = await startRumbrella();
const browser = await launchChromium();

const story = async (tell: (page: Page) => Promise<void>): Promise<void> => {
  const page = await browser.newPage();
  await tell(page);
  await page.close();
};
const beaconOf = (page: Page) => page.waitForRequest((request) => request.url().includes('/beacon/catcher'));
const visit = async (page: Page, address: string): Promise<void> => {
  const beacon = beaconOf(page);
  await page.goto(`${rumbrella.url}${address}`);
  await beacon;
};

await story(async (page) => {
  await visit(page, '/demo/shop/?as=shop');
  await page.waitForSelector('.banner');
  await page.waitForTimeout(EVENTS_MS);
  await page.click('#add');
  await page.locator('#cart', { hasText: '1' }).waitFor();
  await page.waitForTimeout(EVENTS_MS);
  await page.goto('about:blank');
});
await story(async (page) => {
  await visit(page, '/demo/shop/rooms?as=shop');
  const route = beaconOf(page);
  await page.click('text=Kitchen');
  await route;
  await page.goto('about:blank');
});
await story(async (page) => {
  await visit(page, '/demo/shop/?as=shop');
  const error = beaconOf(page);
  await page.click('#break');
  await error;
  await page.goto('about:blank');
});
await story(async (page) => {
  await visit(page, '/demo/news/?as=news');
  await visit(page, '/demo/news/article');
  const back = beaconOf(page);
  await page.goBack();
  await back;
  await page.goto('about:blank');
});

await story(async (page) => {
  await page.setViewportSize({ width: 800, height: 400 });
  await visit(page, '/demo/news/?as=news');
  await page.waitForTimeout(READING_MS);
  await page.mouse.move(400, 200);
  await page.mouse.wheel(0, 300);
  await page.waitForTimeout(EVENTS_MS);
  await page.keyboard.press('Tab');
  await page.waitForTimeout(READING_MS);
  await page.goto('about:blank');
});

await browser.close();
await rumbrella.end();

const reader = openJournalReader({ folder: join(rumbrella.folder, 'data', 'journal'), log: silentLog });
const { entries } = await reader.read({}, { maxEntries: 1_000, maxBytes: 100_000_000 });
const host = new URL(rumbrella.url).host;
const renamed = (text: string): string =>
  text.replaceAll(encodeURIComponent(host), 'shop.example').replaceAll(host, 'shop.example');
const recorded = entries.map(
  ({ record }): Recorded => ({
    method: record.method,
    query: renamed(record.query),
    body: renamed(Buffer.from(record.body).toString()),
    headers: Object.fromEntries(record.headers.map(([name, value]) => [name, renamed(value)])),
  }),
);
await rumbrella.remove();
writeFileSync(path, `${JSON.stringify(recorded, null, 2)}\n`);
process.stdout.write(`${recorded.length} beacons\n`);
