import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Tenant } from '#tenants';
import {
  append,
  beaconOf,
  createMemoryArchive,
  createMemoryWarehouse,
  openWriter,
  tenantOf,
} from './loader-world.ts';
import { poll } from './poll.ts';

/** Where the loader of the running test keeps everything; another one for each test. */
export let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rumbrella-loader-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A journal in the folder, and a warehouse, an archive and tenants in memory that outlive a loader. */
export const createWorld = (tenantIds: readonly string[]) => {
  const tenants = new Map<string, Tenant>(tenantIds.map((id) => [id, tenantOf(id)]));
  const warehouse = createMemoryWarehouse(tenantIds);
  const archive = createMemoryArchive();
  const writer = openWriter(join(folder, 'journal'), 20_000);
  const sent = new Map<string, string[]>();
  let number = 0;
  const send = async (destination: string, count: number, tag = 'b'): Promise<void> => {
    const markers = Array.from({ length: count }, () => `${destination}-${tag}-${number++}`);
    await Promise.all(markers.map((marker) => append(writer, beaconOf(destination, marker))));
    sent.set(destination, [...(sent.get(destination) ?? []), ...markers]);
  };
  const parts = { folder, warehouse, archive, tenants };
  const markersOf = (tenant: string): string[] => warehouse.rowsOf(tenant).map((row) => row.marker);
  return { tenants, warehouse, archive, writer, send, sent, parts, markersOf };
};

/** The values in the order of their text. */
export const sorted = (values: Iterable<string>): string[] => [...values].toSorted();

/** What is in quarantine. Lines that are complete: the last one may be under way. */
export const quarantined = (): { marker: string; code: string }[] =>
  readdirSync(join(folder, 'quarantine'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n').slice(0, -1))
    .map((line) => {
      const { code, body_base64 } = JSON.parse(line) as { code: string; body_base64: string };
      return {
        code,
        marker: new URLSearchParams(Buffer.from(body_base64, 'base64').toString()).get('id') ?? '',
      };
    });

/** Waits until as many rows are stored as beacons were sent. */
export const untilStored = (
  world: ReturnType<typeof createWorld>,
  tenants: readonly string[],
): Promise<true> =>
  poll('all rows are stored', () =>
    tenants.every((tenant) => world.warehouse.rowsOf(tenant).length >= (world.sent.get(tenant)?.length ?? 0)),
  );
