import { PARAMETER_NAMES } from './parameter-names.ts';

/**
 * What reading parameters uses again for each beacon: the places of the values, and which parameter stood behind which the last time. Of
 * one site's beacons the names are nearly always in the same order, so most of them need not be looked up.
 */
export interface ParameterMemory {
  /** Per slot: start and end of the raw value; an end of 0 is "not there". */
  readonly places: Int32Array;
  /** Of those without a slot: start of name, end of name, start of value, end of value. */
  readonly unknown: Int32Array;
  /** By `behind`: the slot that stood there the last time, -1: none did. */
  readonly followers: Int16Array;
}

/** Parameters without a slot that are handed on. */
export const MAX_UNKNOWN = 256;

/** Creates it. Parameters are valid until the next ones are found with the same memory. */
export const createParameterMemory = (): ParameterMemory => ({
  places: new Int32Array(PARAMETER_NAMES.length * 2),
  unknown: new Int32Array(MAX_UNKNOWN * 4),
  followers: new Int16Array((PARAMETER_NAMES.length + 1) * 2).fill(-1),
});

/** Behind which parameter (-1: the beginning), and whether names without a slot stood in between. */
export const behind = (slot: number, isUnknownBetween: boolean): number =>
  (slot + 1) * 2 + (isUnknownBetween ? 1 : 0);
