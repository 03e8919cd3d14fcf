import { PARAMETER_NAMES } from './parameter-names.ts';

/** What reading parameters uses again for each beacon. */
export interface ParameterMemory {
  /** Per slot: start and end of the raw value; an end of 0 is "not there". */
  readonly places: Int32Array;
  /** The fields of the form whose names have no slot. */
  readonly unknown: Uint16Array;
}

/** Parameters without a slot that are handed on. */
export const MAX_UNKNOWN = 256;

/** Creates it. Parameters are valid until the next ones are found with the same memory. */
export const createParameterMemory = (): ParameterMemory => ({
  places: new Int32Array(PARAMETER_NAMES.length * 2),
  unknown: new Uint16Array(MAX_UNKNOWN),
});
