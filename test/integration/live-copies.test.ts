import type { ClickHouseClient } from '@clickhouse/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, createMetrics, type ManualClock, metricsText, silentLog } from '#core';
import type { Tenant } from '#tenants';
import {
  createLiveCopies,
  dropTenantData,
  openViews,
  ROLLUP_COLUMNS,
  tableNames,
  type Views,
} from '#warehouse';
import { ROLLUP_DEFINITION } from '../../src/warehouse/rollup/rollup-tables.ts';
import { beaconsOf, pageLives } from '../support/page-lives.ts';
import { poll } from '../support/poll.ts';
import { clockAt, hourAt, pageLife, type RollupWorld, startRollupWorld } from '../support/rollup-world.ts';
import { testTenant } from '../support/warehouse.ts';

const ALWAYS = { from: hourAt(-1_000), to: hourAt(1_000) };
const SECOND = 1_000;
let world: RollupWorld;
let tenants = 0;

beforeAll(async () => {
  world = await startRollupWorld();
});
afterAll(() => world.stop());

/** A tenant of whom one page view is rolled up, and everything after `hourAt(0)` is live. */
const newTenant = async (): Promise<Tenant> => {
  tenants += 1;
  const tenant = testTenant(`copied${tenants}`);
  await world.makeTables(tenant);
  await world.insert(tenant.id, pageLife({ session: 'old', page: 'old', at: hourAt(-90) }));
  await world.settle(world.rollup(tenant, clockAt(hourAt(-40))), tenant);
  return tenant;
};

/** So many page views of a live hour. */
const lifeOf = (tenant: Tenant, first: number, count: number): Promise<void> =>
  world.insert(
    tenant.id,
    Array.from({ length: count }, (_, index) =>
      pageLife({ session: 's', page: `p${first + index}`, at: hourAt(-39) + (first + index) * SECOND }),
    ).flat(),
  );

interface Copying {
  readonly views: Views;
  readonly clock: ManualClock;
  readonly metrics: ReturnType<typeof createMetrics>;
  /** How reports find the tenant's page views now: from a copy, or from beacons. */
  readonly isCopied: (tenant: Tenant, period?: typeof ALWAYS) => Promise<boolean>;
  /** How often the making of a copy has begun. */
  readonly begun: () => number;
  /** Asks until there is a copy, and says when it is there. */
  readonly copy: (tenant: Tenant) => Promise<void>;
}

/** Copies on a clock that a test moves; they are stopped at the end of the test. */
const withCopies = async (test: (copying: Copying) => Promise<void>, log = silentLog): Promise<void> => {
  const clock = createManualClock(hourAt(0));
  const metrics = createMetrics();
  let begun = 0;
  const client = new Proxy<ClickHouseClient>(world.client, {
    get: (target, name: keyof ClickHouseClient) => {
      if (name !== 'query') return target[name];
      return (asked: Parameters<ClickHouseClient['query']>[0]) => {
        if (asked.query.includes('AS id, count()')) begun += 1;
        return target.query(asked);
      };
    },
  });
  const copies = createLiveCopies({ client, clock, log, metrics });
  const views = openViews({ client: world.client, copies });
  const isCopied: Copying['isCopied'] = async (tenant, period = ALWAYS) =>
    (await views.source(tenant.id, period)).sql.includes(tableNames(tenant.id).live);
  try {
    await test({
      views,
      clock,
      metrics,
      isCopied,
      begun: () => begun,
      copy: async (tenant) => {
        await poll('a copy', async () => {
          if (await isCopied(tenant)) return true;
          clock.advance(SECOND);
          return false;
        });
      },
    });
  } finally {
    await copies.stop();
  }
};

const SHOWN = ROLLUP_COLUMNS.map(({ name, type }) =>
  type === 'UInt64' ? `toString(${name}) AS ${name}` : name,
).join(', ');

describe('a copy of live page views', () => {
  it('has what the beacons say', async () => {
    await withCopies(async ({ views, copy, isCopied }) => {
      await fc.assert(
        fc.asyncProperty(pageLives, fc.nat(90 * 60 * 60), async (all, seconds) => {
          const tenant = await newTenant();
          const { inTime, replayed } = beaconsOf(all);
          await world.insert(tenant.id, [...inTime, ...replayed]);
          await copy(tenant);
          for (const to of [ALWAYS.to, hourAt(-73) + seconds * SECOND]) {
            const period = { from: ALWAYS.from, to };
            const { sql } = await views.source(tenant.id, period);
            const seen = await world.rows(`SELECT ${SHOWN} FROM ${sql} ORDER BY ALL`);
            expect(seen).toEqual(await world.live(tenant.id, period));
          }
          expect(await isCopied(tenant)).toBe(true);
          await dropTenantData(world.client, tenant.id);
        }),
        { numRuns: 5, endOnFailure: true, interruptAfterTimeLimit: 60_000 },
      );
    });
  }, 240_000);

  it('is not read when it lacks more than one beacon in a hundred', async () => {
    const tenant = await newTenant();
    await lifeOf(tenant, 0, 200);
    await withCopies(async ({ copy, isCopied }) => {
      await copy(tenant);
      await lifeOf(tenant, 200, 2);
      expect(await isCopied(tenant)).toBe(true);
      await lifeOf(tenant, 202, 1);
      expect(await isCopied(tenant)).toBe(false);
    });
  });

  it('is not read for longer than 20 seconds while beacons come', async () => {
    const tenant = await newTenant();
    await lifeOf(tenant, 0, 200);
    await withCopies(async ({ clock, copy, isCopied }) => {
      await copy(tenant);
      clock.advance(20 * SECOND);
      expect(await isCopied(tenant)).toBe(true);
      await lifeOf(tenant, 200, 1);
      clock.advance(1);
      expect(await isCopied(tenant)).toBe(false);
    });
  });

  it('is not read any longer once beacons were removed, or another hour was rolled up', async () => {
    const tenant = await newTenant();
    await lifeOf(tenant, 0, 200);
    await withCopies(async ({ copy, isCopied }) => {
      await copy(tenant);
      await world.run(
        `ALTER TABLE ${tableNames(tenant.id).events} DELETE WHERE page_id = 'p7' SETTINGS mutations_sync = 2`,
      );
      expect(await isCopied(tenant)).toBe(false);
      await copy(tenant);
      await world.settle(world.rollup(tenant, clockAt(hourAt(-37))), tenant);
      expect(await isCopied(tenant)).toBe(false);
    });
  });

  it('is not what somebody gets who asks for live hours alone: the last second counts there', async () => {
    const tenant = await newTenant();
    await lifeOf(tenant, 0, 200);
    await withCopies(async ({ copy, isCopied }) => {
      await copy(tenant);
      expect(await isCopied(tenant, { from: hourAt(-39), to: hourAt(-38) })).toBe(false);
    });
  });

  it('is renewed while it is read, and its rows are dropped when nobody can be reading them', async () => {
    const tenant = await newTenant();
    await lifeOf(tenant, 0, 200);
    const { live } = tableNames(tenant.id);
    const copiesOf = () => world.rows(`SELECT DISTINCT toString(copy) AS copy FROM ${live}`);
    await withCopies(async ({ clock, metrics, copy, isCopied }) => {
      await copy(tenant);
      await lifeOf(tenant, 200, 1);
      clock.advance(11 * SECOND);
      expect(await isCopied(tenant)).toBe(true);
      await poll('another copy', async () => {
        clock.advance(SECOND);
        return (await copiesOf()).length === 2;
      });
      expect(await metricsText([await metrics.values()])).toContain('rumbrella_live_copies_total 2');

      const { id } = (
        await world.rows<{ id: string }>(`SELECT toString(toUnixTimestamp(now()) - 3600) AS id`)
      )[0] ?? { id: '' };
      await world.run(`INSERT INTO ${live} (copy) VALUES (${id} * 1048576)`);
      await poll('the sweep', async () => {
        clock.advance(300 * SECOND);
        return (await copiesOf()).length === 2;
      });
    });
  });

  it('is not renewed while people ask, for six seconds', async () => {
    const tenant = await newTenant();
    await lifeOf(tenant, 0, 200);
    await withCopies(async ({ clock, begun, copy, isCopied }) => {
      await copy(tenant);
      await lifeOf(tenant, 200, 1);
      clock.advance(11 * SECOND);
      const begunAfter: number[] = [];
      for (let asked = 0; asked < 10; asked++) {
        await isCopied(tenant);
        begunAfter.push(begun());
        clock.advance(0.9 * SECOND);
      }
      expect(begunAfter.slice(0, 7)).toEqual(Array(7).fill(1));
      expect(begunAfter.at(-1)).toBe(2);
    });
  });

  it('goes with its tenant', async () => {
    const tenant = await newTenant();
    await lifeOf(tenant, 0, 10);
    await withCopies(async ({ copy }) => {
      await copy(tenant);
      await dropTenantData(world.client, tenant.id);
      expect(
        await world.rows(`SELECT name FROM system.tables WHERE startsWith(name, '${tenant.id}_')`),
      ).toEqual([]);
    });
  });

  it('cannot be made of everything: then reports read beacons, and the log says why', async () => {
    const tenant = await newTenant();
    await lifeOf(tenant, 0, 10);
    await world.run(
      `CREATE TABLE ${tableNames(tenant.id).live} (x UInt8) ENGINE = MergeTree ORDER BY x COMMENT '${ROLLUP_DEFINITION}'`,
    );
    const warned: string[] = [];
    await withCopies(
      async ({ views, clock, isCopied }) => {
        await poll('the failure', async () => {
          expect(await isCopied(tenant)).toBe(false);
          clock.advance(SECOND);
          return warned.length > 0;
        });
        const { sql } = await views.source(tenant.id, ALWAYS);
        expect(await world.rows(`SELECT 1 FROM ${sql}`)).toHaveLength(11);
      },
      { ...silentLog, warn: (event) => warned.push(event) },
    );
    expect(warned).toContain('live_copy_failed');
  });
});
