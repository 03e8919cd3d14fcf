import { PLACES, PLANNED_COLUMNS } from './column-plan.ts';
import { LabelDictionary } from './label-dictionary.ts';
import { ListStore } from './list-store.ts';
import { TextStore } from './text-store.ts';

/** Rows in a slab. */
export const SLAB_ROWS = 1_024;
/** A slab with so many bytes of text takes no further row. */
const FULL_TEXT_BYTES = 4 * 1_048_576;

/** The place of "no text" among the starts of texts: NULL, or empty where there is no NULL. */
export const NO_TEXT = 0;

/**
 * Room for a bounded number of rows of the events table. The values of a row lie side by side, by kind: numbers as Float64 (NaN: missing), labels
 * as numbers of their column's dictionary, texts as a piece of the slab's bytes. So a beacon leaves no objects behind
 * that the garbage collector has to carry until the insert (they cost 40 µs a beacon, measured), and nothing is written for a column that
 * it says nothing about.
 */
export class RowSlab {
  /** Rows that are complete. */
  count = 0;
  readonly segments = new BigUint64Array(SLAB_ROWS);
  readonly numbers = new Float64Array(SLAB_ROWS * PLACES.numbers).fill(Number.NaN);
  readonly labels = new Uint32Array(SLAB_ROWS * PLACES.labels);
  readonly dictionaries: readonly LabelDictionary[] = Array.from(
    { length: PLACES.labels },
    () => new LabelDictionary(),
  );
  /** Start and end in `bytes`, one pair after the other; a start of `NO_TEXT` is no text. */
  readonly texts = new Uint32Array(SLAB_ROWS * PLACES.texts * 2);
  readonly bytes = new TextStore();
  readonly lists: readonly ListStore[] = PLANNED_COLUMNS.flatMap(({ plan }) =>
    plan.kind === 'list' ? [new ListStore(SLAB_ROWS, plan.keyed, plan.item, this.bytes)] : [],
  );

  get isFull(): boolean {
    return this.count >= SLAB_ROWS || this.bytes.length >= FULL_TEXT_BYTES;
  }

  /** Empties the row behind the last complete one. */
  clearNext(): void {
    const { count } = this;
    this.numbers.fill(Number.NaN, count * PLACES.numbers, (count + 1) * PLACES.numbers);
    this.labels.fill(0, count * PLACES.labels, (count + 1) * PLACES.labels);
    this.texts.fill(0, count * PLACES.texts * 2, (count + 1) * PLACES.texts * 2);
    for (const list of this.lists) list.clear(count);
  }
}
