import { randomInt } from 'node:crypto';

const SEGMENT_NAME = /^([0-9a-f]{16})\.journal$/;

/** The file name of a segment. */
export const segmentFile = (segment: string): string => `${segment}.journal`;

/** Beside a segment whose tail could not be cut off: holds the length up to which it counts. */
export const sealFile = (segment: string): string => `${segment}.sealed`;

/** The id of the segment in a file of this name; null: it is none. */
export const segmentOfFile = (name: string): string | null => SEGMENT_NAME.exec(name)?.[1] ?? null;

/**
 * A new id: 44 bits of time (ms) and 20 random bits, always greater than `after`, so that ids sort in the order of creation
 * even when the clock goes back.
 */
export const nextSegmentId = (now: number, after: string): string => {
  const fresh = (BigInt(Math.max(0, Math.floor(now))) << 20n) | BigInt(randomInt(2 ** 20));
  const least = BigInt(`0x${after === '' ? '0' : after}`) + 1n;
  const id = fresh >= least ? fresh : least + BigInt(randomInt(2 ** 10));
  return BigInt.asUintN(64, id).toString(16).padStart(16, '0');
};
