import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { poll } from './poll.ts';
import { type RunningRumbrella, startRumbrella, type StartOptions } from './rumbrella.ts';

/** A running Rumbrella with the demo, and browsers in front of its back office. */
export interface BackOffice {
  readonly rumbrella: RunningRumbrella;
  readonly browser: Browser;
  /** A new visitor: cookies and storage of his own. Default: 1,280 × 800, light. */
  visit(options?: VisitOptions): Promise<Visitor>;
  /** Sends a beacon of a page view as a browser does; `fields` are Boomerang's parameters. Without a browser's user agent it would count as a bot's. */
  sendBeacon(
    trace: string,
    fields: Readonly<Record<string, string>>,
    options?: { readonly userAgent?: string },
  ): Promise<void>;
  stop(): Promise<void>;
}

/** A browser window. */
export interface Visitor {
  readonly page: Page;
  /** Whatever the pages wrote as an error, threw, or were kept from by the content security policy. */
  readonly errors: readonly string[];
  /** Goes to a path below the server's address and waits until nothing is loading. */
  go(path: string): Promise<void>;
  /** Fills in the sign-in page, from wherever it is. */
  signIn(account: DemoAccount): Promise<void>;
  /** Waits until no part of the page is loading any more. */
  settled(): Promise<void>;
  /** Keeps a picture in test/artifacts/ for people to look at. */
  picture(name: string): Promise<void>;
  /** What axe finds wrong by WCAG 2.2 A and AA, or by these rules alone: `rule: how many, first place`. */
  violations(rules?: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** How a visitor comes. */
export type VisitOptions = Pick<
  BrowserContextOptions,
  'viewport' | 'colorScheme' | 'reducedMotion' | 'isMobile' | 'hasTouch'
>;

/** A window of a phone. */
export const PHONE: VisitOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** The rules of axe that depend on colours. */
export const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Somebody of the demo. */
export interface DemoAccount {
  readonly tenant: string;
  readonly username: string;
}

/** As a visitor's browser names itself. */
export const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Safari/537.36';

/** Of everybody who signs in. */
export const PASSWORD = 'password-of-the-tests';

export const AGENCY: DemoAccount = { tenant: 'demo_agency', username: 'agency' };
export const SHOP: DemoAccount = { tenant: 'demo_shop', username: 'shop' };
export const NEWS: DemoAccount = { tenant: 'demo_news', username: 'news' };

/** Texts, since the tests are checked without the browser's types. */
const IS_SETTLED = `document.querySelector('#app')?.childElementCount !== 0 &&
  document.querySelector('[aria-label="Loading"], [aria-busy="true"], .skeleton') === null`;
const LEVEL_AA = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const runAxe = (runOnly: object): string => `axe.run({ runOnly: ${JSON.stringify(runOnly)} })
  .then(({ violations }) => ({ violations: violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, target }) => ({ html, target })) })) }))`;

interface AxeAnswer {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly target: readonly string[] }[];
  }[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const artifacts = join(root, 'test/artifacts');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Builds the back office where its sources are younger, and starts everything. */
export const startBackOffice = async (options: StartOptions = {}): Promise<BackOffice> => {
  await buildWhenOld();
  mkdirSync(artifacts, { recursive: true });
  const [rumbrella, browser] = await Promise.all([
    startRumbrella({ ...options, env: { RUMBRELLA_DEMO_PASSWORD: PASSWORD, ...options.env } }),
    launchChromium(),
  ]);
  return {
    rumbrella,
    browser,
    visit: (visit = {}) => openVisitor(browser, rumbrella.url, visit),
    sendBeacon: async (trace, fields, { userAgent = CHROME } = {}) => {
      const answer = await fetch(`${rumbrella.url}/beacon/catcher?brum_trace=${trace}`, {
        method: 'POST',
        headers: { 'user-agent': userAgent },
        body: new URLSearchParams(fields),
      });
      if (answer.status !== 204) throw new Error(`the beacon was answered ${answer.status}`);
    },
    stop: async () => {
      await browser.close();
      await rumbrella.remove();
    },
  };
};

const buildWhenOld = async (): Promise<void> => {
  const built = statSync(join(root, 'web/dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['web/src/**/*', 'web/*.*', 'web/public/*', 'src/vitals/*', 'scripts/build-web.ts'];
  const newest = Math.max(
    ...globSync(sources, { cwd: root }).map((file) => statSync(join(root, file)).mtimeMs),
  );
  if (built < newest)
    await promisify(execFile)(process.execPath, [join(root, 'scripts/build-web.ts')], { cwd: root });
};

const openVisitor = async (browser: Browser, url: string, options: VisitOptions): Promise<Visitor> => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // A refused request is told by the page; that it was refused is no error of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  const settled = async (): Promise<void> => {
    // Not `waitForFunction`, whose polling the content security policy forbids.
    await poll('the page has loaded', () => page.evaluate<boolean>(IS_SETTLED), 20_000);
  };
  return {
    page,
    errors,
    settled,
    go: async (path) => {
      await page.goto(`${url}${path}`);
      await settled();
    },
    signIn: async ({ tenant, username }) => {
      if (!page.url().includes('/app/sign-in')) await page.goto(`${url}/app/`);
      await page.getByLabel('Organization').fill(tenant);
      await page.getByLabel('User name').fill(username);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL((to) => !to.pathname.startsWith('/app/sign-in'));
      await settled();
    },
    picture: async (name) => {
      await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true, animations: 'disabled' });
    },
    violations: async (rules) => {
      await page.evaluate(axeSource);
      const runOnly = rules === undefined ? LEVEL_AA : { type: 'rule', values: rules };
      const { violations } = await page.evaluate<AxeAnswer>(runAxe(runOnly));
      return violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.length}, ${nodes[0]?.target.join(' ')} ${nodes[0]?.html.slice(0, 200)}`,
      );
    },
    close: () => context.close(),
  };
};
