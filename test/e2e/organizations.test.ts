import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoClosed, demoShop } from '#demo';
import { poll } from '../support/poll.ts';
import { OPERATOR_TOKEN, type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

const launcher = fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url));
const run = promisify(execFile);

let rumbrella: RunningRumbrella;

beforeAll(async () => {
  rumbrella = await startRumbrella();
});

afterAll(() => rumbrella?.remove());

/** The command line, in the folder of the running server. */
const command = async (...args: readonly string[]): Promise<string> => {
  const { stdout } = await run(process.execPath, [launcher, ...args], {
    cwd: rumbrella.folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: rumbrella.folder,
      RUMBRELLA_OPERATOR_TOKEN: OPERATOR_TOKEN,
    },
  });
  return stdout;
};

const send = async (trace: string, marker: string): Promise<void> => {
  const body = new URLSearchParams({
    u: `https://site.example/${marker}`,
    pid: marker.slice(0, 8),
    'pt.lcp': '1234',
  });
  const answer = await fetch(`${rumbrella.url}/beacon/catcher?brum_trace=${trace}`, { method: 'POST', body });
  expect(answer.status).toBe(204);
};

const markersIn = async (tenant: string): Promise<readonly string[]> => {
  const exists = await rumbrella.sql(
    `SELECT 1 FROM system.tables WHERE name = '${tenant}_webperf_rum_events'`,
  );
  if (exists.length === 0) return [];
  const rows = await rumbrella.sql<{ url_path: string }>(
    `SELECT url_path FROM ${tenant}_webperf_rum_events ORDER BY url_path`,
  );
  return rows.map(({ url_path }) => url_path.slice(1));
};

const archivedOnly = (folder: string): Promise<number> =>
  fetch(`${rumbrella.url}/metrics`)
    .then((answer) => answer.text())
    .then((text) =>
      Number(new RegExp(`archived_only_total\\{folder="${folder}"\\} (\\d+)`).exec(text)?.[1] ?? 0),
    );

describe('beacons of organizations that come and go', () => {
  test('that nobody was known for become rows when the organization is added and they are replayed, once', async () => {
    const trace = randomUUID();
    const markers = ['unknown-a', 'unknown-b'];
    for (const marker of markers) await send(trace, marker);
    await poll('they are in the archive', async () => (await archivedOnly('unknown')) >= 2);
    expect(await command('replay', '--folder', 'unknown', '--dry-run')).toContain(
      'no organization has their trace',
    );

    expect(await command('tenants', 'add', 'late_shop', '--trace', trace)).toContain(trace);
    await command('replay', '--folder', 'unknown');
    expect(await markersIn('late_shop')).toEqual(markers);
    await command('replay', '--folder', 'unknown');
    expect(await markersIn('late_shop')).toEqual(markers);

    await poll('the running server knows it', () =>
      rumbrella.log.find((line) => line['event'] === 'users_map_replaced' && line['added'] === 1),
    );
    await send(trace, 'unknown-c');
    await poll('a row without a replay', async () => (await markersIn('late_shop')).includes('unknown-c'));
  });

  test('of an expired one become rows when it is renewed and they are replayed, once', async () => {
    await send(demoClosed.trace, 'expired-a');
    await poll('it is in the archive', async () => (await archivedOnly('expired')) >= 1);
    expect(await markersIn(demoClosed.prefix)).toEqual([]);

    await command('tenants', 'renew', demoClosed.prefix, '--days', '30');
    await command('replay', '--folder', 'expired');
    await command('replay', '--folder', 'expired');
    expect(await markersIn(demoClosed.prefix)).toEqual(['expired-a']);
  });

  test('that are answered are rows after a kill of everything at once', async () => {
    const markers = Array.from({ length: 40 }, (_, index) => `kill-${String(index).padStart(2, '0')}`);
    await Promise.all(markers.map((marker) => send(demoShop.trace, marker)));
    await rumbrella.end('SIGKILL');
    rumbrella = await startRumbrella({ folder: rumbrella.folder });
    await poll(
      'all of them are rows',
      async () => (await markersIn(demoShop.prefix)).length >= markers.length,
    );
    expect(await markersIn(demoShop.prefix)).toEqual(markers);
  });
});

describe('roles as processes of their own', () => {
  test('share a data folder: one answers beacons, the other makes rows', async () => {
    const collector = await startRumbrella({ args: ['--only', 'collector'] });
    const url = `${collector.url}/beacon/catcher?brum_trace=${demoShop.trace}&u=https%3A%2F%2Fsite.example%2Froles`;
    expect((await fetch(url)).status).toBe(204);
    const loader = await startRumbrella({ folder: collector.folder, args: ['--only', 'loader'] });
    const stored = async (): Promise<boolean> =>
      /beacons_stored_total\{tenant="demo_shop"\} 1/.test(
        await (await fetch(`${loader.url}/metrics`)).text(),
      );
    await poll('the beacon is a row', stored);
    expect(await (await fetch(`${loader.url}/health`)).text()).toBe('ok');
    await loader.end();
    await collector.remove();
  });
});
