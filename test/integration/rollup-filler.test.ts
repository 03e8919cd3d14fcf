import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, createMetrics, type ManualClock, silentLog } from '#core';
import { createSnapshot, type Tenant } from '#tenants';
import { createRollup, type Rollup, tableNames } from '#warehouse';
import { ROLLUP_DEFINITION } from '../../src/warehouse/rollup/rollup-tables.ts';
import { poll } from '../support/poll.ts';
import { hourAt, pageLife, type RollupWorld, startRollupWorld } from '../support/rollup-world.ts';
import { testTenant } from '../support/warehouse.ts';

const ALWAYS = { from: hourAt(-1_000), to: hourAt(1_000) };
let world: RollupWorld;

beforeAll(async () => {
  world = await startRollupWorld();
});
afterAll(() => world.stop());

/** A filler on a clock that a test moves; it is stopped at the end of the test. */
const withRollup = async (
  tenants: readonly Tenant[],
  test: (rollup: Rollup, clock: ManualClock, metrics: ReturnType<typeof createMetrics>) => Promise<void>,
): Promise<void> => {
  const clock = createManualClock(hourAt(5));
  const metrics = createMetrics();
  const snapshot = createSnapshot('1', 0, tenants, []);
  const rollup = createRollup({
    client: world.client,
    cluster: '',
    registry: { current: () => snapshot },
    clock,
    log: silentLog,
    metrics,
  });
  try {
    await test(rollup, clock, metrics);
  } finally {
    await rollup.stop();
  }
};

/** Lets the filler's pauses pass until something holds. */
const passUntil = (clock: ManualClock, holds: () => Promise<boolean>): Promise<unknown> =>
  poll('the roll-up', async () => {
    clock.advance(1_000);
    return await holds();
  });

const isRolled = async (tenant: Tenant): Promise<boolean> =>
  (await world.source(tenant.id, ALWAYS)).rolledUpTo !== null;

describe('the filler', () => {
  it('rolls up what tenants have, and makes no tables for those that have nothing', async () => {
    const [busy, idle] = [testTenant('busy'), testTenant('idle')];
    for (const tenant of [busy, idle]) await world.makeTables(tenant);
    await world.insert(busy.id, pageLife({ session: 's', page: 'p', at: hourAt(0) }));
    await withRollup([busy, idle], async (rollup, clock) => {
      await passUntil(clock, () => isRolled(busy));
      await passUntil(clock, async () => rollup.status().pendingHours === 0);
      expect(
        await world.rows(`SELECT 1 FROM system.tables WHERE name = '${tableNames(idle.id).rollup}'`),
      ).toEqual([]);
    });
    expect(await world.seen(busy.id, ALWAYS)).toHaveLength(1);
  });

  it('goes on with the others when the roll-up of one tenant cannot be made, and says so', async () => {
    const [broken, sound] = [testTenant('broken'), testTenant('sound')];
    for (const tenant of [broken, sound]) {
      await world.makeTables(tenant);
      await world.insert(tenant.id, pageLife({ session: 's', page: 'p', at: hourAt(0) }));
    }
    // With another comment it would be made again.
    await world.run(
      `CREATE TABLE ${tableNames(broken.id).rollup} (x UInt8) ENGINE = MergeTree ORDER BY x COMMENT '${ROLLUP_DEFINITION}'`,
    );
    await withRollup([broken, sound], async (rollup, clock) => {
      await passUntil(clock, () => isRolled(sound));
      expect(rollup.status().failing).toMatchObject([{ tenant: 'broken' }]);
      await world.run(`DROP TABLE ${tableNames(broken.id).rollup} SYNC`);
      await passUntil(clock, () => isRolled(broken));
      await passUntil(clock, async () => rollup.status().failing.length === 0);
    });
  });
});
