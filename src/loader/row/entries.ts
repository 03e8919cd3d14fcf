/**
 * A map of few entries that is filled again for each beacon: what it gave to one row is gone with the next one. Maps of their own for every row are a
 * quarter of what the loader leaves to the garbage collector (measured).
 */
export class Entries<T> implements ReadonlyMap<string, T> {
  size = 0;
  readonly #keys: string[] = [];
  readonly #values: T[] = [];

  /** Adds an entry whose key is not there yet. */
  add(key: string, value: T): void {
    this.#keys[this.size] = key;
    this.#values[this.size] = value;
    this.size++;
  }

  clear(): void {
    this.size = 0;
  }

  has(key: string): boolean {
    return this.#placeOf(key) !== -1;
  }

  get(key: string): T | undefined {
    return this.#values[this.#placeOf(key)];
  }

  forEach(call: (value: T, key: string, map: ReadonlyMap<string, T>) => void): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- there are as many values as keys
    for (let place = 0; place < this.size; place++)
      call(this.#values[place] as T, this.#keys[place] ?? '', this);
  }

  *entries(): MapIterator<[string, T]> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- there are as many values as keys
    for (let place = 0; place < this.size; place++) yield [this.#keys[place] ?? '', this.#values[place] as T];
  }

  keys(): MapIterator<string> {
    return this.#keys.slice(0, this.size).values();
  }

  values(): MapIterator<T> {
    return this.#values.slice(0, this.size).values();
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }

  /** One after the other: they are a handful, mostly of different lengths. */
  #placeOf(key: string): number {
    for (let place = 0; place < this.size; place++) if (this.#keys[place] === key) return place;
    return -1;
  }
}
