import { type BlockMemory, createBlockMemory } from './block-memory.ts';
import { type ColumnPlan, PLANNED_COLUMNS } from './column-plan.ts';
import { NativeBytes, writeVarint } from './native-bytes.ts';
import { writeLabelPrefix, writeLabels } from './native-labels.ts';
import { writeList } from './native-lists.ts';
import { numberWriter } from './native-numbers.ts';
import { COLUMN_STRIDE, NO_TEXT, type RowSlab } from './row-slab.ts';
import type { EventRowRef } from './row-writer.ts';

/** Rows of one slab, in the order in which they are written. */
export interface SlabRows {
  readonly slab: RowSlab;
  readonly rows: readonly number[];
}

/**
 * One block of ClickHouse's Native format with these rows, each with this batch id: behind
 * `INSERT INTO … (columns of EVENT_COLUMNS) FORMAT Native`. Values that do not fit their column wrap or are clamped, as in
 * RowBinary. Native costs the engine a third of RowBinary (`bench/engine.bench.ts`). Throws a RangeError for a row that was released.
 */
export const nativeBlock = (
  rows: readonly EventRowRef[],
  batchId: bigint,
  memory: BlockMemory = createBlockMemory(),
): readonly Uint8Array[] => {
  const parts = bySlab(rows);
  const out = new NativeBytes(memory);
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
  for (const { slab, index, filling } of rows) {
    if (filling !== slab.filling)
      throw new RangeError('a row of the warehouse was released before it was inserted');
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
          numbers: slab.labels,
          from: plan.place * COLUMN_STRIDE,
          places: rows,
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
  const from = place * COLUMN_STRIDE;
  for (const { slab, rows } of parts) {
    const { numbers } = slab;
    for (const row of rows) {
      const value = numbers[from + row] ?? Number.NaN;
      // What is missing stays zero.
      if (Number.isNaN(value)) {
        if (nullable) bytes[nullAt] = 1;
      } else if (as === 'UInt32') view.setUint32(at, value, true);
      else write(view, at, value);
      nullAt++;
      at += width;
    }
  }
};

/** Pieces up to this length are copied here; a call of `copy` costs as much as some 50 bytes. */
const SHORT_COPY = 48;
/** Bytes of the longest length. */
const LENGTH_BYTES = 5;

const writeTexts = (
  out: NativeBytes,
  { place, nullable }: Extract<ColumnPlan, { kind: 'text' }>,
  parts: readonly SlabRows[],
  count: number,
): void => {
  const from = place * COLUMN_STRIDE;
  if (nullable) {
    let nullAt = out.take(count);
    for (const { slab, rows } of parts)
      for (const row of rows) {
        if (slab.textStarts[from + row] === NO_TEXT) out.bytes[nullAt] = 1;
        nullAt++;
      }
  }
  for (const { slab, rows } of parts) {
    const { textStarts, textEnds } = slab;
    const source = slab.bytes.bytes;
    let size = 0;
    for (const row of rows) {
      const start = textStarts[from + row] ?? NO_TEXT;
      size += start === NO_TEXT ? 1 : (textEnds[from + row] ?? start) - start + LENGTH_BYTES;
    }
    const first = out.take(size);
    const target = out.bytes;
    let at = first;
    for (const row of rows) {
      const start = textStarts[from + row] ?? NO_TEXT;
      const end = start === NO_TEXT ? start : (textEnds[from + row] ?? start);
      at = writeVarint(target, at, end - start);
      if (end - start <= SHORT_COPY)
        for (let byte = start; byte < end; byte++) target[at++] = source[byte] ?? 0;
      else at += source.copy(target, at, start, end);
    }
    // It was never written to.
    out.giveBack(first + size - at);
  }
};
