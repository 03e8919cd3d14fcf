import type { TenantId } from '#tenants';
import { SERVER } from '../../src/warehouse/layout.ts';
import { ROLLUP_BUCKETS, ROLLUP_COLUMNS } from '../../src/warehouse/rollup/columns.ts';
import { createRollupTables } from '../../src/warehouse/rollup/rollup-tables.ts';

/** What a tenant is filled with. */
export interface Filling {
  readonly tenant: string;
  /** Page views altogether. */
  readonly views: number;
  readonly days: number;
  /** The first hour (hours since 1970) that is not rolled up: its page views and those of the next one are beacons. */
  readonly edgeHour: number;
}

/**
 * Fills the roll-up of a tenant whose tables of beacons are there with the page views of a large shop, by statements given to `run`.
 * Resolves to the seconds that it took.
 */
export const fillRollup = async (
  run: (sql: string) => Promise<unknown>,
  { tenant, views, days, edgeHour }: Filling,
): Promise<number> => {
  const begun = performance.now();
  for (const statement of createRollupTables(SERVER, tenant as TenantId)) await run(statement);
  const perDay = Math.round(views / days);
  const firstHour = edgeHour - days * 24;
  // Before the rows, and as made of no beacons, of which there are none: so a process that fills roll-ups leaves them alone.
  await run(
    `INSERT INTO ${tenant}_rollup_hours SELECT toDateTime((${firstHour} + number) * 3600, 'UTC'), bitOr(bitShiftLeft(toUInt64(${firstHour} + number), 42), 1), 0, now64(3) FROM numbers(${days * 24})`,
  );
  await run(`INSERT INTO ${tenant}_rollup_hours VALUES (0, 0, 0, 0)`);
  for (let day = 0; day < days; day++)
    await run(
      `INSERT INTO ${tenant}_rollup (${ROLLUP_COLUMNS.map(({ name }) => name).join(', ')}, fill)
       SELECT ${ROLLUP_COLUMNS.map(({ name }) => `${name === 'started_at' ? `toDateTime(${(firstHour + day * 24) * 3_600} + intDiv(number * 86400, ${perDay}), 'UTC')` : made(name)} AS ${name}`).join(', ')},
         bitOr(bitShiftLeft(toUInt64(${firstHour + day * 24} + intDiv(number * 24, ${perDay})), 42), 1) AS fill
       FROM (SELECT number, cityHash64(number, ${day}) AS h, cityHash64(h) AS g, pow(2, (h % 100000) / 16000) AS skew FROM numbers(${perDay}))`,
    );
  // The beacons of the last two hours, as many as there are page views in such hours.
  const live = Math.round(perDay / 12);
  await run(insertBeacons(tenant, { first: 0, count: live, from: edgeHour * 3_600, seconds: 7_200 }));
  await run(
    `INSERT INTO ${tenant}_webperf_rum_hostnames SELECT DISTINCT hostname, now64(3) FROM ${tenant}_rollup`,
  );
  await run(`OPTIMIZE TABLE ${tenant}_rollup FINAL`);
  return (performance.now() - begun) / 1_000;
};

/** Beacons of page views that nobody has seen yet, `first` the number of the first one, evenly over some seconds. */
export const insertBeacons = (
  tenant: string,
  { first, count, from, seconds }: Readonly<Record<'first' | 'count' | 'from' | 'seconds', number>>,
): string => `INSERT INTO ${tenant}_webperf_rum_events (received_at, event_date, created_at, hostname, session_id, page_id, beacon_no, is_page_view,
    event_type, journal_segment, journal_offset, url_path, largest_contentful_paint, first_contentful_paint, device_type, geo_country_code, session_length)
  SELECT toDateTime64(${from} + (number - ${first}) * ${seconds / count}, 3, 'UTC') AS at, toDate(at), toDateTime(at), 'www.shop.example',
    toString(intDiv(number, 3)), toString(number), 1, true, 'visit_page', 1, number, concat('/p/', toString(cityHash64(number) % 5000)),
    500 + cityHash64(number) % 4000, 400 + cityHash64(number) % 1000, 'mobile', 'BG', 1
  FROM numbers(${first}, ${count})`;

/** Cardinalities of a large shop: 5,000 paths, 40 countries, 3 sites, a few hundred selectors. */
const made = (name: string): string => {
  if ((ROLLUP_BUCKETS as readonly string[]).includes(name)) {
    const spread = `toUInt16(100 + (g % 97) * (h % 61) / 20)`;
    return name === 'inp' || name === 'cls' ? `if(g % 3 = 0, 0, ${spread})` : spread;
  }
  return MADE[name] ?? "''";
};

const among = (values: readonly string[]): string =>
  `[${values.map((value) => `'${value}'`).join(', ')}][1 + (h % ${values.length})]`;

const COUNTRIES =
  'AT AU BE BG BR CA CH CN CY CZ DE DK EE ES FI FR GB GR HR HU IE IN IS IT JP LT LU LV MK MT MX NL NO PL PT RO RS SE SI US'.split(
    ' ',
  );

const MADE: Readonly<Record<string, string>> = {
  hostname:
    "['www.shop.example', 'www.shop.example', 'outlet.shop.example', 'blog.shop.example'][1 + (g % 4)]",
  url_path: "concat('/p/', toString(toUInt32(skew * 65)))",
  page_group: among(['home', 'category', 'product', 'product', 'cart', 'search']),
  page_type: among(['home', 'category', 'product', 'cart']),
  navigation: "if(g % 50 = 0, 'soft', 'hard')",
  navigation_type: among(['navigate', 'navigate', 'navigate', 'reload', 'back_forward']),
  device: among(['mobile', 'mobile', 'desktop', 'tablet']),
  engine: among(['Blink', 'Blink', 'WebKit', 'Gecko']),
  browser: among(['Chrome Mobile', 'Chrome', 'Mobile Safari', 'Firefox', 'Edge']),
  browser_version: 'toString(110 + g % 35)',
  operating_system: among(['Android', 'iOS', 'Windows', 'Mac OS X', 'Linux']),
  country: `[${COUNTRIES.map((code) => `'${code}'`).join(', ')}][1 + toUInt32(sqrt(h % 1600)) % ${COUNTRIES.length}]`,
  city: "concat('city', toString(toUInt32(sqrt(g % 40000))))",
  connection: among(['4g', '4g', '4g', '3g', '']),
  round_trip: among(['0-50', '50-100', '100-200', '']),
  protocol: among(['h2', 'h3', 'h1']),
  screen_width: among(['0-480', '1440-1920', '1920+']),
  cpu_cores: among(['4', '8', '12']),
  device_memory: among(['4', '8']),
  referrer_type: among(['direct', 'internal', 'search', 'social']),
  referrer_host: "concat('host', toString(g % 300))",
  release: among(['4.1', '4.2', '4.3']),
  boomerang_version: "'1.815.60'",
  lcp_selector: "concat('div.s', toString(g % 200))",
  inp_selector: "concat('button.b', toString(g % 200))",
  cls_selector: "concat('div.c', toString(g % 100))",
  view: 'h',
  session: 'intDiv(h, 4)',
  is_bot: 'toUInt8(g % 50 = 1)',
  was_hidden: '0',
  is_landing: 'toUInt8(g % 3 = 0)',
  is_bounce: 'toUInt8(g % 6 = 0)',
  has_quit: 'toUInt8(g % 10 > 0)',
  is_loaded: 'toUInt8(g % 20 > 0)',
  errors: 'toUInt32(g % 40 = 0)',
  is_generated: '0',
};
