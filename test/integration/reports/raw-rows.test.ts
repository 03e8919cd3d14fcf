import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import { type RollupWorld, startRollupWorld } from '../../support/rollup-world.ts';
import { testTenant } from '../../support/warehouse.ts';
import { storeBeacons } from './asking.ts';
import { storeChecked } from './checked-world.ts';
import type { Checked } from './checks/check.ts';
import { checkOf } from './checks/index.ts';
import { makeBeacons } from './raw-beacons.ts';

const HOUR = 3_600_000;
const END = Date.UTC(2026, 9, 22, 12);
const BEGIN = END - 9 * 24 * HOUR;
const SITES = ['a.example', 'b.example', 'c.example'];
/** Every run has other beacons; the seed is in the names of the tests. */
const SEED = Number(process.env['RUMBRELLA_REPORT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const beacons = (seed: number) =>
  makeBeacons(seed, { from: BEGIN, to: END, sessions: 700, hostnames: SITES });

let world: RollupWorld;

beforeAll(async () => {
  world = await startRollupWorld();
  // The same sessions, pages and sites, of an organization that nobody asks for.
  await storeBeacons(world, testTenant('neighbour').id, beacons(SEED + 1));
}, 120_000);
afterAll(() => world.stop());

describe.each([
  ['from beacons', 'measured', undefined, false],
  // Most periods end in an hour that is rolled up, some in one that is not.
  ['from the roll-up and beacons', 'rolled', END - 8 * HOUR, false],
  ['from the roll-up and a copy', 'copied', END - 8 * HOUR, true],
] as const)(`reports of any beacons (seed ${SEED}) read %s`, (_, id, rolledUpAt, isCopied) => {
  let checked: Checked;

  beforeAll(async () => {
    checked = await storeChecked(world, {
      tenant: testTenant(id),
      rows: beacons(SEED),
      sites: SITES,
      begin: BEGIN,
      end: END,
      ...(rolledUpAt !== undefined && { rolledUpAt }),
      isCopied,
    });
    const { source } = await checked.ask<{ source: { rolledUpTo: string | null } }>('summary', '');
    expect(source.rolledUpTo === null).toBe(rolledUpAt === undefined);
    expect(checked.views.length).toBeGreaterThan(800);
    expect(checked.noViews.length).toBeGreaterThan(0);
  }, 120_000);

  it.each(REPORTS.map(({ path }) => path))(
    '%s is what a slow calculation finds in the rows',
    async (path) => {
      await checkOf(path)(checked);
    },
  );
});
