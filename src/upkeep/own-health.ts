import type { MetricValues } from '#core';
import type { LoaderStatus } from '#loader';
import type { OwnHealthAnswer, TableFigures } from '#modules';
import type { TenantRegistry } from '#tenants';
import { expiredBeaconsOf } from './expired-lines.ts';
import { funnelOf } from './funnel.ts';
import { createFigures } from './metric-figures.ts';

/** What the health of one organization's data is read from. */
export interface OwnHealthDeps {
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly loader: { status(): LoaderStatus };
  /** Of all threads. */
  readonly metricValues: () => Promise<readonly MetricValues[]>;
  /** Rows and last beacon of a tenant; undefined: it has no table. May reject. */
  readonly figuresOf: (tenant: string) => Promise<TableFigures | undefined>;
  /** Epoch ms. */
  readonly now: number;
  /** Start of the process, epoch ms. */
  readonly startedAt: number;
}

/**
 * What became of one organization's beacons, and nothing of others: of the counters the lines with its name, of the loader how late it is. A warehouse that does not answer is said, not
 * thrown.
 */
export const readOwnHealth = async (tenant: string, deps: OwnHealthDeps): Promise<OwnHealthAnswer> => {
  const [values, figures] = await Promise.all([
    deps.metricValues(),
    deps.figuresOf(tenant).then(
      (found) => found ?? NO_TABLE,
      () => null,
    ),
  ]);
  const { lagSeconds, lagging, countingSince } = deps.loader.status();
  const late = lagging.find((each) => each.tenant === tenant);
  const metrics = createFigures(values);
  const line = funnelOf(metrics, [tenant]).find(({ destination }) => destination === tenant);
  const { destination: _, ...counts } = line ?? { ...NOTHING, destination: tenant };
  const expiresAt = deps.registry.current().byId(tenant)?.expiresAt ?? null;
  return {
    at: new Date(deps.now).toISOString(),
    countingSince: new Date(countingSince || deps.startedAt).toISOString(),
    tenant,
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    isStoreUp: figures !== null,
    rows: figures?.rows ?? 0,
    lastBeaconAt: figures?.lastBeaconAt ?? null,
    beacons: counts,
    cameAfterEnd: expiredBeaconsOf(metrics, tenant),
    lagSeconds,
    waitingSince: late === undefined ? null : new Date(late.since).toISOString(),
  };
};

const NO_TABLE: TableFigures = { rows: 0, lastBeaconAt: null };
const NOTHING: OwnHealthAnswer['beacons'] = {
  received: 0,
  refused: [],
  journaled: 0,
  stored: 0,
  archivedOnly: 0,
  notAccepted: [],
  quarantined: [],
  pending: 0,
};
