import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Position } from '#journal';
import {
  append,
  beaconOf,
  createMemoryArchive,
  createMemoryWarehouse,
  openWriter,
  startWorld,
  tenantOf,
} from '../support/loader-world.ts';
import { poll } from '../support/poll.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rumbrella-damage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tornFiles = (): string[] =>
  readdirSync(join(folder, 'journal'))
    .filter((name) => name.endsWith('.torn'))
    .toSorted();

/** Ten beacons in one segment; the fourth is damaged, and behind the last one is half a frame. */
const damagedJournal = async (): Promise<{
  readonly bad: Position;
  readonly end: number;
  readonly bytes: Buffer;
}> => {
  const writer = openWriter(join(folder, 'journal'));
  const positions: Position[] = [];
  for (let n = 0; n < 10; n++) positions.push(await append(writer, beaconOf('shop', `b${n}`)));
  await writer.stop();
  const bad = positions[3] ?? expect.fail('no fourth');
  const path = join(folder, 'journal', `${bad.segment}.journal`);
  const bytes = readFileSync(path);
  const end = bytes.length;
  bytes[bad.offset + 30] = (bytes[bad.offset + 30] ?? 0) ^ 1;
  const torn = Buffer.concat([bytes, bytes.subarray(bad.offset, bad.offset + 40)]);
  writeFileSync(path, torn);
  return { bad, end, bytes: torn };
};

test('damaged bytes are kept for people and counted before the checkpoint passes them, and the rest is loaded', async () => {
  const { bad, end, bytes } = await damagedJournal();
  const world = { warehouse: createMemoryWarehouse(['shop']), archive: createMemoryArchive() };
  const keptAtCheckpoint: string[][] = [];
  const { rounds, sum } = await startWorld({
    ...world,
    folder,
    tenants: new Map([['shop', tenantOf('shop')]]),
    onStep: (step) => {
      if (step === 'before_checkpoint') keptAtCheckpoint.push(tornFiles());
    },
  });
  await poll('the rest is loaded', () => world.warehouse.rowsOf('shop').length >= 9);
  await poll('it is counted', async () => (await sum('rumbrella_beacons_stored_total')) === 9);
  await rounds.stop();
  expect(
    world.warehouse
      .rowsOf('shop')
      .map(({ marker }) => marker)
      .toSorted(),
  ).toEqual(['b0', 'b1', 'b2', 'b4', 'b5', 'b6', 'b7', 'b8', 'b9']);
  const names = [`${bad.segment}-${bad.offset}.torn`, `${bad.segment}-${end}.torn`].toSorted();
  expect(keptAtCheckpoint[0]).toEqual(names);
  expect(await sum('rumbrella_journal_damage_total')).toBe(2);
  const kept = (at: number): Buffer => readFileSync(join(folder, 'journal', `${bad.segment}-${at}.torn`));
  expect(kept(end)).toEqual(bytes.subarray(end));
  expect(bytes.indexOf(kept(bad.offset))).toBe(bad.offset);
});

test('a beacon that the warehouse refuses and whose segment cannot be read any more is counted and in the log', async () => {
  const writer = openWriter(join(folder, 'journal'));
  const position = await append(writer, beaconOf('shop', 'poison'));
  await append(writer, beaconOf('shop', 'good'));
  await writer.stop();
  const warehouse = createMemoryWarehouse(['shop']);
  warehouse.poison = (marker) => marker === 'poison';
  const { rounds, sum } = await startWorld({
    warehouse,
    archive: createMemoryArchive(),
    folder,
    tenants: new Map([['shop', tenantOf('shop')]]),
    onStep: (step) => {
      if (step !== 'before_insert') return;
      const path = join(folder, 'journal', `${position.segment}.journal`);
      const bytes = readFileSync(path);
      bytes[position.offset + 30] = 0;
      writeFileSync(path, bytes);
    },
  });
  await poll('both are accounted for', async () => (await sum('rumbrella_beacons_stored_total')) === 1);
  await rounds.stop();
  expect(await sum('rumbrella_beacons_quarantined_total')).toBe(1);
  expect(await sum('rumbrella_loader_beacons_read_total')).toBe(2);
});
