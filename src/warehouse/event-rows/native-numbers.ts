import type { NumberType } from './column-plan.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 0xffff;
const MAX_SECONDS = 0xffff_ffff;
const UINT32 = 2 ** 32;
/** ClickHouse's DateTime64 reaches from 1900 to 2299. */
const FIRST_MS = Date.UTC(1900, 0, 1);
const LAST_MS = Date.UTC(2299, 11, 31);

/** How a number of a type is written: bytes, and the way to write one. */
export interface NumberWriter {
  readonly width: number;
  readonly write: (view: DataView, at: number, value: number) => void;
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.floor(value)));

/** Whole numbers of at most 2^53 in both directions. */
const write64 = (view: DataView, at: number, value: number): void => {
  const high = Math.floor(value / UINT32);
  view.setUint32(at, value - high * UINT32, true);
  view.setInt32(at + 4, high, true);
};

const WRITERS: Readonly<Record<NumberType, NumberWriter>> = {
  Bool: { width: 1, write: (view, at, value) => view.setUint8(at, value) },
  UInt8: { width: 1, write: (view, at, value) => view.setUint8(at, value) },
  UInt16: { width: 2, write: (view, at, value) => view.setUint16(at, value, true) },
  UInt32: { width: 4, write: (view, at, value) => view.setUint32(at, value, true) },
  UInt64: { width: 8, write: write64 },
  Int32: { width: 4, write: (view, at, value) => view.setInt32(at, value, true) },
  Float32: { width: 4, write: (view, at, value) => view.setFloat32(at, value, true) },
  Float64: { width: 8, write: (view, at, value) => view.setFloat64(at, value, true) },
  Date: {
    width: 2,
    write: (view, at, value) => view.setUint16(at, clamp(value / DAY_MS, 0, MAX_DAYS), true),
  },
  "DateTime('UTC')": {
    width: 4,
    write: (view, at, value) => view.setUint32(at, clamp(value / 1_000, 0, MAX_SECONDS), true),
  },
  "DateTime64(3, 'UTC')": {
    width: 8,
    write: (view, at, value) => write64(view, at, clamp(value, FIRST_MS, LAST_MS)),
  },
};

/** How numbers of this type are written. */
export const numberWriter = (type: NumberType): NumberWriter => WRITERS[type];
