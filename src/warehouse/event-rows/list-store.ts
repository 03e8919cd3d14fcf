import type { ItemPlan } from './column-plan.ts';
import { LabelDictionary } from './label-dictionary.ts';
import type { TextStore } from './text-store.ts';

/** Room for the items of a column that nothing was put into. */
const FIRST_ITEMS = 256;
/** More are not kept for the next rows; real beacons have 20 in `other`, 40,000 entries in a slab. */
const KEPT_ITEMS = 131_072;

/** The values of an Array or Map column in one slab: the items of all rows, one behind the other. */
export class ListStore {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Numbers of the keys in `keyDictionary`; of a Map only. */
  keys: Uint32Array<ArrayBuffer>;
  readonly keyDictionary = new LabelDictionary();
  /** Numbers as they are, labels as their number in `dictionary`, texts as start and end (two entries each). */
  items: Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
  readonly dictionary = new LabelDictionary();
  readonly keyed: boolean;
  readonly item: ItemPlan;
  readonly #texts: TextStore;
  #count = 0;

  constructor(rows: number, keyed: boolean, item: ItemPlan, texts: TextStore) {
    this.starts = new Uint32Array(rows);
    this.ends = new Uint32Array(rows);
    this.keys = new Uint32Array(keyed ? FIRST_ITEMS : 0);
    this.items = firstItems(item);
    this.keyed = keyed;
    this.item = item;
    this.#texts = texts;
  }

  /** Sets the list of a row. */
  put(row: number, value: readonly unknown[] | ReadonlyMap<string, unknown>): void {
    this.starts[row] = this.#count;
    if (isMap(value)) {
      this.#makeRoom(value.size);
      value.forEach(this.#addEntry);
    } else {
      this.#makeRoom(value.length);
      for (const item of value) this.#add(item);
    }
    this.ends[row] = this.#count;
  }

  /** Empties the list of a row. */
  clearRow(row: number): void {
    this.starts[row] = 0;
    this.ends[row] = 0;
  }

  /** Forgets all rows; the memory stays when it is not much more than real rows need. */
  clear(): void {
    if (this.items.length > KEPT_ITEMS) this.items = firstItems(this.item);
    this.starts.fill(0);
    this.ends.fill(0);
    this.keyDictionary.clear();
    this.dictionary.clear();
    this.#count = 0;
  }

  readonly #addEntry = (item: unknown, key: string): void => {
    this.keys[this.#count] = this.keyDictionary.numberOf(key);
    this.#add(item);
  };

  #add(item: unknown): void {
    const place = this.#count++;
    switch (this.item.kind) {
      case 'number':
        this.items[place] = item as number;
        return;
      case 'label':
        this.items[place] = this.dictionary.numberOf(item as string);
        return;
      case 'text':
        this.items[place * 2] = this.#texts.length;
        this.items[place * 2 + 1] = this.#texts.add(item as string);
    }
  }

  #makeRoom(more: number): void {
    const count = this.#count + more;
    if (this.keyed && count > this.keys.length) this.keys = enlarged(this.keys, count);
    const room = this.item.kind === 'text' ? count * 2 : count;
    if (room > this.items.length) this.items = enlarged(this.items, room);
  }
}

const isMap = (
  value: readonly unknown[] | ReadonlyMap<string, unknown>,
): value is ReadonlyMap<string, unknown> => !Array.isArray(value);

const firstItems = (item: ItemPlan): Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer> =>
  item.kind === 'number' ? new Float64Array(FIRST_ITEMS) : new Uint32Array(FIRST_ITEMS * 2);

/** A copy with at least twice the room. */
const enlarged = <T extends Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  before: T,
  least: number,
): T => {
  const length = Math.max(least, before.length * 2);
  const larger = before instanceof Uint32Array ? new Uint32Array(length) : new Float64Array(length);
  larger.set(before);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same kind of array
  return larger as T;
};
