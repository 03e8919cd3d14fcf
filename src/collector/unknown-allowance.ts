import type { Clock } from '#core';

/** How much of the disk beacons of nobody may take: whoever makes up traces could fill it otherwise. */
export interface UnknownAllowance {
  /** May a beacon with so many bytes of query and body be stored? Counts it when it may. */
  take(bytes: number): boolean;
}

const HOUR_MS = 3_600_000;
/** What a record and its line in the archive have beside query and body: headers, address, names; about. */
const BYTES_BESIDE = 1_024;

/** Creates an allowance of so many bytes an hour, which fills up continuously to that of one hour; 0: no bound. */
export const createUnknownAllowance = (bytesPerHour: number, clock: Clock): UnknownAllowance => {
  let left = bytesPerHour;
  let filledAt = clock.monotonic();
  return {
    take: (bytes) => {
      if (bytesPerHour === 0) return true;
      const now = clock.monotonic();
      left = Math.min(bytesPerHour, left + ((now - filledAt) / HOUR_MS) * bytesPerHour);
      filledAt = now;
      const wanted = bytes + BYTES_BESIDE;
      if (wanted > left) return false;
      left -= wanted;
      return true;
    },
  };
};
