import type { ClickHouseClient } from '@clickhouse/client';
import { type Clock, errorText, type Log, type Metrics, type Running } from '#core';
import type { Tenant, TenantId, TenantRegistry } from '#tenants';
import { layoutOf } from '../layout.ts';
import { edgeAt } from './hours.ts';
import { rowsByTenant } from './look.ts';
import { createTenantRollup, type TenantRollup } from './tenant-rollup.ts';

/** Fills the roll-ups of all tenants, in the background. */
export interface Rollup extends Running {
  /** How it is going. */
  status(): RollupStatus;
}

/** What waits to be rolled up. */
export interface RollupStatus {
  readonly pendingHours: number;
  /** For how long the oldest of it has been waiting. */
  readonly lagSeconds: number;
  readonly waiting: readonly { readonly tenant: TenantId; readonly pendingHours: number }[];
  /** Tenants whose roll-up failed last, and why. */
  readonly failing: readonly { readonly tenant: TenantId; readonly reason: string }[];
}

/** What it depends on. */
export interface RollupOptions {
  readonly client: ClickHouseClient;
  /** Name of the ClickHouse cluster; '': one server. */
  readonly cluster: string;
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** One process fills: asked before each piece of work. Default: this one. */
  readonly isActive?: () => boolean;
  readonly maxBeacons?: number;
  /** Failpoint of tests: between the rows and their record. */
  readonly onRows?: () => Promise<void>;
}

const LOOK_EVERY_MS = 10_000;
/** A tenant whose beacons keep coming is looked at so often. */
const TENANT_EVERY_MS = 60_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
/** 100,000 beacons are put together with some 150 MB of the engine's memory. */
const MAX_BEACONS = 100_000;
const MIN_BEACONS = 5_000;

interface Entry {
  readonly rollup: TenantRollup;
  rows: number;
  edge: number;
  /** Monotonic; before it nobody looks. */
  nextLook: number;
  /** Monotonic, when work was found; null: none waits. */
  since: number | null;
}

/** Creates the filler; it begins at once. */
export const createRollup = (options: RollupOptions): Rollup => {
  const { client, registry, clock, metrics } = options;
  const log = options.log.child('rollup');
  const layout = layoutOf(options.cluster);
  const ended = new AbortController();
  const entries = new Map<TenantId, Entry>();
  const changed = new Map<TenantId, { readonly tenant: Tenant; readonly rows: number }>();
  const failures = new Map<TenantId, { count: number; reason: string; until: number }>();
  let nextLook = 0;
  const made = metrics.counter('rumbrella_rollup_hours_total', 'Hours of tenants that were rolled up');
  const rowsMade = metrics.counter('rumbrella_rollup_rows_total', 'Page views that were rolled up');
  const failed = metrics.counter(
    'rumbrella_rollup_failures_total',
    'Pieces of the roll-up that failed and are tried again',
  );
  const seconds = metrics.histogram(
    'rumbrella_rollup_seconds',
    'Time of one statement of the roll-up',
    [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  );
  const pendingGauge = metrics.gauge('rumbrella_rollup_pending_hours', 'Hours that wait to be rolled up');
  const lagGauge = metrics.gauge('rumbrella_rollup_lag_seconds', 'Age of the oldest work of the roll-up');

  const status = (): RollupStatus => {
    const waiting = [...entries]
      .map(([tenant, { rollup }]) => ({ tenant, pendingHours: rollup.pendingHours() }))
      .filter(({ pendingHours }) => pendingHours > 0);
    const since = Math.min(...[...entries.values()].map((entry) => entry.since ?? Number.POSITIVE_INFINITY));
    return {
      pendingHours: waiting.reduce((sum, { pendingHours }) => sum + pendingHours, 0),
      lagSeconds: Number.isFinite(since) ? Math.round((clock.monotonic() - since) / 1_000) : 0,
      waiting,
      failing: [...failures].map(([tenant, { reason }]) => ({ tenant, reason })),
    };
  };
  metrics.beforeValues(() => {
    const { pendingHours, lagSeconds } = status();
    pendingGauge.set(pendingHours);
    lagGauge.set(lagSeconds);
  });

  const open = (tenant: Tenant): Entry => {
    const halvings = Math.min(failures.get(tenant.id)?.count ?? 0, 10);
    const rollup = createTenantRollup(tenant, {
      client,
      layout,
      clock,
      // What failed may have been too much at once.
      maxBeacons: Math.max(MIN_BEACONS, (options.maxBeacons ?? MAX_BEACONS) / 2 ** halvings),
      onSpan: (span, rows, ms) => {
        made.inc(span.hours.length);
        rowsMade.inc(rows);
        seconds.observe(ms / 1_000);
      },
      ...(options.onRows === undefined ? {} : { onRows: options.onRows }),
    });
    const entry: Entry = { rollup, rows: -1, edge: -1, nextLook: 0, since: null };
    entries.set(tenant.id, entry);
    return entry;
  };

  /** Finds the tenants whose beacons have changed: one query, however many tenants there are. */
  const lookAround = async (): Promise<void> => {
    const { tenants } = registry.current();
    const rows = await rowsByTenant(
      client,
      layout,
      tenants.map(({ id }) => id),
    );
    for (const id of entries.keys()) if (!rows.has(id)) entries.delete(id);
    changed.clear();
    for (const tenant of tenants) {
      const found = rows.get(tenant.id);
      if (found !== undefined && isNews(tenant.id, found)) changed.set(tenant.id, { tenant, rows: found });
    }
  };

  const isNews = (tenantId: TenantId, rows: number): boolean => {
    const now = clock.monotonic();
    if (now < (failures.get(tenantId)?.until ?? Number.NEGATIVE_INFINITY)) return false;
    const entry = entries.get(tenantId);
    if (entry === undefined) return true;
    if (now < entry.nextLook) return false;
    return entry.rows !== rows || (entry.edge !== edgeAt(clock.now()) && entry.rollup.isYoung());
  };

  const lookAt = async (tenant: Tenant, rows: number): Promise<void> => {
    const entry = entries.get(tenant.id) ?? open(tenant);
    const edge = edgeAt(clock.now());
    await entry.rollup.look(tenant);
    [entry.rows, entry.edge] = [rows, edge];
    entry.nextLook = clock.monotonic() + TENANT_EVERY_MS;
    entry.since ??= clock.monotonic();
  };

  /** One tenant's trouble is no other's: it is looked at anew after a pause. */
  const attempt = async (tenantId: TenantId, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const count = (failures.get(tenantId)?.count ?? 0) + 1;
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS);
      failures.set(tenantId, { count, reason: errorText(error), until: clock.monotonic() + pauseMs });
      entries.delete(tenantId);
      failed.inc();
      log.warn('rollup_failed', {
        tenant: tenantId,
        attempts: count,
        again_in_ms: pauseMs,
        err: errorText(error),
      });
    }
  };

  /** One piece for every tenant that has work; false: nobody had any. */
  const turn = async (): Promise<boolean> => {
    let worked = false;
    for (const [tenantId, entry] of entries) {
      if (ended.signal.aborted || options.isActive?.() === false) return false;
      if (entry.since === null) continue;
      await attempt(tenantId, async () => {
        const begun = clock.monotonic();
        if (await entry.rollup.work()) worked = true;
        else {
          entry.since = null;
          failures.delete(tenantId);
        }
        // Reports go on while much is made.
        await clock.sleep(Math.min(MAX_BREATH_MS, (clock.monotonic() - begun) / 4), ended.signal);
      });
    }
    return worked;
  };

  const round = async (): Promise<boolean> => {
    if (options.isActive?.() === false) return false;
    try {
      if (clock.monotonic() >= nextLook) {
        nextLook = clock.monotonic() + LOOK_EVERY_MS;
        await lookAround();
      }
      for (const [tenantId, { tenant, rows }] of [...changed].slice(0, LOOKS)) {
        changed.delete(tenantId);
        await attempt(tenantId, () => lookAt(tenant, rows));
      }
    } catch (error) {
      // The warehouse is away; everybody else says so, too.
      log.debug('rollup_waits', { err: errorText(error) });
    }
    return (await turn()) || changed.size > 0;
  };

  const run = async (): Promise<void> => {
    while (!ended.signal.aborted) if (!(await round())) await clock.sleep(IDLE_MS, ended.signal);
  };
  const running = run();

  return {
    status,
    stop: async () => {
      ended.abort();
      await running;
    },
  };
};

/** Looks between two turns of work. */
const LOOKS = 8;
const IDLE_MS = 1_000;
const MAX_BREATH_MS = 100;
