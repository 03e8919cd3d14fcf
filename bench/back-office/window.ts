import type { CDPSession, Page } from 'playwright-core';
import { type BackOffice, PHONE, type Visitor } from '../../test/support/back-office.ts';
import { type MeasuredPage, type Noticed, PROBE } from './pages.ts';

/** A device with its network. */
export type Profile = 'desktop' | 'phone';

/** What a visit of a page cost. */
export interface Visit extends Noticed {
  readonly profile: Profile;
  readonly page: string;
  /** Nothing was in the browser's cache. */
  readonly isCold: boolean;
  /** Of scripts, as they were sent. */
  readonly scriptBytes: number;
}

/** A browser window in which somebody is signed in. */
export interface MeasuredWindow {
  readonly page: Page;
  /** Opens a page and waits until all of it is there. Errors: no chart within half a minute. */
  visit(to: MeasuredPage, isCold: boolean): Promise<Visit>;
  /** Clicks (a finger on a phone) the first of these that is there, and waits until all is shown. */
  press(selector: string): Promise<void>;
  /** What was noticed of the document so far. */
  noticed(): Promise<Noticed>;
  close(): Promise<void>;
}

/** Opens a window and signs in; only then is the profile slow. */
export const openWindow = async (
  office: BackOffice,
  tenant: string,
  profile: Profile,
): Promise<MeasuredWindow> => {
  const visitor = await office.visit(profile === 'phone' ? PHONE : {});
  const { page } = visitor;
  await page.addInitScript({ content: PROBE });
  await visitor.signIn({ tenant, username: tenant });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  if (profile === 'phone') await slowDown(cdp);
  const scripts = countScripts(cdp);
  return {
    page,
    visit: async ({ name, path }, isCold) => {
      if (isCold) await cdp.send('Network.clearBrowserCache');
      scripts.restart();
      await page.goto(`${office.rumbrella.url}/app/o/${tenant}/${path}`, { waitUntil: 'commit' });
      await withinTime(page, name);
      await visitor.settled();
      const noticed = await noticedIn(visitor);
      return { ...noticed, profile, page: name, isCold, scriptBytes: scripts.bytes() };
    },
    press: async (selector) => {
      const target = page.locator(selector).first();
      await (profile === 'phone' ? target.tap() : target.click());
      await visitor.settled();
    },
    noticed: () => noticedIn(visitor),
    close: () => visitor.close(),
  };
};

/** A phone of the middle class in a mobile network: a processor of a quarter, 1.6 Mbit/s, 150 ms. */
const slowDown = async (cdp: CDPSession): Promise<void> => {
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: 1_600_000 / 8,
    uploadThroughput: 750_000 / 8,
  });
};

/** Adds up the bytes of scripts, with their headers, as they came over the network. */
const countScripts = (cdp: CDPSession): { readonly restart: () => void; readonly bytes: () => number } => {
  const under = new Set<string>();
  let sum = 0;
  cdp.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.url.endsWith('.js') && response.fromDiskCache !== true) under.add(requestId);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (under.delete(requestId)) sum += encodedDataLength;
  });
  return {
    restart: () => {
      under.clear();
      sum = 0;
    },
    bytes: () => sum,
  };
};

const CHART_MS = 30_000;

const withinTime = async (page: Page, name: string): Promise<void> => {
  const isThere = await page.evaluate<boolean>(
    `Promise.race([window.whenChart.then(() => true), new Promise((resolve) => setTimeout(resolve, ${CHART_MS}, false))])`,
  );
  if (isThere) return;
  const words = await page.locator('#app').innerText();
  throw new Error(`${name} had no chart within ${CHART_MS} ms:\n${words}`);
};

/** Events are told with the frame after them. */
const noticedIn = ({ page }: Visitor): Promise<Noticed> =>
  page.evaluate<Noticed>(
    'new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(window.noticed), 100)))',
  );
