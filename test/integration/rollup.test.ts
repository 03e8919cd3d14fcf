import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropTenantData, type EventRow, quoteIdentifier, ROLLUP_COLUMNS, tableNames } from '#warehouse';
import { clockAt, hourAt, pageLife, type RollupWorld, startRollupWorld } from '../support/rollup-world.ts';
import { beaconsOf, pageLives } from '../support/page-lives.ts';
import { beaconRow } from '../support/warehouse-rows.ts';
import { testTenant } from '../support/warehouse.ts';

let world: RollupWorld;
let tenants = 0;

beforeAll(async () => {
  world = await startRollupWorld();
});
afterAll(() => world.stop());

const newTenant = async (facts = {}) => {
  tenants += 1;
  const tenant = testTenant(`rolled${tenants}`, facts);
  await world.makeTables(tenant);
  return tenant;
};
const MINUTE = 60_000;
const ALWAYS = { from: hourAt(-1_000), to: hourAt(1_000) };

describe('what reports see', () => {
  it('is what the beacons say, at every step of the roll-up, and after late beacons and replays', async () => {
    await fc.assert(
      fc.asyncProperty(
        pageLives,
        fc.constantFrom(1, 3, 1_000),
        fc.nat(90 * 60),
        fc.nat(60 * 60),
        async (all, maxBeacons, fromMinute, minutes) => {
          const tenant = await newTenant();
          const clock = clockAt(hourAt(0) + 5 * MINUTE);
          const { inTime, replayed } = beaconsOf(all);
          const from = hourAt(-73) + fromMinute * MINUTE;
          const periods = [ALWAYS, { from, to: from + minutes * MINUTE + 17_000 }];
          const same = async (some = periods): Promise<void> => {
            for (const period of some)
              expect(await world.seen(tenant.id, period)).toEqual(await world.live(tenant.id, period));
          };

          await world.insert(tenant.id, inTime);
          const rollup = world.rollup(tenant, clock, { maxBeacons });
          await rollup.look(tenant);
          for (let more = true; more; more = await rollup.work()) await same([ALWAYS]);
          await same();

          await world.insert(tenant.id, replayed);
          await world.settle(rollup, tenant);
          clock.advance(30 * 60 * MINUTE);
          await world.settle(rollup, tenant);
          await same();
          await dropTenantData(world.client, tenant.id);
        },
      ),
      // What a busy machine does not manage is left to the next run.
      { numRuns: 5, endOnFailure: true, interruptAfterTimeLimit: 60_000 },
    );
  }, 240_000);
});

describe('the roll-up', () => {
  it('counts nothing of an hour whose making was cut off before it was recorded', async () => {
    const tenant = await newTenant();
    await world.insert(tenant.id, pageLife({ session: 's', page: 'p', at: hourAt(-5) }));
    const clock = clockAt(hourAt(0));
    const cut = world.rollup(tenant, clock, {
      onRows: async () => {
        throw new Error('killed');
      },
    });
    await cut.look(tenant);
    await expect(cut.work()).rejects.toThrow('killed');
    expect(await world.seen(tenant.id, ALWAYS)).toHaveLength(1);
    expect((await world.source(tenant.id, ALWAYS)).rolledUpTo).toBeNull();

    clock.advance(1);
    await world.settle(world.rollup(tenant, clock), tenant);
    expect(await world.seen(tenant.id, ALWAYS)).toHaveLength(1);
    expect((await world.source(tenant.id, ALWAYS)).rolledUpTo).toBe(hourAt(-4));
  });

  it('leaves the current and the previous hour to the beacons', async () => {
    const tenant = await newTenant();
    await world.insert(tenant.id, [
      ...pageLife({ session: 's', page: 'p1', at: hourAt(10) - 1 }),
      ...pageLife({ session: 's', page: 'p2', at: hourAt(10) }),
    ]);
    await world.settle(world.rollup(tenant, clockAt(hourAt(12) - 1)), tenant);
    expect((await world.source(tenant.id, ALWAYS)).rolledUpTo).toBe(hourAt(10));
    expect(await world.seen(tenant.id, ALWAYS)).toHaveLength(2);
  });

  it('counts a page once that began in a rolled hour and goes on in a live one', async () => {
    const tenant = await newTenant();
    const clock = clockAt(hourAt(2) + MINUTE);
    await world.insert(tenant.id, pageLife({ session: 's', page: 'p', at: hourAt(-1) }));
    await world.settle(world.rollup(tenant, clock), tenant);
    const [, ...later] = pageLife({ session: 's', page: 'p', at: hourAt(-1) }, [
      { after: 3 * 60 * MINUTE, event_type: 'spa', is_page_view: true },
    ]);
    await world.insert(tenant.id, later);
    expect(await world.seen(tenant.id, ALWAYS)).toHaveLength(1);
  });

  it('brings the INP of a tab that was closed later, when the hour is twice as old', async () => {
    const tenant = await newTenant();
    const clock = clockAt(hourAt(2));
    const [load, quit] = pageLife({ session: 's', page: 'p', at: hourAt(0) }, [
      { after: 150 * MINUTE, inp: 240 },
    ]) as [EventRow, EventRow];
    await world.insert(tenant.id, [load]);
    const rollup = world.rollup(tenant, clock);
    await world.settle(rollup, tenant);
    await world.insert(tenant.id, [quit]);
    clock.advance(59 * MINUTE);
    await world.settle(rollup, tenant);
    expect(await world.seen(tenant.id, ALWAYS)).toMatchObject([{ inp: 0 }]);
    clock.advance(MINUTE);
    await world.settle(rollup, tenant);
    expect(await world.seen(tenant.id, ALWAYS)).toMatchObject([{ has_quit: 1 }]);
    expect(await world.seen(tenant.id, ALWAYS)).toEqual(await world.live(tenant.id, ALWAYS));
  });

  it('makes nothing again while nothing comes', async () => {
    const tenant = await newTenant();
    const clock = clockAt(hourAt(2));
    await world.insert(tenant.id, pageLife({ session: 's', page: 'p', at: hourAt(0) }));
    const rollup = world.rollup(tenant, clock);
    await world.settle(rollup, tenant);
    for (const hours of [2, 8, 40]) {
      clock.advance(hours * 60 * MINUTE);
      expect(await world.settle(rollup, tenant)).toBe(0);
    }
  });

  it('makes an old hour again when beacons of it are replayed, and fills one that was empty', async () => {
    const tenant = await newTenant();
    const clock = clockAt(hourAt(2));
    await world.insert(tenant.id, pageLife({ session: 's', page: 'p1', at: hourAt(-300) }));
    await world.insert(tenant.id, pageLife({ session: 's', page: 'p2', at: hourAt(-100) }));
    const rollup = world.rollup(tenant, clock);
    await world.settle(rollup, tenant);
    await world.insert(tenant.id, [
      ...pageLife({ session: 't', page: 'p3', at: hourAt(-300) + MINUTE }),
      ...pageLife({ session: 't', page: 'p4', at: hourAt(-200) }),
      ...pageLife({ session: 't', page: 'p5', at: hourAt(-400) }),
    ]);
    await world.settle(rollup, tenant);
    expect(await world.seen(tenant.id, ALWAYS)).toHaveLength(5);
    expect(await world.seen(tenant.id, ALWAYS)).toEqual(await world.live(tenant.id, ALWAYS));
  });

  it('does the same after a restart, and once', async () => {
    const tenant = await newTenant();
    const clock = clockAt(hourAt(2));
    await world.insert(tenant.id, pageLife({ session: 's', page: 'p1', at: hourAt(-300) }));
    await world.settle(world.rollup(tenant, clock), tenant);
    expect(await world.settle(world.rollup(tenant, clock), tenant)).toBe(0);
    await world.insert(tenant.id, pageLife({ session: 's', page: 'p2', at: hourAt(-300) }));
    expect(await world.settle(world.rollup(tenant, clock), tenant)).toBe(1);
    expect(await world.seen(tenant.id, ALWAYS)).toHaveLength(2);
  });

  it('holds hostile texts as they are, bounded, and nothing of another tenant', async () => {
    const [a, b] = [await newTenant(), await newTenant()];
    const hostile = `/'; DROP TABLE x; -- \\ \n\n\u0000 <script>${'é'.repeat(400)}`;
    const clock = clockAt(hourAt(5));
    await world.insert(
      a.id,
      pageLife({ session: "s'", page: 'p', at: hourAt(0) }, [], {
        url_path: hostile,
        lcp_selector: hostile,
        dimensions: new Map([['release', hostile]]),
      }),
    );
    await world.insert(b.id, pageLife({ session: "s'", page: 'p', at: hourAt(0) }, [], { url_path: '/b' }));
    for (const tenant of [a, b]) await world.settle(world.rollup(tenant, clock), tenant);
    const bounded = hostile.slice(0, 256);
    expect(await world.seen(a.id, ALWAYS)).toMatchObject([
      { url_path: bounded, lcp_selector: bounded, release: bounded },
    ]);
    expect(await world.seen(b.id, ALWAYS)).toMatchObject([{ url_path: '/b' }]);
  });

  it('keeps no hours longer than the tenant keeps its beacons', async () => {
    const tenant = await newTenant();
    const clock = clockAt(hourAt(2));
    await world.insert(tenant.id, [
      ...pageLife({ session: 's', page: 'p1', at: hourAt(-24 * 10) }),
      ...pageLife({ session: 's', page: 'p2', at: hourAt(-24 * 3) }),
    ]);
    await world.settle(world.rollup(tenant, clock), tenant);
    const shorter = { ...tenant, retentionDays: 5 };
    await world.settle(world.rollup(shorter, clock), shorter);
    expect(await world.seen(tenant.id, ALWAYS)).toMatchObject([{ url_path: '/p2' }]);
    expect(await world.rows(`SELECT url_path FROM ${tableNames(tenant.id).rollup}`)).toHaveLength(1);
  });

  it('is made again when it was made by another definition', async () => {
    const tenant = await newTenant();
    const clock = clockAt(hourAt(2));
    await world.insert(tenant.id, pageLife({ session: 's', page: 'p1', at: hourAt(-5) }));
    await world.settle(world.rollup(tenant, clock), tenant);
    const { rollup } = tableNames(tenant.id);
    const rows = (): Promise<unknown[]> => world.rows(`SELECT 1 FROM ${rollup}`);
    const before = await world.seen(tenant.id, ALWAYS);

    // The one of version 0.1.0.
    const columns = ROLLUP_COLUMNS.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ');
    await world.run(`DROP TABLE ${rollup} SYNC`);
    await world.run(
      `CREATE TABLE ${rollup} (${columns}, fill UInt64) ENGINE = MergeTree PARTITION BY toYYYYMM(started_at) ORDER BY (hostname, fill, url_path)`,
    );
    const again = world.rollup(tenant, clock);
    await again.look(tenant);
    expect(await world.seen(tenant.id, ALWAYS)).toEqual(before);
    expect((await world.source(tenant.id, ALWAYS)).rolledUpTo).toBeNull();

    await world.settle(again, tenant);
    expect(await rows()).toHaveLength(1);
    expect(await world.seen(tenant.id, ALWAYS)).toEqual(before);
    const [made] = await world.rows<{ sorting_key: string }>(
      `SELECT sorting_key FROM system.tables WHERE database = currentDatabase() AND name = '${rollup}'`,
    );
    expect(made?.sorting_key).toBe('is_bot, navigation, hostname, fill, url_path');

    const settled = world.rollup(tenant, clock);
    await settled.look(tenant);
    expect(await rows()).toHaveLength(1);
  });

  it('goes with the data of its tenant', async () => {
    const tenant = await newTenant();
    await world.insert(tenant.id, pageLife({ session: 's', page: 'p1', at: hourAt(0) }));
    await world.settle(world.rollup(tenant, clockAt(hourAt(5))), tenant);
    await dropTenantData(world.client, tenant.id);
    const left = await world.rows(`SELECT name FROM system.tables WHERE startsWith(name, '${tenant.id}_')`);
    expect(left).toEqual([]);
    expect(await world.seen(tenant.id, ALWAYS)).toEqual([]);
  });

  it('tells landing pages and bounces from sessions that go on', async () => {
    const tenant = await newTenant();
    await world.insert(tenant.id, [
      ...pageLife({ session: 'one', page: 'a', at: hourAt(0) }),
      ...pageLife({ session: 'two', page: 'b', at: hourAt(0) }),
      ...pageLife({ session: 'two', page: 'c', at: hourAt(1) }, [], { session_length: 2 }),
      beaconRow({ event_type: 'visit_page', is_page_view: true, received_at: hourAt(0), page_id: 'd' }),
    ]);
    await world.settle(world.rollup(tenant, clockAt(hourAt(9))), tenant);
    const seen = await world.seen(tenant.id, ALWAYS);
    const facts = seen.map((row) => `${row['url_path']} ${row['is_landing']} ${row['is_bounce']}`);
    expect(facts.toSorted()).toEqual([' 0 0', '/a 1 1', '/b 1 0', '/c 0 0']);
  });
});
