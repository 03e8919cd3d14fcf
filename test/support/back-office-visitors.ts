import { afterAll, afterEach, beforeAll } from 'vitest';
import { demoShop } from '#demo';
import { type BackOffice, CHROME, startBackOffice, type Visitor, type VisitOptions } from './back-office.ts';
import { poll } from './poll.ts';

/** The back office of the suite. */
export let office: BackOffice;
const visitors: Visitor[] = [];

/** What a page would be taken over by if it took a text for markup. */
export const HOSTILE = `"'><img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
/** As long as the name of a page group may be. */
export const SHORT = `<img src=x onerror="document.title='taken'">`;
/** Addresses of the pages that the shop has beacons of. */
export const HOSTILE_URLS = [
  `https://shop.example/${HOSTILE}`,
  'https://shop.example/javascript:alert(1)?q=</title><svg/onload=alert(1)>',
  'https://shop.example/‮gnp.exe',
];

beforeAll(async () => {
  office = await startBackOffice();
  for (const [at, url] of HOSTILE_URLS.entries())
    await office.sendBeacon(
      demoShop.trace,
      {
        u: url,
        r: `https://evil.example/${HOSTILE}`,
        pid: `hostile${at}`,
        'rt.si': `session-${at}`,
        'h.pg': SHORT,
        'cdim.release': HOSTILE,
        'pt.lcp': '1234',
        'pt.lcp.e': HOSTILE,
        'dom.title': HOSTILE,
      },
      { userAgent: `${CHROME} ${HOSTILE}` },
    );
  await poll('the beacons are loaded', async () => {
    const tables = await office.rumbrella.sql(
      "SELECT 1 FROM system.tables WHERE name = 'demo_shop_webperf_rum_events'",
    );
    if (tables.length === 0) return false;
    const [row] = await office.rumbrella.sql<{ n: string }>(
      "SELECT count() AS n FROM demo_shop_webperf_rum_events WHERE page_id LIKE 'hostile%'",
    );
    return Number(row?.n) >= HOSTILE_URLS.length;
  });
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

/** Path and query of what is shown, decoded. */
export const here = ({ page }: Visitor): string => {
  const { pathname, search } = new URL(page.url());
  return pathname + decodeURIComponent(search);
};

/** Pixels by which a page can be scrolled sideways. */
export const sidewaysOf = ({ page }: Visitor): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** The overview of all sites of the shop. */
export const OVERVIEW = '/app/o/demo_shop/s/-/overview';

/** Addresses of all pages that the navigation leads to. */
export const pagesOf = async ({ page }: Visitor): Promise<readonly string[]> => {
  const all = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await all.first().waitFor();
  const links = await all.all();
  const paths = await Promise.all(links.map((link) => link.getAttribute('href')));
  return paths.filter((path) => path !== null);
};
