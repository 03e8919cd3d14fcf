import { readdirSync, readFileSync } from 'node:fs';
import { NOON } from '../test/support/gateway-world.ts';
import { type ReportsWorld, startReportsWorld } from '../test/support/reports-world.ts';
import { startArriving } from './reports/arriving.ts';
import { fillRollup } from './reports/fill-rollup.ts';

// The reports of a tenant with many page views in 28 days, asked through the gateway as the back office asks them, by a user with a
// token. The roll-up is filled directly; the current and the previous hour are beacons, and as many as such a tenant has keep coming. `npm run bench --
// reports [page views]`: 10 million by default; 1000000 is enough to compare two versions.

const VIEWS = Number(process.argv[2] ?? process.env['BENCH_VIEWS'] ?? 10_000_000);
const RUNS = Number(process.env['BENCH_RUNS'] ?? 9);
const GOAL_MS = 300;
const DAYS = 28;
const HOUR_MS = 3_600_000;

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
  grid: '/reports/grid?vital=lcp',
  compare: '/reports/compare?causes=without&from=-14d',
  causes: '/reports/causes?from=-14d',
  elements: '/reports/elements?vital=lcp',
  phases: '/reports/phases',
  sites: '/reports/sites',
  page_views: '/reports/page-views?vital=lcp&order=slowest',
};

const main = async (): Promise<void> => {
  const world = await startReportsWorld({
    users: '- user: { prefix: bench, brum_trace: trace-bench, expire: 2030-01-01 }\n',
    tenants: ['bench'],
    copies: true,
  });
  try {
    const seconds = await fillRollup(world.warehouse.run, {
      tenant: 'bench',
      views: VIEWS,
      days: DAYS,
      edgeHour: NOON / HOUR_MS - 1,
    });
    process.stdout.write(`${VIEWS} page views in ${DAYS} days, filled in ${seconds.toFixed(0)} s\n\n`);
    process.stdout.write(
      `${'request'.padEnd(22)}${'p50'.padStart(8)}${'p75'.padStart(8)}${'p95'.padStart(8)}${'CPU'.padStart(8)}  ms\n`,
    );
    const stopArriving = startArriving(world.warehouse.run, {
      tenant: 'bench',
      perSecond: VIEWS / DAYS / 86_400,
      from: NOON / 1_000 - 3_600,
    });
    const measured: Record<string, number> = {};
    const every: number[] = [];
    const cpu: Record<string, number> = {};
    for (const [name, path] of Object.entries(REQUESTS)) {
      const begun = cpuMs();
      const times = await timesOf(world, absolute(path));
      if (times === null) continue;
      cpu[name] = Math.round((cpuMs() - begun) / (RUNS + 2));
      measured[name] = at(times, 75);
      every.push(...times);
      const cells = [...[50, 75, 95].map((p) => at(times, p)), cpu[name] ?? 0]
        .map((ms) => ms.toFixed(0).padStart(8))
        .join('');
      process.stdout.write(`${name.padEnd(22)}${cells}\n`);
    }
    await stopArriving();
    const all = Object.values(measured).toSorted((a, b) => a - b);
    process.stdout.write(
      `${JSON.stringify({
        p75_to_goal: Number(
          (
            at(
              every.toSorted((a, b) => a - b),
              75,
            ) / GOAL_MS
          ).toFixed(2),
        ),
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

await main();
