import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { metricsText, silentLog, systemClock } from '#core';
import { createRandom, generatePageView } from '../../src/demo/generator.ts';
import type { JournalWriter } from '#journal';
import { type LoaderOptions, type LoaderWorker, startLoaderWorker } from '#loader';
import { append, beaconOf, openWriter } from '../support/loader-world.ts';
import { poll } from '../support/poll.ts';
import { startTestWarehouse, type TestWarehouse } from '../support/warehouse.ts';

let world: TestWarehouse;
beforeAll(async () => {
  world = await startTestWarehouse();
}, 120_000);
afterAll(() => world.stop());

let dataDir: string;
let writer: JournalWriter;
let workers: LoaderWorker[] = [];
let tests = 0;
beforeEach(() => {
  tests++;
  dataDir = mkdtempSync(join(tmpdir(), 'rumbrella-worker-'));
  mkdirSync(join(dataDir, 'journal'));
  writer = openWriter(join(dataDir, 'journal'));
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
  await writer.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (tenants: readonly string[]): LoaderWorker => {
  const usersMap = join(dataDir, 'users-map.yaml');
  writeFileSync(
    usersMap,
    tenants.map((id) => `- user: { prefix: ${id}, brum_trace: trace_${id}, expire: 2099-01-01 }\n`).join(''),
  );
  const { warehouse } = world;
  const options: LoaderOptions = {
    dataDir,
    usersMap,
    warehouse: { kind: warehouse.kind, connection: warehouse.connection, cluster: '' },
    archive: { compression: 'zstd', level: 3 },
    windowMs: 100,
    roundRows: 1_000,
    insertsPerSecond: 50,
    parallelInserts: 4,
    parallelMigrations: 2,
    keepLoadedMinutes: 60,
    logLevel: 'silent',
    beacons: { geoDatabase: 'off', pageGroups: [], keepQuery: true, keepUserAgent: true },
  };
  const worker = startLoaderWorker(options, { clock: systemClock, log: silentLog });
  workers.push(worker);
  return worker;
};

const sendPageViews = async (tenant: string, count: number): Promise<number> => {
  const random = createRandom(7);
  const site = { host: `${tenant.replaceAll('_', '-')}.example`, trace: `trace_${tenant}` };
  const beacons = Array.from({ length: count }, () =>
    generatePageView(random, { ...site, at: Date.now() }),
  ).flat();
  await Promise.all(
    beacons.map(({ method, query, body, headers }) =>
      append(
        writer,
        beaconOf(tenant, '', { method, query, body: Buffer.from(body), headers: Object.entries(headers) }),
      ),
    ),
  );
  return beacons.length;
};

const count = async (tenant: string): Promise<number> => {
  const [row] = await world.rows<{ rows: number }>(
    `SELECT uniqExact(journal_segment, journal_offset) AS rows FROM ${tenant}_webperf_rum_events`,
  );
  return row?.rows ?? 0;
};

describe('the loader in its thread', () => {
  test('turns what browsers send into rows, and says how it is', async () => {
    const tenant = `w${tests}_shop`;
    const worker = start([tenant]);
    const sent = await sendPageViews(tenant, 150);
    await poll('all rows', async () => (await count(tenant).catch(() => 0)) === sent);
    const facts = await world.rows<{ kind: string; hosts: string[]; vitals: number }>(
      `SELECT event_type AS kind, groupUniqArray(hostname) AS hosts, countIf(largest_contentful_paint > 0) AS vitals
       FROM ${tenant}_webperf_rum_events GROUP BY kind ORDER BY count() DESC LIMIT 2`,
    );
    expect(facts.map(({ kind }) => kind).toSorted()).toEqual(['quit_page', 'visit_page']);
    expect(facts[0]?.hosts).toEqual([`${tenant.replaceAll('_', '-')}.example`]);
    expect(facts.some(({ vitals }) => vitals > 50)).toBe(true);
    const status = await poll('a status', () => worker.status().lastRound !== null && worker.status());
    expect(status).toMatchObject({ state: 'running', warehouse: { up: true }, lagging: [] });
    const text = await metricsText([await worker.metricValues()]);
    expect(text).toContain(`rumbrella_beacons_stored_total{tenant="${tenant}"} ${sent}`);
    expect(text).toContain('rumbrella_loader_lag_seconds 0');
    await poll('host names', async () => {
      const names = await world.rows<{ hostname: string }>(
        `SELECT hostname FROM ${tenant}_webperf_rum_hostnames`,
      );
      return names.length === 1;
    });
  });

  test('waits while another one holds the folder, and goes on where it ended', async () => {
    const tenant = `w${tests}_shop`;
    const first = start([tenant]);
    const before = await sendPageViews(tenant, 20);
    await poll('all rows', async () => (await count(tenant).catch(() => 0)) === before);
    const second = start([tenant]);
    await poll('it waits', () => second.status().state === 'waiting');
    await first.stop();
    expect(first.status().state).toBe('stopped');
    const after = await sendPageViews(tenant, 20);
    await poll('all rows', async () => (await count(tenant)) === before + after);
    const [rows] = await world.rows<{ rows: number }>(
      `SELECT count() AS rows FROM ${tenant}_webperf_rum_events`,
    );
    expect(rows?.rows).toBe(before + after);
  });

  test('stops twice, and before it has started', async () => {
    const worker = start([`w${tests}_shop`]);
    await Promise.all([worker.stop(), worker.stop()]);
    expect(worker.status().state).toBe('stopped');
    expect(await worker.metricValues()).toEqual([]);
  });
});
