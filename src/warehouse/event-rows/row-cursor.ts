import type { EventRow } from '../schema.ts';
import { type ColumnPlan, type NumberType, PLANNED_COLUMNS } from './column-plan.ts';
import { COLUMN_STRIDE, NO_TEXT, RowSlab } from './row-slab.ts';

/** A row that is being filled: a value that is set goes into the slab at once. Lists can be set and not be read. */
export type DraftRow = { -readonly [Column in keyof EventRow]: EventRow[Column] };

/**
 * Stands at one row of a slab. Every column is a property (see `DraftRow`): its accessor is made once, on the prototype, so that
 * `row.dcl = 12` costs as much as writing into an array.
 */
class Cursor {
  slab: RowSlab;
  row = 0;
  numbers: Float64Array;
  labels: Uint32Array;
  textStarts: Uint32Array;

  constructor(slab: RowSlab) {
    this.slab = slab;
    this.numbers = slab.numbers;
    this.labels = slab.labels;
    this.textStarts = slab.textStarts;
  }

  moveTo(slab: RowSlab, row: number): void {
    this.slab = slab;
    this.numbers = slab.numbers;
    this.labels = slab.labels;
    this.textStarts = slab.textStarts;
    this.row = row;
  }
}

/** A cursor with its columns. */
export type RowCursor = Cursor & DraftRow;

/** Creates a cursor on a slab. */
export const createRowCursor = (slab: RowSlab = new RowSlab()): RowCursor => new Cursor(slab) as RowCursor;

const optionalNumber = (at: number): PropertyDescriptor & ThisType<Cursor> => ({
  get() {
    const value = this.numbers[at + this.row] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  },
  set(value: number | null) {
    this.numbers[at + this.row] = value === null ? Number.NaN : value;
  },
});

const plainNumber = (at: number): PropertyDescriptor & ThisType<Cursor> => ({
  get() {
    return this.numbers[at + this.row] || 0;
  },
  set(value: number | bigint) {
    this.numbers[at + this.row] = Number(value);
  },
});

const flag = (at: number): PropertyDescriptor & ThisType<Cursor> => ({
  get() {
    return this.numbers[at + this.row] === 1;
  },
  set(value: boolean) {
    this.numbers[at + this.row] = value ? 1 : 0;
  },
});

const label = (place: number, nullable: boolean): PropertyDescriptor & ThisType<Cursor> => {
  const at = place * COLUMN_STRIDE;
  return {
    get() {
      const number = this.labels[at + this.row] ?? 0;
      return number === 0 && nullable ? null : this.slab.dictionaries[place]?.texts[number];
    },
    set(value: string | null) {
      const isNeutral = nullable ? value === null : value === '';
      this.labels[at + this.row] = isNeutral
        ? 0
        : (this.slab.dictionaries[place]?.numberOf(value ?? '') ?? 0);
    },
  };
};

const text = (at: number, nullable: boolean): PropertyDescriptor & ThisType<Cursor> => ({
  get() {
    const start = this.textStarts[at + this.row] ?? NO_TEXT;
    if (start === NO_TEXT) return nullable ? null : '';
    return this.slab.bytes.read(start, this.slab.textEnds[at + this.row] ?? start);
  },
  set(value: string | null) {
    if (value === null || (value === '' && !nullable)) {
      this.textStarts[at + this.row] = NO_TEXT;
      return;
    }
    const { bytes, textEnds } = this.slab;
    this.textStarts[at + this.row] = bytes.length;
    textEnds[at + this.row] = bytes.add(value);
  },
});

const list = (place: number): PropertyDescriptor & ThisType<Cursor> => ({
  get(): never {
    throw new TypeError('a list of a row can be set and not be read');
  },
  set(value: readonly unknown[] | ReadonlyMap<string, unknown>) {
    this.slab.lists[place]?.put(this.row, value);
  },
});

const SEGMENT: PropertyDescriptor & ThisType<Cursor> = {
  get() {
    return this.slab.segments[this.row];
  },
  set(value: number | bigint) {
    this.slab.segments[this.row] = BigInt(value);
  },
};

/** The batch is told when rows are written, see `nativeBlock`. */
const BATCH: PropertyDescriptor = { get: () => 0, set: () => undefined };

const numberAccess = (at: number, as: NumberType, nullable: boolean): PropertyDescriptor => {
  if (nullable) return optionalNumber(at);
  return as === 'Bool' ? flag(at) : plainNumber(at);
};

const accessorOf = (plan: ColumnPlan): PropertyDescriptor => {
  switch (plan.kind) {
    case 'segment':
      return SEGMENT;
    case 'batch':
      return BATCH;
    case 'number':
      return numberAccess(plan.place * COLUMN_STRIDE, plan.as, plan.nullable);
    case 'label':
      return label(plan.place, plan.nullable);
    case 'text':
      return text(plan.place * COLUMN_STRIDE, plan.nullable);
    case 'list':
      return list(plan.place);
  }
};

for (const { name, plan } of PLANNED_COLUMNS)
  Object.defineProperty(Cursor.prototype, name, { ...accessorOf(plan), enumerable: true });
