import type { ClickHouseClient } from '@clickhouse/client';
import type { Clock } from '#core';
import type { Tenant } from '#tenants';
import { quoteIdentifier, tableNames } from '../identifier.ts';
import { type Layout, onCluster, storedName } from '../layout.ts';
import { createHourRecords, liveFills, readRolledHours } from './hour-records.ts';
import { edgeAt, hourOf, type HourRecord, secondsOf } from './hours.ts';
import { type Look, lookAtHours } from './look.ts';
import { isMadeBefore, makeSpan } from './make-span.ts';
import { dropOtherDefinition } from './other-definition.ts';
import { planSpans, type Span } from './plan.ts';
import { createRollupTables } from './rollup-tables.ts';

/** The roll-up of one tenant, as the process that fills it knows it. */
export interface TenantRollup {
  /** Finds out what is to be made. Rejects as the client does. */
  look(tenant: Tenant): Promise<void>;
  /** Makes the next span, or what else is due; false: nothing is left. Rejects as the client does. */
  work(): Promise<boolean>;
  /** Hours that wait to be made. */
  pendingHours(): number;
  /** Could time alone, without new beacons, give it something to do? */
  isYoung(): boolean;
}

/** What it depends on. */
export interface TenantRollupOptions {
  readonly client: ClickHouseClient;
  readonly layout: Layout;
  readonly clock: Clock;
  /** A statement makes hours of at most so many beacons, unless it is one hour. */
  readonly maxBeacons: number;
  /** Called with the rows of each statement and its duration. */
  readonly onSpan?: (span: Span, rows: number, ms: number) => void;
  /** Failpoint of tests: between the rows and their record. */
  readonly onRows?: () => Promise<void>;
}

/** Hours whose beacons are counted at every look; what is older is known by its sum. */
const RECENT_HOURS = 76;
/** Rows that were replaced are removed when they are so many, and this share of all. */
const MANY_ROWS = 50_000;
const DEAD_SHARE = 0.1;
/** Rows without a record may be those of a statement that still runs, so long after it began. */
const UNRECORDED_MS = 600_000;

/** Creates the roll-up of a tenant that has an events table. */
export const createTenantRollup = (tenant: Tenant, options: TenantRollupOptions): TenantRollup => {
  const { client, layout, clock } = options;
  const tenantId = tenant.id;
  const records = createHourRecords(client);
  const stored = {
    rollup: quoteIdentifier(storedName(layout, tableNames(tenantId).rollup)),
    hours: quoteIdentifier(storedName(layout, tableNames(tenantId).rollupHours)),
  };
  let queue: Span[] = [];
  let hasTables = false;
  let isComplete = false;
  /** The number of beacons before an hour, all of whose hours are as recorded. */
  let verified: { readonly before: number; readonly beacons: number } | null = null;
  let newestAt = 0;
  let lastMadeAt = 0;
  let cutBefore = 0;
  let [deadRows, allRows] = [0, 0];

  const begin = async (): Promise<void> => {
    await dropOtherDefinition(client, layout, tenantId);
    for (const query of createRollupTables(layout, tenantId)) await client.command({ query });
    hasTables = true;
    const result = await client.query({
      query: `SELECT count(), countIf(fill NOT IN ${liveFills(tenantId, 0, hourOf(clock.now()))}) FROM ${quoteIdentifier(tableNames(tenantId).rollup)}`,
      format: 'JSONCompactEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    [allRows, deadRows] = (await result.json<[number, number]>())[0] ?? [0, 0];
  };

  /** The counts of recent hours; of all hours when the older ones are not what they were. */
  const count = async (): Promise<Look & { readonly from: number }> => {
    // What is still in the queue is found again among all hours only.
    if (verified !== null && queue.length === 0) {
      const { before, beacons } = verified;
      const look = await lookAtHours(client, tenantId, before);
      if (look.total - sumOf(look) === beacons) return { ...look, from: before };
    }
    return { ...(await lookAtHours(client, tenantId, 0)), from: 0 };
  };

  const verify = ({ counts, from }: Look & { readonly from: number }, edge: number): void => {
    const before = Math.max(from, edge - RECENT_HOURS);
    const older = counts.filter(({ hour }) => hour < before).reduce((sum, { beacons }) => sum + beacons, 0);
    verified = { before, beacons: older + (from === 0 ? 0 : (verified?.beacons ?? 0)) };
  };

  const look = async ({ retentionDays }: Tenant): Promise<void> => {
    if (!hasTables) await begin();
    const now = clock.now();
    const edge = edgeAt(now);
    const seen = await count();
    verify(seen, edge);
    newestAt = seen.newestAt;
    const keptFrom = retentionDays === null ? 0 : (Math.floor(hourOf(now) / 24) - retentionDays) * 24;
    await cut(keptFrom);
    const rolled = await readRolledHours(client, tenantId);
    const known = await records.read(tenantId, Math.max(0, seen.from - RECENT_HOURS));
    isComplete = rolled?.from === 0;
    lastMadeAt = known.reduce((latest, { madeAt }) => Math.max(latest, madeAt), lastMadeAt);
    queue = [
      ...planSpans({
        counts: [...known.filter(({ hour }) => hour < seen.from), ...seen.counts],
        records: known,
        rolled,
        edge,
        keptFrom,
        now,
        newestAt,
        maxBeacons: options.maxBeacons,
      }),
    ];
  };

  /** Hours that are no longer kept. */
  const cut = async (keptFrom: number): Promise<void> => {
    if (keptFrom <= cutBefore) return;
    const result = await client.query({
      query: `SELECT 1 FROM ${quoteIdentifier(tableNames(tenantId).rollupHours)} WHERE hour > 0 AND hour < toDateTime(${secondsOf(keptFrom)}) LIMIT 1`,
      format: 'JSONEachRow',
    });
    if ((await result.json()).length > 0) {
      const before = `toDateTime(${secondsOf(keptFrom)})`;
      await remove(stored.hours, `hour > 0 AND hour < ${before}`);
      await remove(stored.rollup, `started_at < ${before}`);
    }
    cutBefore = keptFrom;
  };

  const remove = async (table: string, condition: string): Promise<void> => {
    await client.command({ query: `DELETE FROM ${table}${onCluster(layout)} WHERE ${condition}` });
  };

  const make = async (span: Span): Promise<void> => {
    const begun = clock.monotonic();
    lastMadeAt = Math.max(clock.now(), lastMadeAt + 1);
    const rows = await makeSpan(
      { client, records, ...(options.onRows === undefined ? {} : { onRows: options.onRows }) },
      tenantId,
      span,
      lastMadeAt,
    );
    allRows += rows;
    if (isComplete) deadRows += rows;
    options.onSpan?.(span, rows, clock.monotonic() - begun);
  };

  const finish = async (): Promise<boolean> => {
    if (!isComplete && lastMadeAt > 0) {
      isComplete = true;
      await records.write(tenantId, [COMPLETE]);
      return true;
    }
    if (deadRows < MANY_ROWS || deadRows < allRows * DEAD_SHARE) return false;
    const live = liveFills(tenantId, 0, hourOf(clock.now()));
    await remove(stored.rollup, `${isMadeBefore(clock.now() - UNRECORDED_MS)} AND fill NOT IN ${live}`);
    [allRows, deadRows] = [allRows - deadRows, 0];
    return true;
  };

  return {
    look,
    work: async () => {
      const span = queue[0];
      if (span === undefined) return hasTables && finish();
      await make(span);
      queue = queue.slice(1);
      return true;
    },
    pendingHours: () => queue.reduce((sum, { hours }) => sum + hours.length, 0),
    isYoung: () => clock.now() - newestAt < RECENT_HOURS * 3_600_000,
  };
};

const sumOf = ({ counts }: Look): number => counts.reduce((sum, { beacons }) => sum + beacons, 0);

/** The record of the hour 0: nothing before the first hour is left to do. */
const COMPLETE: HourRecord = { hour: 0, fill: 0n, beacons: 0, madeAt: 0 };
