import { type ColumnPlan, PLACES, PLANNED_COLUMNS } from './column-plan.ts';
import { NativeBytes, writeVarint } from './native-bytes.ts';
import { writeLabelPrefix, writeLabels } from './native-labels.ts';
import { writeList } from './native-lists.ts';
import { numberWriter } from './native-numbers.ts';
import { NO_TEXT, type RowSlab } from './row-slab.ts';
import type { EventRowRef } from './row-writer.ts';

/** Rows of one slab, in the order in which they are written. */
export interface SlabRows {
  readonly slab: RowSlab;
  readonly rows: readonly number[];
}

/**
 * One block of ClickHouse's Native format with these rows, each with this batch id: behind
 * `INSERT INTO … (columns of EVENT_COLUMNS) FORMAT Native`. Values that do not fit their column wrap or are clamped, as in
 * RowBinary. Native costs the engine a third of RowBinary (`bench/engine.bench.ts`).
 */
export const nativeBlock = (rows: readonly EventRowRef[], batchId: bigint): readonly Uint8Array[] => {
  const parts = bySlab(rows);
  const out = new NativeBytes();
  out.varint(PLANNED_COLUMNS.length);
  out.varint(rows.length);
  for (const { name, type, plan } of PLANNED_COLUMNS) {
    out.text(name);
    out.text(type);
    writeColumn(out, plan, parts, rows.length, batchId);
  }
  return out.pieces();
};

/** Neighbours of one slab together. */
const bySlab = (rows: readonly EventRowRef[]): readonly SlabRows[] => {
  const parts: { slab: RowSlab; rows: number[] }[] = [];
  let last: { slab: RowSlab; rows: number[] } | undefined;
  for (const { slab, index } of rows) {
    if (last?.slab !== slab) {
      last = { slab, rows: [] };
      parts.push(last);
    }
    last.rows.push(index);
  }
  return parts;
};

const writeColumn = (
  out: NativeBytes,
  plan: ColumnPlan,
  parts: readonly SlabRows[],
  count: number,
  batchId: bigint,
): void => {
  switch (plan.kind) {
    case 'segment':
      return writeSegments(out, parts, count);
    case 'batch':
      return writeBatch(out, count, batchId);
    case 'number':
      return writeNumbers(out, plan, parts, count);
    case 'label':
      writeLabelPrefix(out);
      return writeLabels(
        out,
        plan.nullable,
        parts.map(({ slab, rows }) => ({
          dictionary: slab.dictionaries[plan.place],
          numbers: rows.map((row) => slab.labels[row * PLACES.labels + plan.place] ?? 0),
        })),
        count,
      );
    case 'text':
      return writeTexts(out, plan, parts, count);
    case 'list':
      return writeList(out, plan, parts, count);
  }
};

const writeSegments = (out: NativeBytes, parts: readonly SlabRows[], count: number): void => {
  let at = out.take(count * 8);
  for (const { slab, rows } of parts)
    for (const row of rows) {
      out.view.setBigUint64(at, slab.segments[row] ?? 0n, true);
      at += 8;
    }
};

const writeBatch = (out: NativeBytes, count: number, batchId: bigint): void => {
  const start = out.take(count * 8);
  for (let at = start; at < start + count * 8; at += 8) out.view.setBigUint64(at, batchId, true);
};

const writeNumbers = (
  out: NativeBytes,
  { place, as, nullable }: Extract<ColumnPlan, { kind: 'number' }>,
  parts: readonly SlabRows[],
  count: number,
): void => {
  const { width, write } = numberWriter(as);
  let nullAt = out.take(count * (nullable ? width + 1 : width));
  let at = nullable ? nullAt + count : nullAt;
  const { bytes, view } = out;
  for (const { slab, rows } of parts) {
    const { numbers } = slab;
    for (const row of rows) {
      const value = numbers[row * PLACES.numbers + place] ?? Number.NaN;
      // What is missing stays zero.
      if (!Number.isNaN(value)) write(view, at, value);
      else if (nullable) bytes[nullAt] = 1;
      nullAt++;
      at += width;
    }
  }
};

/** Pieces up to this length are copied here; a call of `copy` costs as much as some 50 bytes. */
const SHORT_COPY = 48;

const writeTexts = (
  out: NativeBytes,
  { place, nullable }: Extract<ColumnPlan, { kind: 'text' }>,
  parts: readonly SlabRows[],
  count: number,
): void => {
  if (nullable) {
    let nullAt = out.take(count);
    for (const { slab, rows } of parts)
      for (const row of rows) {
        if (slab.texts[(row * PLACES.texts + place) * 2] === NO_TEXT) out.bytes[nullAt] = 1;
        nullAt++;
      }
  }
  for (const { slab, rows } of parts) {
    const { texts } = slab;
    const from = slab.bytes.bytes;
    let size = 0;
    for (const row of rows) {
      const pair = (row * PLACES.texts + place) * 2;
      const start = texts[pair] ?? NO_TEXT;
      size += start === NO_TEXT ? 1 : (texts[pair + 1] ?? start) - start + 5;
    }
    const first = out.take(size);
    const to = out.bytes;
    let at = first;
    for (const row of rows) {
      const pair = (row * PLACES.texts + place) * 2;
      const start = texts[pair] ?? NO_TEXT;
      const end = start === NO_TEXT ? start : (texts[pair + 1] ?? start);
      at = writeVarint(to, at, end - start);
      if (end - start <= SHORT_COPY) for (let byte = start; byte < end; byte++) to[at++] = from[byte] ?? 0;
      else at += from.copy(to, at, start, end);
    }
    // Room that is given back was never written, or only by lengths that were written over.
    out.giveBack(first + size - at);
  }
};
