import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LoadStep } from '../../src/loader/loading.ts';
import { createPlace, openEngine, type Place } from '../support/loader-place.ts';
import { poll } from '../support/poll.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

// Real journal, real engine, and loaders that are killed. What is asked is asked by the marker that each beacon carries.

const ROUNDS = Number(process.env['RUMBRELLA_FAULT_ROUNDS'] ?? 4);
const LONG_MS = 3_600_000;

let engine: Awaited<ReturnType<typeof openEngine>>;
beforeAll(async () => {
  engine = await openEngine();
}, 120_000);
afterAll(() => engine.stop());

let place: Place;
let proxy: TcpProxy | undefined;
afterEach(async () => {
  await place.stop();
  await proxy?.stop();
  proxy = undefined;
});

/** Tables live as long as the engine: every test has tenants of its own. */
let tests = 0;
const tenantsOf = (...names: string[]): string[] => {
  tests++;
  return names.map((name) => `t${tests}_${name}`);
};

const untilStored = (tenant: string, count: number): Promise<true> =>
  poll(
    `${count} rows of ${tenant}`,
    async () => (await place.stored(tenant).catch(() => [])).length >= count,
    90_000,
  );

/** These tests are not about the creation of tables. */
const haveTables = async (...tenants: readonly string[]): Promise<void> => {
  for (const tenant of tenants) await place.send(tenant, 10);
  for (const tenant of tenants) await untilStored(tenant, 10);
};

const isPoison = (marker: string): boolean => marker.includes('poison');

const expectAllOnce = async (tenants: readonly string[]): Promise<void> => {
  for (const tenant of tenants) {
    const expected = place.expected(tenant);
    expect(await place.stored(tenant)).toEqual(expected.filter((marker) => !isPoison(marker)));
    expect(place.archived(tenant)).toEqual(expected);
  }
  expect(place.quarantined()).toEqual(
    tenants
      .flatMap((tenant) => place.expected(tenant))
      .filter(isPoison)
      .toSorted(),
  );
};

/** Lets a loader run until everything is loaded, then stops it. */
const finish = async (tenants: readonly string[]): Promise<void> => {
  const loader = place.spawnLoader();
  for (const tenant of tenants)
    await untilStored(tenant, place.expected(tenant).filter((marker) => !isPoison(marker)).length);
  const last = tenants.at(-1) ?? '';
  await poll('all is archived', () => place.archived(last).length >= place.expected(last).length);
  await poll('all bad beacons are in quarantine', () => {
    const bad = [...place.sent.values()].flat().filter(isPoison);
    return place.quarantined().length >= bad.length;
  });
  loader.kill('SIGTERM');
  const [code] = (await once(loader, 'exit')) as [number | null];
  expect(code).toBe(0);
};

describe('a loader that is killed', () => {
  test('loses nothing and doubles nothing, whichever step it dies at', async () => {
    const [shop = '', news = ''] = tenantsOf('shop', 'news');
    place = createPlace(engine.warehouse, [shop, news]);
    const deaths: [LoadStep, number][] = [
      ['before_insert', 0],
      ['after_insert', 0],
      ['before_verify', 0],
      ['after_verify', 1],
      ['quarantined', 0],
      ['inserted', 0],
      ['before_checkpoint', 0],
      ['checkpoint_saved', 0],
      ['intent_saved', 1],
      ['after_insert', 3],
      ['round_collected', 1],
    ];
    for (const [index, [step, after]] of deaths.entries()) {
      // The first two have made the tables.
      if (index === 2) await place.refusePoison(shop);
      await place.send(shop, 150);
      if (step === 'quarantined' || step === 'after_verify') await place.send(shop, 1, { tag: 'poison' });
      await place.send(news, 120);
      const loader = place.spawnLoader({ END_AT: step, END_AFTER: String(after) });
      const [, signal] = (await once(loader, 'exit')) as [number | null, string | null];
      expect([step, signal]).toEqual([step, 'SIGKILL']);
    }
    await finish([shop, news]);
    await expectAllOnce([shop, news]);
  });

  test(
    'loses nothing and doubles nothing when it dies at any moment, also over the end of a month',
    async () => {
      const [shop = '', news = ''] = tenantsOf('shop', 'news');
      place = createPlace(engine.warehouse, [shop, news]);
      const midnight = Date.UTC(2026, 10, 1);
      let isSending = true;
      const sending = (async () => {
        for (let number = 0; isSending; number++) {
          await place.send(shop, 20, { record: { receivedAt: midnight + ((number % 5) - 2) } });
          await place.send(news, 3);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      for (let kill = 0; kill < ROUNDS; kill++) {
        const loader = place.spawnLoader();
        await once(loader.stdout ?? process.stdout, 'data');
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
        loader.kill('SIGKILL');
        await once(loader, 'exit');
      }
      isSending = false;
      await sending;
      await finish([shop, news]);
      await expectAllOnce([shop, news]);
    },
    LONG_MS,
  );

  test('is the only one in its folder', async () => {
    const [shop = ''] = tenantsOf('shop');
    place = createPlace(engine.warehouse, [shop]);
    await place.send(shop, 50);
    const first = place.spawnLoader();
    await untilStored(shop, 50);
    const second = place.spawnLoader();
    const errors: string[] = [];
    second.stderr?.on('data', (text: Buffer) => errors.push(text.toString()));
    const [code] = (await once(second, 'exit')) as [number | null];
    expect(code).not.toBe(0);
    expect(errors.join('')).toContain('JOURNAL_LOCKED');
    first.kill('SIGKILL');
    await once(first, 'exit');
    await place.send(shop, 50);
    await finish([shop]);
    await expectAllOnce([shop]);
  });
});

describe('an engine that is killed', () => {
  test(
    'has every row once when it is back',
    async () => {
      const [shop = '', news = ''] = tenantsOf('shop', 'news');
      place = createPlace(engine.warehouse, [shop, news]);
      const loader = await place.startLoader();
      for (let kill = 0; kill < Math.max(3, ROUNDS / 2); kill++) {
        const { pid } = JSON.parse(readFileSync(engine.file, 'utf8')) as { pid: number };
        for (let batch = 0; batch < 6; batch++) {
          await place.send(shop, 100);
          await place.send(news, 30);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 80));
          if (batch === 3) process.kill(pid, 'SIGKILL');
        }
        await poll('the engine is back', async () => {
          const next = JSON.parse(readFileSync(engine.file, 'utf8')) as { pid: number };
          return next.pid !== pid;
        });
      }
      await untilStored(shop, place.expected(shop).length);
      await untilStored(news, place.expected(news).length);
      await poll('nobody lags', () => loader.status().lagging.length === 0);
      await expectAllOnce([shop, news]);
    },
    LONG_MS,
  );
});

describe('a server that answers badly', () => {
  test.each(['refuse', 'hold', 'swallow', 'reset', 'truncate', 'delay'] as const)(
    'gets every row once when connections behave like this for a while: %s',
    async (mode) => {
      const [shop = '', news = ''] = tenantsOf('shop', 'news');
      proxy = await startTcpProxy(engine.warehouse.connection.url);
      place = createPlace(engine.warehouse, [shop, news], {
        insertTimeoutMs: 400,
        probeTimeoutMs: 300,
        patienceMs: 2_000,
        longestProbePauseMs: 300,
        lagPauses: { firstMs: 50, longestMs: 300, afterDoubledMs: 60_000 },
      });
      const loader = await place.startLoader(proxy.url);
      await haveTables(shop, news);
      proxy.delayMs = 900;
      for (let again = 0; again < 2; again++) {
        proxy.mode = mode;
        for (let batch = 0; batch < 8; batch++) {
          await place.send(shop, 60);
          await place.send(news, 20);
          await new Promise((resolve) => setTimeout(resolve, 120));
        }
        proxy.mode = 'pass';
        if (mode === 'hold') proxy.cut();
        await untilStored(shop, place.expected(shop).length);
      }
      await untilStored(news, place.expected(news).length);
      await poll('nobody lags', () => loader.status().lagging.length === 0, 60_000);
      await expectAllOnce([shop, news]);
    },
  );

  test('is asked by one probe at a time while it is away', async () => {
    const tenants = tenantsOf(...Array.from({ length: 12 }, (_, index) => `n${index}`));
    proxy = await startTcpProxy(engine.warehouse.connection.url);
    place = createPlace(engine.warehouse, tenants, { longestProbePauseMs: 500 });
    const loader = await place.startLoader(proxy.url);
    for (const tenant of tenants) await place.send(tenant, 5);
    for (const tenant of tenants) await untilStored(tenant, 5);
    proxy.mode = 'refuse';
    proxy.cut();
    for (const tenant of tenants) await place.send(tenant, 5);
    await poll('the loader knows', () => !loader.status().warehouse.up);
    const before = proxy.connections();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(proxy.connections() - before).toBeLessThan(16);
    expect(loader.status().lagging).toEqual([]);
    proxy.mode = 'pass';
    for (const tenant of tenants) await untilStored(tenant, 10);
    await expectAllOnce(tenants);
  });
});

describe("one tenant's trouble", () => {
  test('keeps nobody else from being loaded when its table is dropped, and its later beacons get a new one', async () => {
    const [shop = '', news = ''] = tenantsOf('shop', 'news');
    place = createPlace(engine.warehouse, [shop, news]);
    const loader = await place.startLoader();
    await place.send(shop, 40);
    await place.send(news, 40);
    await untilStored(shop, 40);
    await untilStored(news, 40);
    await poll(
      'the round is over',
      () => (loader.status().lastRound?.at ?? 0) > 0 && loader.status().lagSeconds === 0,
    );
    await engine.warehouse.client.command({ query: `DROP TABLE ${shop}_webperf_rum_events SYNC` });
    await place.send(shop, 30, { tag: 'later' });
    await place.send(news, 30);
    await untilStored(news, 70);
    await untilStored(shop, 30);
    await poll('nobody lags', () => loader.status().lagging.length === 0);
    expect(await place.stored(shop)).toEqual(
      place.expected(shop).filter((marker) => marker.includes('later')),
    );
    expect(await place.stored(news)).toEqual(place.expected(news));
  });

  test('waits in the journal while its migration fails, and is over when that is repaired', async () => {
    const [shop = '', news = ''] = tenantsOf('shop', 'news');
    place = createPlace(engine.warehouse, [shop, news]);
    const table = `${shop}_webperf_rum_events`;
    await engine.warehouse.client.command({ query: `CREATE VIEW ${table} AS SELECT 1 AS one` });
    const loader = await place.startLoader();
    await place.send(shop, 60);
    await place.send(news, 60);
    await untilStored(news, 60);
    const [entry] = await poll(
      'it lags',
      () => loader.status().lagging.length === 1 && loader.status().lagging,
    );
    expect(entry).toMatchObject({ tenant: shop, pending: 60 });
    await place.send(news, 10);
    await untilStored(news, 70);
    await engine.warehouse.client.command({ query: `DROP VIEW ${table} SYNC` });
    await untilStored(shop, 60);
    await poll('nobody lags', () => loader.status().lagging.length === 0);
    await expectAllOnce([shop, news]);
  });
});
