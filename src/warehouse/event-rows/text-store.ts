/** A thousand real rows have 1.4 MB of texts. */
const FIRST_BYTES = 2_097_152;
/** Texts up to this length are written here; for longer ones the way into native code pays. */
const SHORT_TEXT = 40;

/** Texts as UTF-8, one behind the other. The first byte is not used: 0 is no text's place. */
export class TextStore {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  /** End of what is written. */
  length = 1;

  /** Adds a text and returns where it ends (it began at `length`); half characters become U+FFFD. */
  add(text: string): number {
    const units = text.length;
    if (this.length + units * 3 > this.bytes.length) this.#grow(units * 3);
    const { bytes } = this;
    const start = this.length;
    if (units <= SHORT_TEXT) {
      let all = 0;
      for (let index = 0; index < units; index++) {
        const code = text.charCodeAt(index);
        all |= code;
        bytes[start + index] = code;
      }
      if (all < 0x80) {
        this.length = start + units;
        return this.length;
      }
    }
    this.length = start + bytes.write(text, start, 'utf8');
    return this.length;
  }

  /** Adds bytes that are UTF-8 already. */
  addBytes(utf8: Uint8Array): number {
    if (this.length + utf8.length > this.bytes.length) this.#grow(utf8.length);
    this.bytes.set(utf8, this.length);
    this.length += utf8.length;
    return this.length;
  }

  read(start: number, end: number): string {
    return this.bytes.toString('utf8', start, end);
  }

  /** Forgets all texts; the memory stays. */
  clear(): void {
    this.length = 1;
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
