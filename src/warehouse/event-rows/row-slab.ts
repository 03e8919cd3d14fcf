import { PLACES, PLANNED_COLUMNS } from './column-plan.ts';
import { LabelDictionary } from './label-dictionary.ts';
import { ListStore } from './list-store.ts';
import { TextStore } from './text-store.ts';

/** Rows in a slab. */
export const SLAB_ROWS = 1_024;
/**
 * From the first value of a column to that of the next one. A little more than the rows: with a power of two the values of a row would
 * all want the same few lines of the processor's cache.
 */
export const COLUMN_STRIDE = SLAB_ROWS + 16;
/** A slab with so many bytes of text takes no further row. */
const FULL_TEXT_BYTES = 4 * 1_048_576;

/** The place of "no text" among the starts of texts: NULL, or empty where there is no NULL. */
export const NO_TEXT = 0;

/**
 * Room for a bounded number of rows of the events table, column by column: numbers as Float64 (NaN: missing), labels as numbers of
 * their column's dictionary, texts as a piece of the slab's bytes. So a beacon leaves no objects behind that the garbage collector
 * has to carry until the insert (they cost 40 µs a beacon, measured), and nothing is written for a column that it says nothing
 * about. Column by column, because an insert reads them so: row by row that took 40 ns a value, waiting for memory (measured).
 */
export class RowSlab {
  /** Rows that are complete. */
  count = 0;
  /** How often the slab was emptied: what was given out before is not there any more. */
  filling = 0;
  /** Complete rows that nobody needs any more. */
  released = 0;
  readonly segments = new BigUint64Array(SLAB_ROWS);
  readonly numbers = new Float64Array(PLACES.numbers * COLUMN_STRIDE).fill(Number.NaN);
  readonly labels = new Uint32Array(PLACES.labels * COLUMN_STRIDE);
  readonly dictionaries: readonly LabelDictionary[] = Array.from(
    { length: PLACES.labels },
    () => new LabelDictionary(),
  );
  /** Where a text begins and ends in `bytes`; a start of `NO_TEXT` is no text. */
  readonly textStarts = new Uint32Array(PLACES.texts * COLUMN_STRIDE);
  readonly textEnds = new Uint32Array(PLACES.texts * COLUMN_STRIDE);
  readonly bytes = new TextStore();
  readonly lists: readonly ListStore[] = PLANNED_COLUMNS.flatMap(({ plan }) =>
    plan.kind === 'list' ? [new ListStore(SLAB_ROWS, plan.keyed, plan.item, this.bytes)] : [],
  );

  get isFull(): boolean {
    return this.count >= SLAB_ROWS || this.bytes.length >= FULL_TEXT_BYTES;
  }

  /** A slab that holds more than it should is not worth keeping. */
  get isLarge(): boolean {
    return this.bytes.bytes.length > FULL_TEXT_BYTES * 2;
  }

  /** Forgets all rows; the memory stays. */
  clear(): void {
    this.count = 0;
    this.released = 0;
    this.filling++;
    this.numbers.fill(Number.NaN);
    this.labels.fill(0);
    this.textStarts.fill(NO_TEXT);
    for (const dictionary of this.dictionaries) dictionary.clear();
    for (const list of this.lists) list.clear();
    this.bytes.clear();
  }

  /** Empties the row behind the last complete one. */
  clearNext(): void {
    const { count } = this;
    for (let at = count; at < this.numbers.length; at += COLUMN_STRIDE) this.numbers[at] = Number.NaN;
    for (let at = count; at < this.labels.length; at += COLUMN_STRIDE) this.labels[at] = 0;
    for (let at = count; at < this.textStarts.length; at += COLUMN_STRIDE) this.textStarts[at] = NO_TEXT;
    for (const list of this.lists) list.clearRow(count);
  }
}
