import type { JournalEntry } from '#journal';
import type { TenantId } from '#tenants';
import type { PastBeacon } from './day.ts';

/**
 * First 16 bits of the journal segment of every generated beacon: the highest bit is set, so no real segment has them. Segment and offset
 * are made of the day and the beacon's number in it, so the same beacon is never stored twice.
 */
export const GENERATED_SEGMENTS = 0xde30;

/** The beacons of a day that were sent from `from` up to `to` (epoch ms), as if the collector had received them. */
export const entriesOfDay = (
  tenantId: TenantId,
  trace: string,
  day: number,
  beacons: readonly PastBeacon[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly JournalEntry[] => {
  const segment = `${GENERATED_SEGMENTS.toString(16)}${day.toString(16).padStart(12, '0')}`;
  return beacons.flatMap((beacon, offset) =>
    beacon.at < from || beacon.at >= to
      ? []
      : [
          {
            segment,
            offset,
            end: offset + 1,
            record: {
              receivedAt: Math.round(beacon.at),
              destination: tenantId,
              trace,
              method: 'POST' as const,
              query: '',
              body: Buffer.from(beacon.body),
              headers: beacon.headers,
              clientAddress: '',
              country: beacon.country,
              city: beacon.city,
            },
          },
        ],
  );
};
