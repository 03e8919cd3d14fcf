import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { type Clock, errorText, type MetricValues } from '#core';
import type { LoaderStatus } from '#loader';
import type { HealthAnswer, LoaderHealth, MapProblemLine } from '#modules';
import type { TenantRegistry } from '#tenants';
import { expiredLines } from './expired-lines.ts';
import { type FolderSizes, sizeOf } from './folder-sizes.ts';
import { funnelOf } from './funnel.ts';
import { createFigures, type Figures } from './metric-figures.ts';
import { readMigrations } from './table-figures.ts';

/** What the data's health is read from. */
export interface HealthDeps {
  readonly dataDir: string;
  readonly registry: Pick<TenantRegistry, 'current' | 'problems'>;
  readonly loader: { status(): LoaderStatus };
  readonly warehouse: {
    readonly kind: 'embedded' | 'server';
    readonly client: ClickHouseClient;
    version(): Promise<string>;
  };
  /** Number of the last migration. */
  readonly newestMigration: number;
  /** Of all threads. */
  readonly metricValues: () => Promise<readonly MetricValues[]>;
  readonly archiveSizes: FolderSizes;
  readonly clock: Clock;
  /** Start of the process, epoch ms. */
  readonly startedAt: number;
}

const PATIENCE_MS = 3_000;
const ROLLUP = 'rumbrella_rollup_';

/** Looks at everything between a beacon's arrival and its row. Never rejects for a warehouse that does not answer. */
export const readHealth = async (deps: HealthDeps): Promise<HealthAnswer> => {
  const { registry, clock, loader } = deps;
  const snapshot = registry.current();
  const senders = snapshot.tenants.filter(({ traces }) => traces.length > 0).map(({ id }) => id);
  const [values, warehouse, journal, archive] = await Promise.all([
    deps.metricValues(),
    readWarehouse(deps),
    sizeOf(join(deps.dataDir, 'journal'), new AbortController().signal),
    deps.archiveSizes.look(),
  ]);
  const migrations = warehouse.up
    ? await readMigrations(deps.warehouse.client, senders, deps.newestMigration).catch(() => [])
    : [];
  const figures = createFigures(values);
  const problems = registry.problems();
  const available = figures.sum('rumbrella_journal_available');
  return {
    at: new Date(clock.now()).toISOString(),
    countingSince: new Date(loader.status().countingSince || deps.startedAt).toISOString(),
    funnel: funnelOf(figures, [...senders, 'unknown', 'expired']),
    expired: expiredLines(figures, snapshot, clock.now()),
    loader: loaderHealth(loader.status()),
    journal: {
      bytes: journal.bytes,
      segments: journal.files,
      available: available === null ? null : available > 0,
    },
    archive,
    migrations,
    usersMap: {
      version: snapshot.version,
      loadedAt: new Date(snapshot.loadedAt).toISOString(),
      valid: problems.length === 0,
      problems: problems.map(
        ({ line, path, found, expected }): MapProblemLine => ({ line, path, found, expected }),
      ),
    },
    warehouse: {
      ...warehouse,
      restarts:
        deps.warehouse.kind === 'server' ? null : (figures.sum('rumbrella_engine_restarts_total') ?? 0),
    },
    rollup: rollupFigures(figures),
  };
};

const readWarehouse = async ({
  warehouse,
  clock,
}: HealthDeps): Promise<Pick<HealthAnswer['warehouse'], 'kind' | 'up' | 'version' | 'reason'>> => {
  const patience = new AbortController();
  const late = clock.sleep(PATIENCE_MS, patience.signal).then(() => null);
  try {
    const version = await Promise.race([warehouse.version(), late]);
    return version === null
      ? { kind: warehouse.kind, up: false, version: '', reason: `no answer within ${PATIENCE_MS / 1_000} s` }
      : { kind: warehouse.kind, up: true, version, reason: '' };
  } catch (error) {
    return { kind: warehouse.kind, up: false, version: '', reason: errorText(error) };
  } finally {
    patience.abort();
  }
};

const loaderHealth = (status: LoaderStatus): LoaderHealth => ({
  state: status.state,
  reason: status.reason,
  lagSeconds: status.lagSeconds,
  pendingBytes: status.pendingBytes,
  savedAt: status.savedAt === 0 ? null : new Date(status.savedAt).toISOString(),
  lookingAgain: status.lookingAgain,
  migrating: status.migrating,
  lagging: status.lagging.map(({ since, ...lagging }) => ({
    ...lagging,
    since: new Date(since).toISOString(),
  })),
});

const rollupFigures = (figures: Figures): HealthAnswer['rollup'] =>
  figures.names(ROLLUP).flatMap((name) =>
    figures.of(name).map(({ labels, value }) => ({
      name: name.slice(ROLLUP.length),
      tenant: labels['tenant'] ?? '',
      value,
    })),
  );
