import type { ColumnPlan, NumberType } from './column-plan.ts';
import type { ListStore } from './list-store.ts';
import type { NativeBytes } from './native-bytes.ts';
import type { SlabRows } from './native-block.ts';
import { writeLabelPrefix, writeLabels } from './native-labels.ts';
import { numberWriter } from './native-numbers.ts';
import type { TextStore } from './text-store.ts';

interface Part {
  readonly store: ListStore;
  readonly texts: TextStore;
  /** Places of the items of all rows. */
  readonly places: readonly number[];
}

/** An Array or Map column: where each row's items end, then the keys, then the items of all rows. */
export const writeList = (
  out: NativeBytes,
  { place, keyed, item }: Extract<ColumnPlan, { kind: 'list' }>,
  rowParts: readonly SlabRows[],
  count: number,
): void => {
  if (keyed) writeLabelPrefix(out);
  if (item.kind === 'label') writeLabelPrefix(out);
  let total = 0;
  let at = out.take(count * 8);
  const parts: Part[] = [];
  for (const { slab, rows } of rowParts) {
    const store = slab.lists[place];
    if (store === undefined) continue;
    const places: number[] = [];
    for (const row of rows) {
      const end = store.ends[row] ?? 0;
      for (let index = store.starts[row] ?? 0; index < end; index++) places.push(index);
      // A block has less than 2^32 items.
      out.view.setUint32(at, total + places.length, true);
      at += 8;
    }
    total += places.length;
    parts.push({ store, texts: slab.bytes, places });
  }
  if (keyed)
    writeLabels(
      out,
      false,
      parts.map(({ store, places }) => ({
        dictionary: store.keyDictionary,
        numbers: store.keys,
        from: 0,
        places,
      })),
      total,
    );
  if (item.kind === 'label') {
    return writeLabels(
      out,
      false,
      parts.map(({ store, places }) => ({
        dictionary: store.dictionary,
        numbers: store.items,
        from: 0,
        places,
      })),
      total,
    );
  }
  if (item.kind === 'text') for (const part of parts) writeTextItems(out, part);
  else for (const part of parts) writeNumberItems(out, part, item.as);
};

const writeNumberItems = (out: NativeBytes, { store, places }: Part, as: NumberType): void => {
  const { width, write } = numberWriter(as);
  let at = out.take(places.length * width);
  for (const index of places) {
    write(out.view, at, store.items[index] ?? 0);
    at += width;
  }
};

const writeTextItems = (out: NativeBytes, { store, texts, places }: Part): void => {
  for (const index of places) {
    const start = store.items[index * 2] ?? 0;
    const end = store.items[index * 2 + 1] ?? start;
    out.varint(end - start);
    const at = out.take(end - start);
    texts.bytes.copy(out.bytes, at, start, end);
  }
};
