import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { createManualClock, type Log, type LogFields, type ManualClock, silentLog } from '#core';
import { openTenantRegistry, problemText, type TenantRegistry, type TenantRegistryOptions } from '#tenants';

export const MINUTE = 60_000;
const START = Date.parse('2027-06-01T00:00:00Z');

/** The folder of the running test. */
export let folder: string;
/** The users map in it. */
export let path: string;
export let clock: ManualClock;
/** What was logged as a warning or an error. */
export let events: { readonly event: string; readonly fields: LogFields }[];
let open: TenantRegistry[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-tenants-'));
  path = join(folder, 'users-map.yaml');
  clock = createManualClock(START);
  open = [];
  events = [];
});

afterEach(async () => {
  for (const registry of open) await registry.stop();
  await rm(folder, { recursive: true, force: true });
});

const log: Log = {
  ...silentLog,
  error: (event, fields = {}) => events.push({ event, fields }),
  warn: (event, fields = {}) => events.push({ event, fields }),
};

/** Opens a registry over the map until the end of the test. */
export const openRegistry = async (more: Partial<TenantRegistryOptions> = {}): Promise<TenantRegistry> => {
  const options = { path, lastGoodPath: join(folder, 'kept', 'last-good.yaml'), clock, log, ...more };
  await mkdir(join(folder, 'kept'), { recursive: true });
  const registry = await openTenantRegistry(options);
  open.push(registry);
  return registry;
};

/** A map of tenants with a trace each. */
export const mapOf = (...ids: readonly string[]): string =>
  ids.map((id) => `- user: { prefix: ${id}, brum_trace: trace-${id} }\n`).join('');

/** Ids of so many tenants. */
export const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

/** Who is served. */
export const idsOf = (registry: TenantRegistry): string[] =>
  registry.current().tenants.map((tenant) => tenant.id);

/** What is wrong with the map, one problem a line. */
export const problemsOf = (registry: TenantRegistry): string =>
  registry.problems().map(problemText).join('\n');

/** Moves the clock in small steps until the registry has these tenants; files are read in real time between the steps. */
export const advanceUntil = (registry: TenantRegistry, ids: readonly string[]): Promise<void> =>
  vi.waitFor(
    () => {
      clock.advance(50);
      expect(idsOf(registry)).toEqual(ids);
    },
    { timeout: 20_000, interval: 2 },
  );
