import { readdirSync, readFileSync } from 'node:fs';
import { NOON } from '../test/support/gateway-world.ts';
import { type ReportsWorld, startReportsWorld } from '../test/support/reports-world.ts';
import { SERVER } from '../src/warehouse/layout.ts';
import { ROLLUP_BUCKETS, ROLLUP_COLUMNS } from '../src/warehouse/rollup/columns.ts';
import { createRollupTables } from '../src/warehouse/rollup/rollup-tables.ts';

// The reports of a tenant with many page views in 28 days, asked through the gateway as the back office asks them, by a user with a
// token. The roll-up is filled directly; the current and the previous hour are beacons. `npm run bench -- reports [page views]`:
// 10 million by default, which takes some minutes to fill; 1000000 is enough to compare two versions.

const VIEWS = Number(process.argv[2] ?? process.env['BENCH_VIEWS'] ?? 10_000_000);
const RUNS = Number(process.env['BENCH_RUNS'] ?? 9);
const GOAL_MS = 300;
const DAYS = 28;
const HOUR_MS = 3_600_000;
const EDGE = NOON / HOUR_MS - 1;
const FIRST = EDGE - DAYS * 24;

const REQUESTS: Readonly<Record<string, string>> = {
  summary: '/reports/summary',
  summary_compared: '/reports/summary?compare=previous&from=-14d',
  summary_mobile_site: '/reports/summary?site=www.shop.example&filter=device:is:mobile',
  series_day: '/reports/series?vital=lcp&step=day',
  series_split: '/reports/series?vital=lcp&step=day&split=device',
  distribution: '/reports/distribution?vital=lcp',
  breakdown_country: '/reports/breakdown?dimension=country',
  breakdown_page: '/reports/breakdown?dimension=url_path&vital=lcp&order=impact',
  bounce: '/reports/bounce?vital=lcp',
  heat: '/reports/heat?vital=lcp&kind=weekday',
  elements: '/reports/elements?vital=lcp',
  phases: '/reports/phases',
  sites: '/reports/sites',
  page_views: '/reports/page-views?vital=lcp&order=slowest',
};

const main = async (): Promise<void> => {
  const world = await startReportsWorld({
    users: '- user: { prefix: bench, brum_trace: trace-bench, expire: 2030-01-01 }\n',
    tenants: ['bench'],
  });
  try {
    const seconds = await fill(world);
    process.stdout.write(`${VIEWS} page views in ${DAYS} days, filled in ${seconds.toFixed(0)} s\n\n`);
    process.stdout.write(
      `${'request'.padEnd(22)}${'p50'.padStart(8)}${'p75'.padStart(8)}${'p95'.padStart(8)}${'CPU'.padStart(8)}  ms\n`,
    );
    const measured: Record<string, number> = {};
    const cpu: Record<string, number> = {};
    for (const [name, path] of Object.entries(REQUESTS)) {
      const begun = cpuMs();
      const times = await timesOf(world, absolute(path));
      if (times === null) continue;
      cpu[name] = Math.round((cpuMs() - begun) / (RUNS + 2));
      measured[name] = at(times, 75);
      const cells = [...[50, 75, 95].map((p) => at(times, p)), cpu[name] ?? 0]
        .map((ms) => ms.toFixed(0).padStart(8))
        .join('');
      process.stdout.write(`${name.padEnd(22)}${cells}\n`);
    }
    const all = Object.values(measured).toSorted((a, b) => a - b);
    process.stdout.write(
      `${JSON.stringify({
        within_goal: Number((all.filter((ms) => ms <= GOAL_MS).length / all.length).toFixed(2)),
        median_to_goal: Number((at(all, 50) / GOAL_MS).toFixed(2)),
        slowest_to_goal: Number((at(all, 100) / GOAL_MS).toFixed(2)),
        page_views: VIEWS,
        p75_ms: Object.fromEntries(Object.entries(measured).map(([name, ms]) => [name, Math.round(ms)])),
        cpu_ms: cpu,
        fill_seconds: Math.round(seconds),
      })}\n`,
    );
  } finally {
    await world.stop();
  }
};

/** CPU time of this process and of its children (the engine), ms: what a request costs, however busy the machine is. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter(([parent]) => parent === process.pid);
  return (user + system) / 1_000 + children.reduce((sum, [, ms]) => sum + ms, 0);
};

/** Parent and CPU time of a process; Linux counts in hundredths of a second. */
const statOf = (pid: string): readonly [parent: number, cpuMs: number] => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [Number(fields[1]), (Number(fields[11]) + Number(fields[12])) * 10];
  } catch {
    return [0, 0];
  }
};

/** `from=-14d` as the back office resolves it. */
const absolute = (path: string): string => {
  const days = /from=-(\d+)d/.exec(path)?.[1] ?? String(DAYS);
  const from = new Date(NOON - Number(days) * 24 * HOUR_MS).toISOString();
  const rest = path.replace(/&?from=-\d+d/, '');
  return `${rest}${rest.includes('?') ? '&' : '?'}from=${from}&to=${new Date(NOON).toISOString()}`;
};

/** Warm times, ascending; null: the report is not there. */
const timesOf = async (world: ReportsWorld, path: string): Promise<readonly number[] | null> => {
  const times: number[] = [];
  for (let run = -2; run < RUNS; run++) {
    const begun = performance.now();
    const { status, text } = await world.ask('bench', path);
    if (status === 404) return null;
    if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 300)}`);
    if (run >= 0) times.push(performance.now() - begun);
  }
  return times.toSorted((a, b) => a - b);
};

const at = (ascending: readonly number[], p: number): number =>
  ascending[Math.max(0, Math.ceil((ascending.length * p) / 100) - 1)] ?? 0;

const fill = async ({ warehouse }: ReportsWorld): Promise<number> => {
  const begun = performance.now();
  for (const statement of createRollupTables(SERVER, 'bench' as never)) await warehouse.run(statement);
  const perDay = Math.round(VIEWS / DAYS);
  for (let day = 0; day < DAYS; day++)
    await warehouse.run(
      `INSERT INTO bench_rollup (${ROLLUP_COLUMNS.map(({ name }) => name).join(', ')}, fill)
       SELECT ${ROLLUP_COLUMNS.map(({ name }) => `${name === 'started_at' ? `toDateTime(${(FIRST + day * 24) * 3_600} + intDiv(number * 86400, ${perDay}), 'UTC')` : made(name)} AS ${name}`).join(', ')},
         bitOr(bitShiftLeft(toUInt64(${FIRST + day * 24} + intDiv(number * 24, ${perDay})), 42), 1) AS fill
       FROM (SELECT number, cityHash64(number, ${day}) AS h, cityHash64(h) AS g, pow(2, (h % 100000) / 16000) AS skew FROM numbers(${perDay}))`,
    );
  await warehouse.run(
    `INSERT INTO bench_rollup_hours SELECT toDateTime((${FIRST} + number) * 3600, 'UTC'), bitOr(bitShiftLeft(toUInt64(${FIRST} + number), 42), 1), 1, now64(3) FROM numbers(${DAYS * 24})`,
  );
  await warehouse.run('INSERT INTO bench_rollup_hours VALUES (0, 0, 0, 0)');
  // The beacons of the last two hours, as many as there are page views in such hours.
  const live = Math.round(perDay / 12);
  await warehouse.run(
    `INSERT INTO bench_webperf_rum_events (received_at, event_date, created_at, hostname, session_id, page_id, beacon_no, is_page_view,
        event_type, journal_segment, journal_offset, url_path, largest_contentful_paint, first_contentful_paint, device_type, geo_country_code, session_length)
      SELECT toDateTime64(${EDGE * 3_600} + number * ${7_200 / live}, 3, 'UTC') AS at, toDate(at), toDateTime(at), 'www.shop.example',
        toString(intDiv(number, 3)), toString(number), 1, true, 'visit_page', 1, number, concat('/p/', toString(cityHash64(number) % 5000)),
        500 + cityHash64(number) % 4000, 400 + cityHash64(number) % 1000, 'mobile', 'BG', 1
      FROM numbers(${live})`,
  );
  await warehouse.run(
    `INSERT INTO bench_webperf_rum_hostnames SELECT DISTINCT hostname, now64(3) FROM bench_rollup`,
  );
  await warehouse.run('OPTIMIZE TABLE bench_rollup FINAL');
  return (performance.now() - begun) / 1_000;
};

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
  country: "concat('C', toString(toUInt32(sqrt(h % 1600))))",
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

await main();
