import type { ItemPlan } from './column-plan.ts';
import { LabelDictionary } from './label-dictionary.ts';
import type { TextStore } from './text-store.ts';

/** The values of an Array or Map column in one slab: the items of all rows, one behind the other. */
export class ListStore {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Numbers of the keys in `keyDictionary`; of a Map only. */
  readonly keys: number[] = [];
  readonly keyDictionary = new LabelDictionary();
  /** Numbers as they are, labels as their number in `dictionary`, texts as start and end (two entries each). */
  readonly items: number[] = [];
  readonly dictionary = new LabelDictionary();
  readonly keyed: boolean;
  readonly item: ItemPlan;
  readonly #texts: TextStore;
  #count = 0;

  constructor(rows: number, keyed: boolean, item: ItemPlan, texts: TextStore) {
    this.starts = new Uint32Array(rows);
    this.ends = new Uint32Array(rows);
    this.keyed = keyed;
    this.item = item;
    this.#texts = texts;
  }

  /** Sets the list of a row. */
  put(row: number, value: readonly unknown[] | ReadonlyMap<string, unknown>): void {
    this.starts[row] = this.#count;
    if (value instanceof Map) {
      for (const [key, item] of value as ReadonlyMap<string, unknown>) {
        this.keys.push(this.keyDictionary.numberOf(key));
        this.#add(item);
      }
    } else for (const item of value as readonly unknown[]) this.#add(item);
    this.ends[row] = this.#count;
  }

  /** Empties the list of a row. */
  clearRow(row: number): void {
    this.starts[row] = 0;
    this.ends[row] = 0;
  }

  /** Forgets all rows; the memory stays. */
  clear(): void {
    this.starts.fill(0);
    this.ends.fill(0);
    this.keys.length = 0;
    this.items.length = 0;
    this.keyDictionary.clear();
    this.dictionary.clear();
    this.#count = 0;
  }

  #add(item: unknown): void {
    this.#count++;
    switch (this.item.kind) {
      case 'number':
        this.items.push(item as number);
        return;
      case 'label':
        this.items.push(this.dictionary.numberOf(item as string));
        return;
      case 'text': {
        const start = this.#texts.length;
        this.items.push(start, this.#texts.add(item as string));
      }
    }
  }
}
