import type { Locator } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type BackOffice, type DemoAccount, SHOP, startBackOffice, type Visitor } from './back-office.ts';
import { poll } from './poll.ts';

/** A site of the demo, which has a past. */
export const SITE = 'www.demo-shop.example';
/** Where its pages are. */
export const BASE = `/app/o/demo_shop/s/${SITE}`;
/** Who may change organizations. */
export const OPERATOR: DemoAccount = { tenant: 'demo_agency', username: 'operator' };

/** The back office of the suite. */
export let office: BackOffice;
/** Somebody of the shop at a desk, who stays signed in. */
export let member: Visitor;

beforeAll(async () => {
  office = await startBackOffice({ env: { RUMBRELLA_DEMO_HISTORY: 'on' } });
  const { log } = office.rumbrella;
  await poll('the demo has its past', () => log.some(({ event }) => event === 'demo_filled'), 900_000);
  member = await office.visit({ viewport: { width: 1440, height: 900 } });
  await member.signIn(SHOP);
}, 1_000_000);

afterAll(() => office?.stop());

/** The address of what is shown. */
export const here = ({ page }: Visitor): URL => new URL(page.url());
/** A panel by its heading. */
export const panel = ({ page }: Visitor, name: string | RegExp): Locator =>
  page.getByRole('region', { name });
