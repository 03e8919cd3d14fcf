import type { EventRow } from '../schema.ts';
import { type ColumnPlan, type NumberType, PLACES, PLANNED_COLUMNS } from './column-plan.ts';
import { NO_TEXT, RowSlab } from './row-slab.ts';

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
  texts: Uint32Array;
  numberAt = 0;
  labelAt = 0;
  textAt = 0;

  constructor(slab: RowSlab) {
    this.slab = slab;
    this.numbers = slab.numbers;
    this.labels = slab.labels;
    this.texts = slab.texts;
  }

  moveTo(slab: RowSlab, row: number): void {
    if (slab !== this.slab) {
      this.slab = slab;
      this.numbers = slab.numbers;
      this.labels = slab.labels;
      this.texts = slab.texts;
    }
    this.row = row;
    this.numberAt = row * PLACES.numbers;
    this.labelAt = row * PLACES.labels;
    this.textAt = row * PLACES.texts * 2;
  }
}

/** A cursor with its columns. */
export type RowCursor = Cursor & DraftRow;

/** Creates a cursor on a slab. */
export const createRowCursor = (slab: RowSlab = new RowSlab()): RowCursor => new Cursor(slab) as RowCursor;

const optionalNumber = (place: number): PropertyDescriptor & ThisType<Cursor> => ({
  get() {
    const value = this.numbers[this.numberAt + place] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  },
  set(value: number | null) {
    this.numbers[this.numberAt + place] = value === null ? Number.NaN : value;
  },
});

const plainNumber = (place: number): PropertyDescriptor & ThisType<Cursor> => ({
  get() {
    return this.numbers[this.numberAt + place] || 0;
  },
  set(value: number | bigint) {
    this.numbers[this.numberAt + place] = Number(value);
  },
});

const flag = (place: number): PropertyDescriptor & ThisType<Cursor> => ({
  get() {
    return this.numbers[this.numberAt + place] === 1;
  },
  set(value: boolean) {
    this.numbers[this.numberAt + place] = value ? 1 : 0;
  },
});

const label = (place: number, nullable: boolean): PropertyDescriptor & ThisType<Cursor> => ({
  get() {
    const number = this.labels[this.labelAt + place] ?? 0;
    return number === 0 && nullable ? null : this.slab.dictionaries[place]?.texts[number];
  },
  set(value: string | null) {
    const isNeutral = nullable ? value === null : value === '';
    this.labels[this.labelAt + place] = isNeutral
      ? 0
      : (this.slab.dictionaries[place]?.numberOf(value ?? '') ?? 0);
  },
});

const text = (place: number, nullable: boolean): PropertyDescriptor & ThisType<Cursor> => ({
  get() {
    const start = this.texts[this.textAt + place * 2] ?? NO_TEXT;
    if (start === NO_TEXT) return nullable ? null : '';
    return this.slab.bytes.read(start, this.texts[this.textAt + place * 2 + 1] ?? start);
  },
  set(value: string | null) {
    if (value === null || (value === '' && !nullable)) {
      this.texts[this.textAt + place * 2] = NO_TEXT;
      return;
    }
    const { bytes } = this.slab;
    this.texts[this.textAt + place * 2] = bytes.length;
    this.texts[this.textAt + place * 2 + 1] = bytes.add(value);
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

const numberAccess = (place: number, as: NumberType, nullable: boolean): PropertyDescriptor => {
  if (nullable) return optionalNumber(place);
  return as === 'Bool' ? flag(place) : plainNumber(place);
};

const accessorOf = (plan: ColumnPlan): PropertyDescriptor => {
  switch (plan.kind) {
    case 'segment':
      return SEGMENT;
    case 'batch':
      return BATCH;
    case 'number':
      return numberAccess(plan.place, plan.as, plan.nullable);
    case 'label':
      return label(plan.place, plan.nullable);
    case 'text':
      return text(plan.place, plan.nullable);
    case 'list':
      return list(plan.place);
  }
};

for (const { name, plan } of PLANNED_COLUMNS)
  Object.defineProperty(Cursor.prototype, name, { ...accessorOf(plan), enumerable: true });
