import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import { type RollupWorld, startRollupWorld } from '../../support/rollup-world.ts';
import { testTenant } from '../../support/warehouse.ts';
import { storeChecked } from './checked-world.ts';
import type { Checked } from './checks/check.ts';
import { checkOf } from './checks/index.ts';
import { stitch } from './slow-views.ts';
import { beaconsOf, makeVisits } from './visits.ts';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 9, 1);
const END = Date.UTC(2026, 9, 22);
const SITES = ['a.example', 'b.example', 'c.example'];
const visits = makeVisits(1, 2_000, BEGIN, END);
const beacons = beaconsOf(visits);

describe('the obvious calculation', () => {
  it('finds the visits in their beacons', () => {
    const found = new Map(stitch(beacons).map((view) => [view.pageId, view]));
    expect(found.size).toBe(visits.length);
    for (const [index, visit] of visits.entries()) expect(found.get(`p${index}`)).toMatchObject(visit);
  });
});

let world: RollupWorld;

beforeAll(async () => {
  world = await startRollupWorld();
});
afterAll(() => world.stop());

// Visits as they are: many of them, slower with some devices and releases, so that figures are rated and changes split.
describe.each([
  ['from beacons', 'measured', undefined],
  // The last days are still made from beacons, so reports read both.
  ['from the roll-up and beacons', 'rolled', END - 4 * DAY],
] as const)('reports of made-up visits read %s', (_, id, rolledUpAt) => {
  let checked: Checked;

  beforeAll(async () => {
    checked = await storeChecked(world, {
      tenant: testTenant(id),
      rows: beacons,
      sites: SITES,
      begin: BEGIN,
      end: END,
      ...(rolledUpAt !== undefined && { rolledUpAt }),
    });
    const { source } = await checked.ask<{ source: { rolledUpTo: string | null } }>(
      'summary',
      'from=2026-10-01',
    );
    expect(source.rolledUpTo === null).toBe(rolledUpAt === undefined);
  }, 120_000);

  it.each(REPORTS.map(({ path }) => path))('%s is what a slow calculation finds', async (path) => {
    await checkOf(path)(checked);
  });
});
