import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Log, type LogFields, silentLog } from '#core';
import { createPlace, openEngine, type Place } from '../support/loader-place.ts';
import { poll } from '../support/poll.ts';
import { type RefusingProxy, startRefusingProxy } from '../support/refusing-proxy.ts';

// A real journal, loader and engine; between the last two something that refuses inserts while everything else works.

let engine: Awaited<ReturnType<typeof openEngine>>;
let proxy: RefusingProxy;
beforeAll(async () => {
  engine = await openEngine();
  proxy = await startRefusingProxy(engine.warehouse.connection.url);
}, 120_000);
afterAll(async () => {
  await proxy.stop();
  await engine.stop();
});
let place: Place;
afterEach(async () => {
  proxy.refuse = () => null;
  await place.stop();
});

const tuning = {
  // Longer than an insert takes on a machine that is busy with other tests.
  patienceMs: 1_500,
  longestProbePauseMs: 100,
  lagPauses: { firstMs: 50, longestMs: 200, afterDoubledMs: 60_000 },
};

const recording = (): { log: Log; lines: [string, string, LogFields][] } => {
  const lines: [string, string, LogFields][] = [];
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}): void =>
      void lines.push([level, event, fields]);
  const log: Log = { ...silentLog, error: at('error'), warn: at('warn'), info: at('info'), child: () => log };
  return { log, lines };
};

const untilStored = (tenant: string, count: number): Promise<true> =>
  poll(
    `${count} rows of ${tenant}`,
    async () => (await place.stored(tenant).catch(() => [])).length >= count,
  );

describe('a warehouse that answers questions and refuses inserts', () => {
  test.each([
    ['164', 'server'],
    ['192', 'server'],
    ['201', 'server'],
    ['202', 'server'],
    ['516', 'server'],
    ['242', 'table'],
    ['243', 'table'],
    ['497', 'table'],
  ] as const)(
    'with %s is one line in the log, with this code, and everything is loaded once it takes them',
    async (code, scope) => {
      const tenants = ['a', 'b', 'c'].map((name) => `r${code}_${name}`);
      place = createPlace(engine.warehouse, tenants, tuning);
      const { log, lines } = recording();
      const loader = await place.startLoader(proxy.url, log);
      for (const tenant of tenants) await place.send(tenant, 5);
      for (const tenant of tenants) await untilStored(tenant, 5);
      proxy.refused.length = 0;
      proxy.refuse = () => code;
      for (const tenant of tenants) await place.send(tenant, 5);
      // Long enough that everybody's patience is over.
      await poll('it was tried several times', () => proxy.refused.length >= 9);
      const begun = performance.now();
      await poll('patience is over', () => performance.now() - begun > tuning.patienceMs * 1.5);
      const { lagging, warehouse } = loader.status();
      if (scope === 'server') {
        expect(warehouse).toMatchObject({ up: true, refuses: true, reason: expect.stringContaining(code) });
        expect(lagging).toEqual([]);
      } else expect(lagging.map((entry) => entry.code)).toEqual(tenants.map(() => code));
      proxy.refuse = () => null;
      for (const tenant of tenants) await untilStored(tenant, 10);
      await poll('nobody lags', () => loader.status().lagging.length === 0);
      for (const tenant of tenants) expect(await place.stored(tenant)).toEqual(place.expected(tenant));
      const alarms = lines.filter(([level]) => level === 'warn' || level === 'error');
      expect(alarms).toEqual([['warn', 'warehouse_refuses', expect.objectContaining({ code, scope })]]);
      await poll('the refusal is over', () => !loader.status().warehouse.refuses);
    },
  );

  test('for want of memory gets smaller inserts until it has enough, each row once', async () => {
    place = createPlace(engine.warehouse, ['memory_shop'], {
      ...tuning,
      patienceMs: 20_000,
      smallestInsert: 20,
    });
    await place.startLoader(proxy.url);
    await place.send('memory_shop', 1);
    await untilStored('memory_shop', 1);
    proxy.refused.length = 0;
    let most = 0;
    proxy.refuse = (_, rows) => {
      most = Math.max(most, rows.length);
      return rows.length > most / 3 ? '241' : null;
    };
    await place.send('memory_shop', 190);
    await untilStored('memory_shop', 191);
    expect(await place.stored('memory_shop')).toEqual(place.expected('memory_shop'));
    expect(Math.min(...proxy.refused)).toBeLessThan(most * 0.6);
  });

  test('for one organization alone keeps nobody else from being loaded', async () => {
    place = createPlace(engine.warehouse, ['one_shop', 'one_news'], tuning);
    const loader = await place.startLoader(proxy.url);
    proxy.refuse = (sql) => (sql.includes('one_shop') ? '497' : null);
    for (let round = 1; round <= 3; round++) {
      await place.send('one_shop', 5);
      await place.send('one_news', 5);
      await untilStored('one_news', round * 5);
    }
    await poll('somebody lags', () => loader.status().lagging.length > 0);
    expect(loader.status().lagging).toMatchObject([{ tenant: 'one_shop', code: '497' }]);
    proxy.refuse = () => null;
    await untilStored('one_shop', 15);
    expect(await place.stored('one_shop')).toEqual(place.expected('one_shop'));
  });
});
