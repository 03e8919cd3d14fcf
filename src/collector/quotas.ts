import type { Clock } from '#core';
import { type Buckets, createBuckets, type Rate } from './buckets.ts';
import type { CollectorOptions } from './options.ts';

/** The options of the collector that matter here. */
export type QuotaOptions = Pick<
  CollectorOptions,
  | 'tenantBeaconsPerSecond'
  | 'networkBeaconsPerSecond'
  | 'unknownBeaconsPerSecond'
  | 'unknownBytesPerHour'
  | 'maxBodyBytes'
  | 'maxHeaderBytes'
>;

/** The quota that a beacon is over; the name of its refusal. */
export type Quota = 'networkQuota' | 'tenantQuota' | 'unknownQuota' | 'unknownLimit';

/** Keeps one tenant, one network, or whoever makes up traces from taking the disk and the loader from the others. */
export interface Quotas {
  /**
   * Which quota a beacon for this destination, from this network (`ClientFacts.network`; '': of none), with so many bytes of query and body is over; null: none, and it is
   * counted. `own`: beacons a second of the tenant, when the users map gives it a number of its own.
   */
  over(destination: string, network: string, bytes: number, own?: number | null): Quota | null;
}

/** What may come at once, in seconds of the rate: visitors come in waves. */
const BURST_SECONDS = 10;
/** A beacon counts once for each of so many bytes, so that a rate bounds bytes, too. Ordinary beacons (4 to 8 KB) count once. */
const BYTES_OF_ONE = 16_384;
/** Networks, and tenants, that are remembered; about 150 bytes each. */
const MOST = 16_384;
/** What a record and its line in the archive have beside query and body: headers, address, names; about. */
const BYTES_BESIDE = 1_024;
const HOUR_SECONDS = 3_600;

/** Creates the quotas of one process. All tenants that are expired share one. */
export const createQuotas = (options: QuotaOptions, clock: Pick<Clock, 'monotonic'>): Quotas => {
  // So much at once whatever the rate: the largest beacon that the door takes must fit into a full bucket.
  const largest = costOf(options.maxBodyBytes + options.maxHeaderBytes);
  const rateOf = (perSecond: number): Rate => ({
    perSecond,
    burst: Math.max(largest, perSecond * BURST_SECONDS),
  });
  const atRate = (perSecond: number): Buckets => createBuckets({ ...rateOf(perSecond), most: MOST });
  const networks = atRate(options.networkBeaconsPerSecond);
  const tenants = atRate(options.tenantBeaconsPerSecond);
  const unknown = atRate(options.unknownBeaconsPerSecond);
  const { unknownBytesPerHour } = options;
  const unknownBytes = createBuckets({
    perSecond: unknownBytesPerHour / HOUR_SECONDS,
    burst: unknownBytesPerHour,
    most: MOST,
  });
  return {
    over: (destination, network, bytes, own = null) => {
      const now = clock.monotonic();
      const cost = costOf(bytes);
      if (network !== '' && !networks.take(network, cost, now)) return 'networkQuota';
      if (destination !== 'unknown') {
        const rate = own === null ? undefined : rateOf(own);
        return tenants.take(destination, cost, now, rate) ? null : 'tenantQuota';
      }
      if (!unknown.take(destination, cost, now)) return 'unknownQuota';
      return unknownBytes.take(destination, bytes + BYTES_BESIDE, now) ? null : 'unknownLimit';
    },
  };
};

const costOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / BYTES_OF_ONE));
