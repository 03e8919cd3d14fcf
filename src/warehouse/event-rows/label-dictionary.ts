/** The different texts of a LowCardinality column in one slab, numbered from 0; number 0 is empty (or NULL, where there is NULL). */
export class LabelDictionary {
  readonly texts: string[] = [''];
  readonly #numbers = new Map<string, number>();

  /** Forgets all texts. */
  clear(): void {
    if (this.texts.length === 1) return;
    this.texts.length = 1;
    this.#numbers.clear();
  }

  /** The number of a text; a new one when it was not met before. */
  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.length;
    this.texts.push(text);
    this.#numbers.set(text, number);
    return number;
  }
}
