import type { LabelDictionary } from './label-dictionary.ts';
import type { NativeBytes } from './native-bytes.ts';

/** Labels as numbers of their dictionary: `numbers[from + place]` for each place. */
export interface NumberedLabels {
  readonly dictionary: LabelDictionary | undefined;
  readonly numbers: ArrayLike<number>;
  readonly from: number;
  readonly places: readonly number[];
}

/** Version of the dictionaries: every block brings its own ("shared dictionaries with additional keys"). */
const VERSION = 1;
const HAS_ADDITIONAL_KEYS = 1 << 9;
const NEEDS_UPDATE = 1 << 10;
const WIDTHS = [1, 2, 4] as const;

/** What comes before the values of a LowCardinality column, and before those of everything that it lies in. */
export const writeLabelPrefix = (out: NativeBytes): void => out.u64(VERSION);

/** The values of a LowCardinality column: a dictionary of what occurs in these rows, and a number of it for each. */
export const writeLabels = (
  out: NativeBytes,
  nullable: boolean,
  parts: readonly NumberedLabels[],
  count: number,
): void => {
  // No rows, no dictionary.
  if (count === 0) return;
  // Key 0 is empty, or stands for NULL; then "empty" is a key of its own.
  const keys = [''];
  const numberOf = new Map<string, number>(nullable ? [] : [['', 0]]);
  const keyOf = new Uint32Array(count);
  let row = 0;
  for (const { dictionary, numbers, from, places } of parts) {
    const translated: number[] = [0];
    for (const place of places) {
      const number = numbers[from + place] ?? 0;
      let key = translated[number];
      if (key === undefined) {
        const text = dictionary?.texts[number] ?? '';
        key = numberOf.get(text);
        if (key === undefined) {
          key = keys.length;
          keys.push(text);
          numberOf.set(text, key);
        }
        translated[number] = key;
      }
      keyOf[row++] = key;
    }
  }
  const width = keys.length <= 0x1_00 ? 0 : keys.length <= 0x1_00_00 ? 1 : 2;
  out.u64(width | HAS_ADDITIONAL_KEYS | NEEDS_UPDATE);
  out.u64(keys.length);
  for (const key of keys) out.text(key);
  out.u64(count);
  writeIndexes(out, keyOf, WIDTHS[width]);
};

const writeIndexes = (out: NativeBytes, keys: Uint32Array, width: 1 | 2 | 4): void => {
  let at = out.take(keys.length * width);
  const { bytes, view } = out;
  for (let row = 0; row < keys.length; row++) {
    const number = keys[row] ?? 0;
    if (width === 1) bytes[at] = number;
    else if (width === 2) view.setUint16(at, number, true);
    else view.setUint32(at, number, true);
    at += width;
  }
};
