import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackOffice, startBackOffice } from '../test/support/back-office.ts';
import { startArriving } from './back-office/arriving.ts';
import { PAGES } from './back-office/pages.ts';
import { DAYS, makeTenant, TENANT, TRACE } from './back-office/tenant.ts';
import { type MeasuredWindow, openWindow, type Profile, type Visit } from './back-office/window.ts';

// What somebody waits for in the back office of a tenant with many page views: a real server and a real Chromium, on a desktop and on a
// slow phone, with an empty and with a filled cache, while beacons keep coming. `npm run bench -- back-office [page views]`: 10 million by default, some four
// minutes; 1000000 fills quicker. `BENCH_SECONDS` bounds the visits, not the filling.

const VIEWS = Number(process.argv[2] ?? process.env['BENCH_VIEWS'] ?? 10_000_000);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 120);
const ROUNDS = 4;
const PROFILES: readonly Profile[] = ['desktop', 'phone'];

const TO_LAYOUT = '.panel .segmented button[aria-pressed="false"]';
/** What is pressed on which page: a vital, a tab, a row that narrows; all pages instead of groups, and back. */
const PRESSED: Readonly<Record<string, readonly string[]>> = {
  overview: [
    '.vital-card[aria-pressed="false"]',
    '.panels .segmented button[aria-pressed="false"]',
    '.panels button.row-name',
  ],
  pages: [TO_LAYOUT, TO_LAYOUT],
};

interface Interaction {
  readonly profile: Profile;
  /** The longest of a visit, as INP is. */
  readonly inp: number;
}

const main = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-bench-'));
  try {
    const fillSeconds = await makeTenant(folder, VIEWS);
    process.stdout.write(`${VIEWS} page views in 28 days, filled in ${fillSeconds.toFixed(0)} s\n\n`);
    const office = await startBackOffice({ folder, env: { RUMBRELLA_DEMO: 'off' } });
    const { url } = office.rumbrella;
    const stopArriving = startArriving({ url, trace: TRACE, perSecond: VIEWS / DAYS / 86_400 });
    try {
      const { visits, interactions } = await measure(office);
      printTable(visits);
      printFigures(visits, interactions, fillSeconds);
    } finally {
      await stopArriving();
      await office.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** One round with an empty cache, then rounds with a filled one until the time is over. */
const measure = async (
  office: BackOffice,
): Promise<{ readonly visits: readonly Visit[]; readonly interactions: readonly Interaction[] }> => {
  const until = performance.now() + SECONDS * 1_000;
  const windows = new Map<Profile, MeasuredWindow>();
  for (const profile of PROFILES) windows.set(profile, await openWindow(office, TENANT, profile));
  await writeNotes(windows.get('desktop'));
  const visits: Visit[] = [];
  const interactions: Interaction[] = [];
  for (let round = 0; round <= ROUNDS; round++)
    for (const [profile, window] of windows)
      for (const page of PAGES) {
        if (round > 1 && performance.now() > until) continue;
        visits.push(await window.visit(page, round === 0));
        const pressed = PRESSED[page.name];
        if (round === 0 || pressed === undefined) continue;
        for (const selector of pressed) await window.press(selector);
        const { interactions: durations } = await window.noticed();
        interactions.push({ profile, inp: Math.max(16, ...durations) });
      }
  for (const window of windows.values()) await window.close();
  return { visits, interactions };
};

/** Without notes their page has nothing to show. */
const writeNotes = async (window: MeasuredWindow | undefined): Promise<void> => {
  const statuses = await window?.page.evaluate<number[]>(
    `Promise.all([4.1, 4.2, 4.3].map((version, index) => fetch('/annotations', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-okapi-tenant': '${TENANT}' },
      body: JSON.stringify({ version: String(version), at: new Date(Date.now() - (index + 2) * 86400000).toISOString() }),
    }).then(({ status }) => status)))`,
  );
  if (statuses?.every((status) => status === 201) !== true)
    throw new Error(`the notes were answered ${statuses?.join(', ')}, expected 201`);
};

const printTable = (visits: readonly Visit[]): void => {
  const columns = PROFILES.flatMap((profile) =>
    [true, false].map((isCold) => ({ profile, isCold, title: `${profile} ${isCold ? 'cold' : 'warm'}` })),
  );
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell, index) => (index === 0 ? cell.padEnd(15) : cell.padStart(22))).join('')}\n`;
  process.stdout.write('p75 of ms to the first chart / LCP, largest CLS\n');
  process.stdout.write(line(['page', ...columns.map(({ title }) => title)]));
  for (const { name } of PAGES)
    process.stdout.write(
      line([
        name,
        ...columns.map(({ profile, isCold }) => {
          const own = visits.filter(
            (visit) => visit.page === name && visit.profile === profile && visit.isCold === isCold,
          );
          const cls = Math.max(...own.map((visit) => visit.cls));
          return `${p75(own.map(({ chart }) => chart))} / ${p75(own.map(({ lcp }) => lcp))}, ${cls.toFixed(3)}`;
        }),
      ]),
    );
  process.stdout.write('\n');
};

const printFigures = (
  visits: readonly Visit[],
  interactions: readonly Interaction[],
  fillSeconds: number,
): void => {
  const of = (profile: Profile, isCold?: boolean): readonly Visit[] =>
    visits.filter((visit) => visit.profile === profile && (isCold === undefined || visit.isCold === isCold));
  const chartsOf = (profile: Profile, isCold: boolean): number =>
    p75(of(profile, isCold).map(({ chart }) => chart));
  const warm = of('desktop', false);
  const inpOf = (profile: Profile): readonly number[] =>
    interactions.filter((interaction) => interaction.profile === profile).map(({ inp }) => inp);
  const scripts = visits.filter(({ isCold }) => isCold).map(({ scriptBytes }) => scriptBytes);
  const byPage = PAGES.map(({ name }): readonly [string, number] => [
    name,
    p75(warm.filter(({ page }) => page === name).map(({ chart }) => chart)),
  ]);
  process.stdout.write(
    `${JSON.stringify({
      first_chart_p75_ms: chartsOf('desktop', false),
      first_chart_slowest_page_ms: Math.max(...byPage.map(([, ms]) => ms)),
      phone_lcp_p75_ms: p75(of('phone').map(({ lcp }) => lcp)),
      phone_inp_p75_ms: p75(inpOf('phone')),
      script_kb: Math.ceil(Math.max(...scripts) / 1_000),
      phone_lcp_cold_p75_ms: p75(of('phone', true).map(({ lcp }) => lcp)),
      phone_inp_worst_ms: Math.max(...inpOf('phone')),
      cls_worst: Number(Math.max(...visits.map(({ cls }) => cls)).toFixed(3)),
      desktop_inp_p75_ms: p75(inpOf('desktop')),
      first_chart_desktop_cold_p75_ms: chartsOf('desktop', true),
      first_chart_phone_warm_p75_ms: chartsOf('phone', false),
      first_chart_phone_cold_p75_ms: chartsOf('phone', true),
      first_chart_ms: Object.fromEntries(byPage),
      page_views: VIEWS,
      visits: visits.length,
      fill_seconds: Math.round(fillSeconds),
    })}\n`,
  );
};

/** Of whole milliseconds; 0 without values. */
const p75 = (values: readonly number[]): number =>
  Math.round(values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.75) - 1] ?? 0);

await main();
