import { describe, expect, test } from 'vitest';
import { type InsertFault, startWorld, tenantOf } from '../support/loader-world.ts';
import { poll } from '../support/poll.ts';
import { createWorld, quarantined, sorted, untilStored } from '../support/loader-folder.ts';

describe('loading in rounds', () => {
  test('stores every beacon of a tenant once, and archives those of nobody', async () => {
    const world = createWorld(['shop', 'news']);
    await world.send('shop', 250);
    await world.send('news', 30);
    await world.send('unknown', 7);
    await world.send('expired', 3);
    const { rounds, sum } = await startWorld(world.parts);
    await untilStored(world, ['shop', 'news']);
    await poll('counted', async () => (await sum('rumbrella_loader_beacons_read_total')) === 290);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
    expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
    for (const one of ['shop', 'news', 'unknown', 'expired'])
      expect(world.archive.markersOf(one)).toEqual(world.sent.get(one));
    expect(await sum('rumbrella_beacons_stored_total')).toBe(280);
    expect(await sum('rumbrella_beacons_archived_only_total')).toBe(10);
  });

  test.each<Exclude<InsertFault, null>>(['lost', 'half', 'whole', 'late', 'refused-connection', 'busy'])(
    'stores every beacon once when an insert ends like this: %s',
    async (fault) => {
      const world = createWorld(['shop', 'news']);
      let faults = 2;
      world.warehouse.fault = (batch) => (batch.tenant === 'shop' && faults-- > 0 ? fault : null);
      await world.send('shop', 120);
      await world.send('news', 20);
      const { rounds } = await startWorld(world.parts);
      await untilStored(world, ['shop', 'news']);
      await rounds.stop();
      expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
      expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
    },
  );

  test('waits with one probe while the warehouse is down, and goes on by itself', async () => {
    const world = createWorld(['shop', 'news', 'blog', 'mall']);
    world.warehouse.up = false;
    for (const tenant of world.tenants.keys()) await world.send(tenant, 20);
    const { rounds } = await startWorld(world.parts);
    await poll('the loader knows', () => !rounds.status().warehouse.up);
    expect(rounds.status().lagging).toEqual([]);
    expect(world.warehouse.inserts).toEqual([]);
    world.warehouse.up = true;
    await untilStored(world, [...world.tenants.keys()]);
    await poll('the loader knows', () => rounds.status().warehouse.up);
    await rounds.stop();
    for (const tenant of world.tenants.keys())
      expect(sorted(world.markersOf(tenant))).toEqual(sorted(world.sent.get(tenant) ?? []));
  });

  test('leaves behind a tenant whose tables fail, loads the others, and lets it catch up', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.notReady.add('shop');
    await world.send('shop', 150);
    await world.send('news', 50);
    const { rounds, sum } = await startWorld(world.parts);
    await untilStored(world, ['news']);
    await poll('shop lags', () => rounds.status().lagging.some(({ tenant }) => tenant === 'shop'));
    for (let again = 0; again < 5; again++) {
      await world.send('shop', 40);
      await world.send('news', 40);
      await untilStored(world, ['news']);
    }
    expect(world.markersOf('shop')).toEqual([]);
    await poll('all are counted', () => rounds.status().lagging[0]?.pending === 350);
    world.warehouse.notReady.delete('shop');
    await untilStored(world, ['shop']);
    await poll('nobody lags', () => rounds.status().lagging.length === 0);
    await world.send('shop', 10);
    await untilStored(world, ['shop']);
    await poll('counted', async () => (await sum('rumbrella_beacons_stored_total')) === 610);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
    expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
    expect(await sum('rumbrella_loader_beacons_read_total')).toBe(610);
  });

  test('remembers over a restart from where a tenant lags', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.notReady.add('shop');
    await world.send('shop', 100);
    await world.send('news', 100);
    const first = await startWorld(world.parts);
    await untilStored(world, ['news']);
    await poll('shop lags', () => first.rounds.status().lagging.length === 1);
    await first.rounds.stop();
    world.warehouse.notReady.delete('shop');
    const second = await startWorld(world.parts);
    await untilStored(world, ['shop']);
    await second.rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
    expect(sorted(world.markersOf('news'))).toEqual(sorted(world.sent.get('news') ?? []));
  });

  test('puts exactly the refused rows into quarantine, with few inserts', async () => {
    const world = createWorld(['shop']);
    world.warehouse.poison = (marker) => marker.includes('poison');
    await world.send('shop', 40);
    await world.send('shop', 1, 'poison');
    await world.send('shop', 59);
    const { rounds, sum } = await startWorld(world.parts);
    await poll('all are settled', async () => (await sum('rumbrella_loader_beacons_read_total')) === 100);
    await rounds.stop();
    expect(quarantined()).toEqual([{ marker: 'shop-poison-40', code: '27' }]);
    expect(sorted(world.markersOf('shop'))).toEqual(
      sorted(world.sent.get('shop') ?? []).filter((marker) => !marker.includes('poison')),
    );
    expect(world.warehouse.inserts.length).toBeLessThanOrEqual(2 * Math.log2(100) + 3);
    expect(await sum('rumbrella_beacons_quarantined_total')).toBe(1);
    expect(await sum('rumbrella_beacons_stored_total')).toBe(99);
  });

  test('takes a table that refuses every row for broken, and quarantines nothing', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.poison = (marker) => marker.startsWith('shop');
    await world.send('shop', 100);
    await world.send('news', 10);
    const { rounds } = await startWorld(world.parts);
    await untilStored(world, ['news']);
    await poll('shop lags', () => rounds.status().lagging.length === 1);
    await rounds.stop();
    expect(quarantined()).toEqual([]);
    expect(world.markersOf('shop')).toEqual([]);
  });

  test('counts beacons of host names that the tenant does not accept, and stores none', async () => {
    const world = createWorld(['shop', 'news']);
    world.tenants.set('news', tenantOf('news', { onlyHostnames: true, hostnames: ['other.example'] }));
    await world.send('news', 12);
    await world.send('shop', 5);
    const { rounds, sum } = await startWorld(world.parts);
    await poll('counted', async () => (await sum('rumbrella_loader_beacons_read_total')) === 17);
    await rounds.stop();
    expect(world.markersOf('news')).toEqual([]);
    expect(await sum('rumbrella_loader_refused_total')).toBe(12);
    expect(world.archive.markersOf('news')).toEqual(world.sent.get('news'));
  });

  test('waits for the users map to name a tenant that the door knew already', async () => {
    const world = createWorld(['shop']);
    await world.send('new_one', 9);
    const { rounds } = await startWorld({ ...world.parts, options: { unknownTenantMs: 60_000 } });
    await poll('it waits', () => rounds.status().lagging[0]?.code === 'LOADER_TENANT_UNKNOWN');
    world.tenants.set('new_one', tenantOf('new_one'));
    await untilStored(world, ['new_one']);
    await rounds.stop();
    expect(sorted(world.markersOf('new_one'))).toEqual(sorted(world.sent.get('new_one') ?? []));
  });

  test('archives only the beacons of a tenant that has left the map and has no tables', async () => {
    const world = createWorld(['shop']);
    await world.send('gone', 9);
    await world.send('shop', 4);
    const { rounds, sum } = await startWorld(world.parts);
    await poll('counted', async () => (await sum('rumbrella_beacons_archived_only_total')) === 9);
    expect(rounds.status().lagging).toEqual([]);
    await rounds.stop();
    expect(await sum('rumbrella_loader_beacons_read_total')).toBe(13);
    expect(await sum('rumbrella_beacons_stored_total')).toBe(4);
    expect(world.archive.markersOf('gone')).toEqual(world.sent.get('gone'));
  });

  test('stops a tenant whose table holds a beacon twice, and only this one', async () => {
    const world = createWorld(['shop', 'news']);
    world.warehouse.fault = (batch) => (batch.tenant === 'shop' ? 'twice' : null);
    await world.send('shop', 10);
    await world.send('news', 10);
    const { rounds } = await startWorld(world.parts);
    await untilStored(world, ['news']);
    const entry = await poll('shop is stopped', () => rounds.status().lagging[0]);
    await rounds.stop();
    expect(entry).toMatchObject({ tenant: 'shop', code: 'LOADER_ROWS_DOUBLED' });
  });

  test('loads the other tenants while an insert of one hangs', async () => {
    const world = createWorld(['shop', 'news']);
    const insertRows = world.warehouse.insertRows;
    let release = (): void => undefined;
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.warehouse.insertRows = async (batch, options) => {
      if (batch.tenant === 'shop') await hanging;
      return await insertRows(batch, options);
    };
    await world.send('shop', 30);
    await world.send('news', 30);
    const { rounds } = await startWorld(world.parts);
    await untilStored(world, ['news']);
    await poll('shop lags', () => rounds.status().lagging[0]?.code === 'LOADER_TENANT_SLOW');
    await world.send('news', 30);
    await world.send('shop', 30);
    await untilStored(world, ['news']);
    release();
    await untilStored(world, ['shop']);
    await poll('nobody lags', () => rounds.status().lagging.length === 0);
    await rounds.stop();
    expect(sorted(world.markersOf('shop'))).toEqual(sorted(world.sent.get('shop') ?? []));
  });
});
